import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { StateMessage } from '@wattproof/contracts/mqtt';
import { lookedAt, wallClockAt } from './line/wall-clock.ts';

type ClockState = NonNullable<StateMessage['clock']>;

export interface Clock {
  /** Whether the computer's clock is synchronised; null where nobody says. */
  readonly synchronised: () => boolean | null;
  readonly state: () => ClockState;
  readonly stop: () => void;
}

/** What one look at the computer's clock found. */
export interface ClockLook {
  readonly synchronised: boolean | null;
  readonly source: ClockState['source'];
  /** How far the clock is off, where the source says. */
  readonly offset_ms: number | null;
}

const lookPeriod_ms = 300_000;
const stepPeriod_ms = 5000;
const answer_ms = 3000;
const marker = '/run/systemd/timesync/synchronized';

/**
 * `chronyc -c tracking`: fourteen fields, of which the fifth is how far the system clock is off in seconds and the last
 * the leap status. Undefined where it is not of that form.
 */
export function lookOfChrony(line: string): ClockLook | undefined {
  const fields = line.trim().split(',');
  const offset_s = Number(fields[4]);
  const leap = fields.at(-1);
  if (fields.length < 14 || !Number.isFinite(offset_s) || leap === undefined) return undefined;
  return {
    synchronised: leap !== 'Not synchronised',
    source: 'chrony',
    offset_ms: Math.round(offset_s * 1e6) / 1000,
  };
}

/** `timedatectl show --property=NTPSynchronized --value`: what the kernel was told by whoever sets it. */
export function lookOfTimedatectl(line: string): ClockLook | undefined {
  const answer = line.trim();
  if (answer !== 'yes' && answer !== 'no') return undefined;
  return { synchronised: answer === 'yes', source: 'timedatectl', offset_ms: null };
}

const run = promisify(execFile);

async function ask(
  program: string,
  args: readonly string[],
  read: (line: string) => ClockLook | undefined,
): Promise<ClockLook | undefined> {
  try {
    const { stdout } = await run(program, args, { timeout: answer_ms });
    return read(stdout);
  } catch {
    // Not installed, or nothing to tell it by: the next source is asked.
    return undefined;
  }
}

async function look(): Promise<ClockLook> {
  return (
    (await ask('chronyc', ['-c', 'tracking'], lookOfChrony)) ??
    (await ask('timedatectl', ['show', '--property=NTPSynchronized', '--value'], lookOfTimedatectl)) ??
    lookOfMarker()
  );
}

const lookOfMarker = (): ClockLook =>
  existsSync(marker)
    ? { synchronised: true, source: 'timesyncd', offset_ms: null }
    : { synchronised: null, source: 'unknown', offset_ms: null };

/** Watches the computer's clock: who keeps it, how well, and how often it was set while the gateway ran. */
export function watchClock(): Clock {
  let seen = lookOfMarker();
  let wall = wallClockAt(Date.now(), performance.now());
  const refresh = (): void => {
    void look().then((found) => {
      seen = found;
    });
  };
  const compare = (): void => {
    const next = lookedAt(wall, Date.now(), performance.now());
    // Whoever set it has just synchronised it, or broken it.
    if (next.steps > wall.steps) refresh();
    wall = next;
  };
  refresh();
  const timers = [setInterval(refresh, lookPeriod_ms), setInterval(compare, stepPeriod_ms)];
  return {
    synchronised: () => seen.synchronised,
    state: () => ({ source: seen.source, offset_ms: seen.offset_ms, steps: wall.steps }),
    stop: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
