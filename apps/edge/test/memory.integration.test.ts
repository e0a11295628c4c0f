import type { WireReading } from '@wattproof/contracts/mqtt';
import { type SimulatedDevice, startLines } from '@wattproof/simulator';
import { enrolTestGateway, unusedPort, waitFor } from '@wattproof/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { startGateway } from '../src/gateway.ts';
import { type RunningLine, runLine } from '../src/line/line.ts';
import { configuration, meter, startFile, tcpLine, temporaryFolder, testLogger } from './fixture.ts';
import { startWitness } from './witness.ts';

const running: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

const interval_s = 2;
const profileId = 'control-unit-memory';
/** Ten watt-hours every millisecond, so that no two instants show the same index. */
const energyAt_wh = (at_ms: number): number => 10 * (at_ms % 100_000_000);
const since_ms = Date.now() - 600_000;

const unit = (more: Partial<SimulatedDevice> = {}): SimulatedDevice => ({
  unit: 1,
  profileId,
  settings: {},
  values: (at_ms) => ({
    voltage_l1_n_v: 230,
    active_energy_import_wh: energyAt_wh(at_ms),
    reactive_energy_import_varh: 0,
    active_energy_export_wh: 0,
  }),
  memory: { since_ms, interval_s },
  ...more,
});

async function serve(port: number, device: SimulatedDevice): Promise<() => Promise<void>> {
  const simulation = await startLines([{ id: 'A', transport: 'tcp', port, devices: [device] }]);
  running.push(simulation.stop);
  return simulation.stop;
}

/** Ends of the intervals strictly between two instants. */
const boundaries = (from_ms: number, to_ms: number): number[] => {
  const list: number[] = [];
  for (
    let at = (Math.floor(from_ms / 1000 / interval_s) + 1) * 1000 * interval_s;
    at < to_ms;
    at += 1000 * interval_s
  )
    list.push(at);
  return list;
};

interface Watched {
  readonly live: WireReading[];
  readonly fetched: WireReading[];
  readonly line: RunningLine;
}

function watch(port: number): Watched {
  const live: WireReading[] = [];
  const fetched: WireReading[] = [];
  const line = runLine({
    line: tcpLine('A', port, [meter('M1', 1, profileId)]),
    periods: { pollPeriod_s: 0.5 },
    onReadings: (some) => live.push(...some),
    memorySink: {
      accept: (some) => fetched.push(...some),
      oldest_ms: () => 0,
    },
    logger: testLogger,
  });
  running.push(line.stop);
  return { live, fetched, line };
}

/** A line that is read, away for some intervals, and read again. */
async function outage(
  before: SimulatedDevice,
  afterOutage: () => SimulatedDevice = () => before,
): Promise<Watched & { readonly gap: readonly [number, number] }> {
  const port = await unusedPort();
  const stop = await serve(port, before);
  const watched = watch(port);
  const { live, line } = watched;
  await waitFor(() => live.length >= 3, { timeout_s: 30 });
  await stop();
  await waitFor(() => line.state().state !== 'running', { timeout_s: 30 });
  const count = live.length;
  const last_ms = live.at(-1)?.at_ms ?? 0;
  await waitFor(() => Date.now() > last_ms + 4000 * interval_s, { timeout_s: 30 });
  await serve(port, afterOutage());
  const first = await waitFor(() => live[count], { timeout_s: 60 });
  return { ...watched, gap: [last_ms, first.at_ms] };
}

/** Instants of readings between two others, in order. */
const instants = (readings: readonly WireReading[], [from_ms, to_ms]: readonly [number, number]): number[] =>
  readings
    .map((r) => r.at_ms)
    .filter((at_ms) => at_ms > from_ms && at_ms < to_ms)
    .toSorted((a, b) => a - b);

describe.concurrent('a device with a memory of its own', () => {
  it('is asked for what it kept while its line was away: its own instants, its own values, each once', async () => {
    const { live, fetched, line, gap } = await outage(unit());
    const expected = boundaries(...gap);
    expect(expected.length).toBeGreaterThanOrEqual(3);
    await waitFor(() => line.state().meters[0]?.memory?.pending === false, { timeout_s: 30 });
    expect(instants(fetched, gap)).toEqual(expected);
    for (const { at_ms, values, quality } of fetched)
      expect([values.active_energy_import_wh, quality]).toEqual([energyAt_wh(at_ms), 'good']);
    const stamps = [...live, ...fetched].map((r) => r.at_ms);
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  it('gives nothing while its clock is wrong, which is said', async () => {
    const { fetched, line } = await outage(unit({ memory: { since_ms, interval_s, clockAhead_s: 7200 } }));
    await waitFor(() => line.state().meters[0]?.memory?.fault === 'clock', { timeout_s: 30 });
    expect(fetched).toEqual([]);
  });

  it('gives nothing that is older than a setting of its clock', async () => {
    let set_ms = 0;
    const { fetched, line, gap } = await outage(unit(), () => {
      set_ms = Date.now() - 3000 * interval_s;
      return unit({ memory: { since_ms, interval_s, clockSetAt_ms: [set_ms] } });
    });
    await waitFor(() => line.state().meters[0]?.memory?.fault === 'clockSet', { timeout_s: 30 });
    expect(instants(fetched, gap)).toEqual(boundaries(set_ms, gap[1]));
  });

  it('may refuse: that is said, and it is read as before', async () => {
    const refusing = unit({
      faults: [{ kind: 'exception', code: 2, when: (_, { address }) => address >= 0x1300 }],
    });
    const { live, line } = await outage(refusing);
    await waitFor(() => line.state().meters[0]?.memory?.fault === 'refused', { timeout_s: 30 });
    const count = live.length;
    await waitFor(() => live.length > count + 2, { timeout_s: 30 });
  });

  it('is asked again for what could not be stored', async () => {
    const port = await unusedPort();
    await serve(port, unit());
    const first = watch(port);
    await waitFor(() => first.live.length >= 3, { timeout_s: 30 });
    await first.line.stop();
    const memory = first.line.learned();
    let refused = 0;
    await waitFor(() => Date.now() > (first.live.at(-1)?.at_ms ?? 0) + 3000 * interval_s, { timeout_s: 30 });
    const line = runLine({
      line: tcpLine('A', port, [meter('M1', 1, profileId)]),
      periods: { pollPeriod_s: 0.5 },
      memory,
      onReadings: () => undefined,
      memorySink: {
        accept: () => {
          refused++;
          throw new Error('no room');
        },
        oldest_ms: () => 0,
      },
      logger: testLogger,
    });
    running.push(line.stop);
    await waitFor(() => refused > 0, { timeout_s: 30 });
    expect(line.state().meters[0]?.memory).toMatchObject({ fetched: 0, pending: true });
    expect(line.learned()[0]?.missing).toBeDefined();
  });

  it('fills back what it kept while the gateway was away, behind what is live', async () => {
    const gateway = await enrolTestGateway();
    running.push(gateway.remove);
    const witness = await startWitness(gateway);
    running.push(witness.stop);
    const folder = temporaryFolder();
    running.push(async () => folder.remove());
    const port = await unusedPort();
    await serve(port, unit());
    const file = startFile(
      gateway,
      folder.path,
      configuration([tcpLine('A', port, [meter('M1', 1, profileId)])]),
    );
    const before = startGateway(file, testLogger);
    await waitFor(() => witness.readings.length >= 3, { timeout_s: 30 });
    await before.stop();
    const last_ms = Math.max(...witness.readings.map((r) => r.at_ms));
    const count = witness.readings.length;
    await waitFor(() => Date.now() > last_ms + 4000 * interval_s, { timeout_s: 30 });
    const after = startGateway(file, testLogger);
    running.push(after.stop);
    await waitFor(() => witness.positions.some((p) => p.lane === 'backfill'), { timeout_s: 30 });
    const live = (): WireReading[] =>
      witness.readings.slice(count).filter((r) => r.values.voltage_l1_n_v !== undefined);
    // A machine that pauses may let the first poll time out: then the memory is read before anything live.
    await waitFor(() => live().length > 0, { timeout_s: 30 });
    const first_ms = Math.min(...live().map((r) => r.at_ms));
    const kept = (): WireReading[] =>
      witness.readings.slice(count).filter((r) => r.at_ms > last_ms && r.at_ms < first_ms);
    const expected = boundaries(last_ms, first_ms);
    await waitFor(() => kept().length >= expected.length, { timeout_s: 30 });
    expect(
      kept()
        .map((r) => r.at_ms)
        .toSorted((a, b) => a - b),
    ).toEqual(expected);
    expect(witness.positions[0]?.lane).toBe('live');
  });
});
