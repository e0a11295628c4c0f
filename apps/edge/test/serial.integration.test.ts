import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { WireReading } from '@wattproof/contracts/mqtt';
import { type Fault, type SerialLine, startLines } from '@wattproof/simulator';
import { socatCommand, unusedPort, waitFor } from '@wattproof/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningLine, runLine } from '../src/line/line.ts';
import { openLink } from '../src/line/modbus-link.ts';
import { meter, serialLine, simulatedMeter, temporaryFolder, testLogger } from './fixture.ts';

let folder: ReturnType<typeof temporaryFolder>;
let gatewayPath: string;
const running: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  gatewayPath = join(folder.path, 'line.gateway');
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
  folder.remove();
});

const simulate = async (
  transport: 'rtu' | 'ascii',
  devices: SerialLine['devices'],
): Promise<Awaited<ReturnType<typeof startLines>>> => {
  const line: SerialLine = {
    id: 'S',
    transport,
    devicePath: join(folder.path, 'line.device'),
    gatewayPath,
    devices,
  };
  const simulation = await startLines([line], { socat: JSON.parse(socatCommand(folder.path)) as string[] });
  running.push(simulation.stop);
  return simulation;
};

const poll = (
  kind: 'rtu' | 'ascii',
  units: readonly number[],
  timeout_ms = 150,
): { readonly line: RunningLine; readonly readings: WireReading[] } => {
  const readings: WireReading[] = [];
  const line = runLine({
    line: serialLine(
      'S',
      kind,
      gatewayPath,
      units.map((unit) => meter(`M${unit}`, unit)),
      timeout_ms,
    ),
    periods: { pollPeriod_s: 1 },
    onReadings: (some) => readings.push(...some),
    logger: testLogger,
  });
  running.push(line.stop);
  return { line, readings };
};
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
const voltages = (readings: readonly WireReading[], key: string): number[] =>
  readings.filter((r) => r.meterKey === key).map((r) => r.values.voltage_l1_n_v ?? Number.NaN);

describe.each(['rtu', 'ascii'] as const)('a serial line, %s', (kind) => {
  it('reads several devices', async () => {
    await simulate(kind, [simulatedMeter(1), simulatedMeter(2), simulatedMeter(200)]);
    // A machine busy with other tests answers late: not what is asked here.
    const { line, readings } = poll(kind, [1, 2, 200], 2000);
    await waitFor(() => voltages(readings, 'M200').length >= 2);
    expect(voltages(readings, 'M1')[0]).toBe(201);
    expect(voltages(readings, 'M200')[0]).toBe(400);
    expect(line.state()).toMatchObject({ state: 'running', timeouts: 0, exceptions: 0 });
  });

  it('never takes a late reply for the answer to a later request', async () => {
    // The first request of each twelve is answered long after its timeout (150 ms and the time on the wire) and after the
    // 300 ms of silence that follow, just while the second one waits for its own, slow but timely, answer.
    let requests = 0;
    const every = (n: number) => (): boolean => requests % 12 === n;
    const counting: Fault = { kind: 'silent', when: () => ++requests < 0 };
    const faults: Fault[] = [
      counting,
      { kind: 'late', delay_ms: kind === 'rtu' ? 560 : 590, when: every(1) },
      { kind: 'late', delay_ms: 130, when: every(2) },
    ];
    await simulate(kind, [simulatedMeter(1, { faults }), simulatedMeter(2)]);
    const { line, readings } = poll(kind, [1, 2]);
    await waitFor(() => line.state().timeouts >= 3 && voltages(readings, 'M1').length >= 5, {
      timeout_s: 90,
    });
    for (const { meterKey, at_ms, skew_ms, values } of readings) {
      expect(values.voltage_l1_n_v).toBe(meterKey === 'M1' ? 201 : 202);
      expect(values.power_factor).toBe(0.9);
      // The energy shows the instant at which the device answered.
      const shown_ms = (values.active_energy_import_wh ?? Number.NaN) - (at_ms % 1_000_000_000);
      expect(shown_ms).toBeGreaterThan(-150);
      expect(shown_ms).toBeLessThan(150 + skew_ms);
    }
  }, 120_000);

  it('drops replies whose check is wrong', async () => {
    let requests = 0;
    const fault: Fault = { kind: 'wrongCheck', when: () => ++requests % 3 === 1 };
    await simulate(kind, [simulatedMeter(1, { faults: [fault] })]);
    const { line, readings } = poll(kind, [1]);
    await waitFor(() => voltages(readings, 'M1').length >= 2, { timeout_s: 20 });
    expect(line.state().timeouts).toBeGreaterThan(0);
    for (const voltage of voltages(readings, 'M1')) expect(voltage).toBe(201);
  });

  it('notices that the cable is gone and takes it up again', async () => {
    const first = await simulate(kind, [simulatedMeter(1)]);
    const { line, readings } = poll(kind, [1]);
    await waitFor(() => voltages(readings, 'M1').length >= 1);
    await first.stop();
    await waitFor(() => line.state().state !== 'running', { timeout_s: 10 });
    const before = readings.length;
    await simulate(kind, [simulatedMeter(1)]);
    await waitFor(() => readings.length > before + 1, { timeout_s: 40 });
  });
});

describe('a dead device', () => {
  it('does not stall the others: they keep every reading, and the loss stays small', async () => {
    const dead = [4, 5, 6].map((unit) => simulatedMeter(unit, { faults: [{ kind: 'silent' }] }));
    await simulate('rtu', [simulatedMeter(1), ...dead, simulatedMeter(7)]);
    const { line, readings } = poll('rtu', [1, 4, 5, 6, 7], 100);
    await waitFor(() => line.state().meters.filter((m) => m.silent).length === 3, { timeout_s: 20 });
    const timeouts = line.state().timeouts;
    const before = voltages(readings, 'M7').length;
    await waitFor(() => voltages(readings, 'M7').length >= before + 10, { timeout_s: 20 });
    const times = readings
      .filter((r) => r.meterKey === 'M7')
      .slice(-10)
      .map((r) => r.at_ms);
    const pauses = times.slice(1).map((at_ms, i) => at_ms - (times[i] ?? 0));
    // Ten readings in ten seconds; one boundary may be missed, or several be late, by a machine that is busy otherwise.
    const span_ms = pauses.reduce((sum, pause_ms) => sum + pause_ms, 0);
    expect(span_ms).toBeLessThan(11_000);
    expect(Math.max(...pauses)).toBeLessThan(2_500);
    // Nor more than one for each second, the first as late as a pause allows.
    expect(span_ms).toBeGreaterThan(7_500);
    // Asked at every poll, three dead devices would time out thirty times; probes within the budget are a few.
    expect(line.state().timeouts - timeouts).toBeLessThanOrEqual(8);
    expect(readings.every((r) => ['M1', 'M7'].includes(r.meterKey))).toBe(true);
  });

  it('is read again when it comes back', async () => {
    const back_ms = Date.now() + 4000;
    await simulate('rtu', [
      simulatedMeter(1, { faults: [{ kind: 'silent', when: { to_ms: back_ms } }] }),
      simulatedMeter(2),
    ]);
    const { line, readings } = poll('rtu', [1, 2], 100);
    await waitFor(() => line.state().meters[0]?.silent);
    await waitFor(() => voltages(readings, 'M1').length >= 2, { timeout_s: 30 });
    expect(line.state().meters[0]?.silent).toBe(false);
  });
});

describe('a converter that passes RTU frames over TCP', () => {
  it('is read like the line behind it, and taken up again when it drops the connection', async () => {
    await simulate('rtu', [simulatedMeter(1), simulatedMeter(2)]);
    const port = await unusedPort();
    // socat is the converter: bytes in, bytes out, no transaction numbers.
    const [program = '', ...prefix] = JSON.parse(socatCommand(folder.path)) as string[];
    const startConverter = async (): Promise<ChildProcess> => {
      const listen = `tcp-listen:${port},bind=127.0.0.1,reuseaddr,fork`;
      const converter = spawn(program, [...prefix, listen, `file:${gatewayPath},raw,echo=0`], {
        stdio: 'inherit',
      });
      running.push(() => stopChild(converter));
      return converter;
    };
    const first = await startConverter();
    const readings: WireReading[] = [];
    const meters = [meter('M1', 1), meter('M2', 2)];
    const line = runLine({
      line: { key: 'C', transport: { kind: 'rtuOverTcp', host: '127.0.0.1', port }, timeout_ms: 300, meters },
      periods: { pollPeriod_s: 1 },
      onReadings: (some) => readings.push(...some),
      logger: testLogger,
    });
    running.push(line.stop);
    await waitFor(() => voltages(readings, 'M2').length >= 2, { timeout_s: 20 });
    expect(voltages(readings, 'M1')[0]).toBe(201);
    await stopChild(first);
    await waitFor(() => line.state().state !== 'running', { timeout_s: 20 });
    await startConverter();
    const before = readings.length;
    await waitFor(() => readings.length > before + 2, { timeout_s: 40 });
  });
});

describe('openLink', () => {
  it('refuses in time where there is no port', async () => {
    const { transport } = serialLine('S', 'rtu', join(folder.path, 'nothing'), []);
    await expect(openLink(transport)).rejects.toThrow(/nothing/);
  });
});
