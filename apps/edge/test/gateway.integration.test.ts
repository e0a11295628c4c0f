import type { WireReading } from '@wattproof/contracts/mqtt';
import { startLines } from '@wattproof/simulator';
import { enrolTestGateway, type TestGateway, waitFor } from '@wattproof/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../src/gateway.ts';
import { openOutbox } from '../src/outbox/outbox.ts';
import {
  configuration,
  meter,
  simulatedMeter,
  startFile,
  tcpLine,
  temporaryFolder,
  testLogger,
} from './fixture.ts';
import { startWitness, type Witness } from './witness.ts';

let gateway: TestGateway;
let witness: Witness;
let folder: ReturnType<typeof temporaryFolder>;
const running: (() => Promise<void>)[] = [];

beforeEach(async () => {
  gateway = await enrolTestGateway();
  witness = await startWitness(gateway);
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
  await witness.stop();
  await gateway.remove();
  folder.remove();
});

const simulate = async (...lines: Parameters<typeof startLines>[0]): Promise<number[]> => {
  const simulation = await startLines(lines);
  running.push(simulation.stop);
  return simulation.lines.map((line) => line.port ?? 0);
};
const run = (start: Parameters<typeof startGateway>[0]): ReturnType<typeof startGateway> => {
  const started = startGateway(start, testLogger);
  running.push(started.stop);
  return started;
};
const of = (key: string): WireReading[] => witness.readings.filter((r) => r.meterKey === key);

describe('a gateway between real Modbus TCP and a real broker', () => {
  it('delivers what its meters show, stamped when it was read', async () => {
    const [port = 0] = await simulate({
      id: 'A',
      transport: 'tcp',
      port: 0,
      devices: [simulatedMeter(1), simulatedMeter(2)],
    });
    run(
      startFile(gateway, folder.path, configuration([tcpLine('A', port, [meter('M1', 1), meter('M2', 2)])])),
    );
    await waitFor(() => of('M2').length >= 3);
    const [first, second] = of('M2');
    expect(first?.values).toMatchObject({ voltage_l1_n_v: 202, active_power_w: 2000, power_factor: 0.9 });
    expect(first?.quality).toBe('good');
    expect(first?.exceptions).toEqual({});
    for (const reading of of('M1')) {
      // The energy counter shows the instant at which the device answered, in steps of 10 Wh = 10 ms.
      const shown_ms = reading.values.active_energy_import_wh ?? 0;
      expect(Math.abs((reading.at_ms % 1_000_000_000) - shown_ms)).toBeLessThan(300);
    }
    // One reading a poll: the next belongs to a later second.
    expect(Math.floor((second?.at_ms ?? 0) / 1000)).toBeGreaterThan(Math.floor((first?.at_ms ?? 0) / 1000));
    await waitFor(() => witness.states.some((s) => s.lines?.[0]?.state === 'running'), { timeout_s: 35 });
  });

  it('reads a concentrator once and delivers its inputs as meters', async () => {
    const input = (number: number, litres: number) => ({
      ...simulatedMeter(9),
      profileId: 'legrand-concentrator',
      settings: { input: number, pulse_weight: 10 },
      values: () => ({ volume_l: litres }),
    });
    const [port = 0] = await simulate({
      id: 'A',
      transport: 'tcp',
      port: 0,
      devices: [input(1, 120), input(7, 990)],
    });
    const meters = [1, 7].map((n) =>
      meter(`W${n}`, 9, 'legrand-concentrator', { input: n, pulse_weight: 10 }),
    );
    run(startFile(gateway, folder.path, configuration([tcpLine('A', port, meters)])));
    await waitFor(() => of('W7').length >= 2 && of('W1').length >= 2);
    expect(of('W1')[0]?.values).toEqual({ volume_l: 120 });
    expect(of('W7')[0]?.values).toEqual({ volume_l: 990 });
    expect(of('W1')[0]?.at_ms).toBe(of('W7')[0]?.at_ms);
  });

  it('finds out which value a device refuses, and reads all others', async () => {
    // The device has no partial energy (200Ch): every request that touches it is refused.
    const touches = (_: number, { address, count }: { address: number; count: number }): boolean =>
      address < 0x200e && address + count > 0x200c;
    const device = simulatedMeter(1, { faults: [{ kind: 'exception', code: 2, when: touches }] });
    const [port = 0] = await simulate({ id: 'A', transport: 'tcp', port: 0, devices: [device] });
    run(startFile(gateway, folder.path, configuration([tcpLine('A', port, [meter('M1', 1)])])));
    const complete = await waitFor(() => of('M1').find((r) => Object.keys(r.values).length === 6), {
      timeout_s: 20,
    });
    expect(complete.values.operating_time_s).toBe(3600);
    expect(complete.exceptions).toEqual({ active_energy_partial_wh: 'exception' });
  });

  it('counts a device as silent when the converter answers for it', async () => {
    const [port = 0] = await simulate({ id: 'A', transport: 'tcp', port: 0, devices: [simulatedMeter(1)] });
    run(
      startFile(gateway, folder.path, configuration([tcpLine('A', port, [meter('M1', 1), meter('M9', 9)])])),
    );
    await waitFor(() => of('M1').length >= 2);
    expect(of('M9')).toEqual([]);
    const silent = await waitFor(
      () => witness.states.at(-1)?.lines?.[0]?.meters.find((m) => m.key === 'M9')?.silent,
      {
        timeout_s: 35,
      },
    );
    expect(silent).toBe(true);
  });

  it('keeps everything that is not acknowledged, sends it again, and deletes it on the mark', async () => {
    const [port = 0] = await simulate({ id: 'A', transport: 'tcp', port: 0, devices: [simulatedMeter(1)] });
    const start = startFile(gateway, folder.path, configuration([tcpLine('A', port, [meter('M1', 1)])]));
    witness.acknowledging = false;
    const first = run(start);
    await waitFor(() => witness.positions.length >= 3);
    await first.stop();
    const held = openOutbox(folder.path);
    expect(held.batchesAfter('live', 0, 100).map((b) => b.seq)).toEqual(
      witness.positions.map((p) => p.seq).toSorted((a, b) => a - b),
    );
    held.close();
    const seen = witness.positions.length;
    witness.acknowledging = true;
    const second = run(start);
    await waitFor(() => witness.positions.length > seen + 4);
    expect(witness.positions[seen]?.seq).toBe(1);
    expect(new Set(witness.positions.map((p) => p.boot)).size).toBe(1);
    await second.stop();
    const after = openOutbox(folder.path);
    expect(after.unacknowledged('live')).toBeLessThanOrEqual(1);
    after.close();
  });

  it('applies a newer configuration, refuses an unusable one, and keeps it over a restart', async () => {
    const [port = 0] = await simulate({
      id: 'A',
      transport: 'tcp',
      port: 0,
      devices: [simulatedMeter(1), simulatedMeter(2)],
    });
    const start = startFile(gateway, folder.path, configuration([tcpLine('A', port, [meter('M1', 1)])]));
    const first = run(start);
    await waitFor(() => of('M1').length >= 1);
    await witness.send(
      'config',
      configuration([tcpLine('A', port, [meter('X', 1, 'no-such-profile')])], 2),
      true,
    );
    await witness.send(
      'config',
      configuration([tcpLine('A', port, [meter('M1', 1), meter('M2', 2)])], 3),
      true,
    );
    await waitFor(() => of('M2').length >= 2);
    expect(of('X')).toEqual([]);
    await waitFor(() => witness.states.some((s) => s.configVersion === 3));
    await first.stop();
    const seen = of('M2').length;
    run(start);
    await waitFor(() => of('M2').length >= seen + 2);
  });

  it('publishes an older schema again for whoever asks', async () => {
    const [port = 0] = await simulate({ id: 'A', transport: 'tcp', port: 0, devices: [simulatedMeter(1)] });
    run(startFile(gateway, folder.path, configuration([tcpLine('A', port, [meter('M1', 1)])])));
    const hash = await waitFor(() => [...witness.schemas.keys()][0]);
    (witness.schemas as Map<string, Uint8Array>).delete(hash);
    await witness.send('request', { kind: 'schema', hash });
    await waitFor(() => witness.schemas.has(hash));
  });

  it('says that it is gone, when it stops', async () => {
    const started = run(startFile(gateway, folder.path, configuration([])));
    await waitFor(() => witness.states.some((s) => s.online));
    await started.stop();
    await waitFor(() => witness.states.at(-1)?.online === false);
  });
});
