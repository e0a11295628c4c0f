import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningLine, runLine } from '@wattproof/edge/line';
import { createLogger } from '@wattproof/runtime';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { statePaths } from '../infra/paths.ts';
import { provideSocat } from '../infra/services/socat.ts';
import { flag, median, rounded } from './figures/measure.ts';
import type { SlavesOrder } from './line/slaves.ts';
import { deadUnits, formatOf, profile, slaveCount, theoreticalCycle_ms } from './line/work.ts';

const bauds = [19_200, 9600] as const;
/** The slower one: less slack for what dead devices cost. */
const baudWithDead = 9600;
const period_s = 10;
/** Shorter than any exchange: every device is always due, and the line never rests. */
const saturating_s = 0.001;

/**
 * 32 devices × 62 words on serial lines whose characters take their time: how near a full cycle comes to what the wire
 * allows, and what the others lose by three dead devices. The three lines run side by side, each other end in a process of
 * its own; all times are wall-clock.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const cycles = flag(context.flags, '--cycles', 7);
  const minutes = flag(context.flags, '--minutes', 5);
  const state = statePaths('bench');
  mkdirSync(state.serial, { recursive: true });
  const socat = await provideSocat(state, process.env, context.log, new AbortController().signal);
  const slaves: ChildProcess[] = [];
  const connect = async (name: string, baud: number, dead: readonly number[]): Promise<string> => {
    const [devicePath, gatewayPath] = [join(state.serial, `${name}.device`), join(state.serial, name)];
    const order: SlavesOrder = { devicePath, gatewayPath, baud, dead, socat };
    const child = fork(join(import.meta.dirname, 'line/slaves.ts'), [JSON.stringify(order)]);
    slaves.push(child);
    await once(child, 'message');
    return gatewayPath;
  };
  try {
    const measured = await Promise.all([
      ...bauds.map(async (baud) => cyclesOf(await connect(`full-${baud}`, baud, []), baud, cycles)),
      connect('dead', baudWithDead, deadUnits).then((path) => withDead(path, minutes)),
    ]);
    const [fast, slow, dead] = measured as [Cycles, Cycles, Loss];
    context.log(
      `19 200: ${Math.round(fast.cycle_ms)} of ${Math.round(fast.theoretical_ms)} ms; 9600: ${Math.round(slow.cycle_ms)} of ${Math.round(slow.theoretical_ms)} ms`,
    );
    return {
      cycle_ratio_19200: rounded(fast.cycle_ms / fast.theoretical_ms),
      cycle_ratio_9600: rounded(slow.cycle_ms / slow.theoretical_ms),
      loss_with_dead_slaves: rounded(1 - dead.readings / dead.expected),
      dead_readings: dead.readings,
      dead_expected: dead.expected,
      cycle_ms_19200: rounded(fast.cycle_ms),
      cycle_ms_9600: rounded(slow.cycle_ms),
      timeouts_without_dead: fast.timeouts + slow.timeouts,
      cycles,
    };
  } finally {
    for (const child of slaves) child.kill('SIGTERM');
  }
}

interface Cycles {
  readonly cycle_ms: number;
  readonly theoretical_ms: number;
  readonly timeouts: number;
}

const lineAt = (
  path: string,
  baud: number,
  pollPeriod_s: number,
  onReading: (unit: number) => void,
): RunningLine => {
  const { parity, stopBits } = formatOf(baud);
  return runLine({
    line: {
      key: path,
      transport: { kind: 'rtu', path, baud, parity, stopBits, dataBits: 8 },
      timeout_ms: 300,
      meters: Array.from({ length: slaveCount }, (_, i) => ({
        key: String(i + 1),
        unit: i + 1,
        profileId: profile.id,
        settings: {},
      })),
    },
    periods: { pollPeriod_s },
    findProfile: () => profile,
    onReadings: (readings) => {
      for (const { meterKey, values } of readings) {
        if (values.active_power_w !== 999 + Number(meterKey))
          throw new Error(`device ${meterKey} was read as ${values.active_power_w}`);
        onReading(Number(meterKey));
      }
    },
    logger: createLogger('bench', 'fatal'),
  });
};

/** Full cycles of a line that never rests: from a reading of its first device to the next. The first one is not counted. */
async function cyclesOf(path: string, baud: number, cycles: number): Promise<Cycles> {
  const instants_ms: number[] = [];
  let enough = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const line = lineAt(path, baud, saturating_s, (unit) => {
    if (unit === 1) instants_ms.push(performance.now());
    if (instants_ms.length > cycles + 1) enough();
  });
  await done;
  const { timeouts } = line.state();
  await line.stop();
  const lengths = instants_ms.slice(2).map((at, i) => at - (instants_ms[i + 1] as number));
  return { cycle_ms: median(lengths), theoretical_ms: theoreticalCycle_ms(baud), timeouts };
}

interface Loss {
  readonly readings: number;
  readonly expected: number;
}

/** Readings of the living over some minutes from the start on, one each on every boundary of the period. */
async function withDead(path: string, minutes: number): Promise<Loss> {
  const alive = slaveCount - deadUnits.length;
  const periods = (minutes * 60) / period_s;
  const first_ms = (Math.floor(Date.now() / (1000 * period_s)) + 1) * 1000 * period_s;
  const seen = new Set<string>();
  const line = lineAt(path, baudWithDead, period_s, (unit) => {
    const number = Math.floor((Date.now() - first_ms) / (1000 * period_s));
    if (number >= 0 && number < periods) seen.add(`${unit} ${number}`);
  });
  await delay(first_ms + 1000 * period_s * periods - Date.now());
  await line.stop();
  return { readings: seen.size, expected: alive * periods };
}
