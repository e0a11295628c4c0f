import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayConfiguration, StateMessage, WireReading } from '@wattproof/contracts/mqtt';
import type { Logger } from '@wattproof/runtime';
import { backOff_ms } from '../back-off.ts';
import { earned, isOpen, openBudget } from './breaker.ts';
import { type Device, devicesOf } from './device.ts';
import { type ModbusLink, openLink } from './modbus-link.ts';
import { type LineWork, pollDevice } from './poll-device.ts';

export type LineConfiguration = GatewayConfiguration['lines'][number];
export type LineState = NonNullable<StateMessage['lines']>[number];

export interface LineOptions {
  readonly line: LineConfiguration;
  readonly pollPeriod_ms: number;
  readonly onReadings: (readings: readonly WireReading[]) => void;
  /** Called when the line or one of its devices comes or goes. */
  readonly onChange?: () => void;
  readonly logger: Logger;
}

export interface RunningLine {
  /** What the state message says of this line; `busyShare` is since the last call. */
  readonly state: () => LineState;
  readonly stop: () => Promise<void>;
}

const reconnection = { first_ms: 1000, longest_ms: 30_000 };
/** A connection on which nobody has answered for this long is made anew: it may be half open. */
const mute_ms = 60_000;
/** Failed attempts after which a line counts as down. */
const downAfter = 3;

/** Next wall-clock boundary of a period, after `now_ms`: gateways and lines read at the same instants. */
export const nextBoundary_ms = (now_ms: number, period_ms: number): number =>
  (Math.floor(now_ms / period_ms) + 1) * period_ms;

/** Reads a line's devices for ever, once a period, through the only connection to it. */
export function runLine({ line, pollPeriod_ms, onReadings, onChange, logger }: LineOptions): RunningLine {
  const stopping = new AbortController();
  const devices = devicesOf(line.meters);
  const counters = { requests: 0, timeouts: 0, exceptions: 0, busy_ms: 0 };
  const report = { at_ms: performance.now(), busy_ms: 0 };
  let state: LineState['state'] = 'reconnecting';
  let lastAnswerAt_ms: number | undefined;
  let current: ModbusLink | undefined;

  const connectAndPoll = async (): Promise<void> => {
    const link = await openLink(line.transport);
    current = link;
    logger.info({ line: line.key }, 'line open');
    state = 'running';
    onChange?.();
    const opened_ms = Date.now();
    const work: LineWork = {
      link,
      transport: line.transport,
      timeout_ms: line.timeout_ms,
      counters,
      budget: openBudget(Date.now()),
      lastExchange: undefined,
      lastAnswerAt_ms: undefined,
    };
    try {
      while (!stopping.signal.aborted) {
        const now_ms = Date.now();
        await pause(nextBoundary_ms(now_ms, pollPeriod_ms) - now_ms, undefined, { signal: stopping.signal });
        const lost = await cycle(work);
        lastAnswerAt_ms = work.lastAnswerAt_ms ?? lastAnswerAt_ms;
        if (lost) throw new Error(link.lost() ?? 'the connection is gone');
        const silence_ms = Date.now() - Math.max(opened_ms, work.lastAnswerAt_ms ?? 0);
        if (devices.length > 0 && silence_ms > Math.max(mute_ms, 3 * pollPeriod_ms))
          throw new Error(`nobody has answered for ${Math.round(silence_ms / 1000)} s`);
      }
    } finally {
      await link.close();
    }
  };

  const cycle = async (work: LineWork): Promise<boolean> => {
    for (const device of devices) {
      if (stopping.signal.aborted) return false;
      work.budget = earned(work.budget, Date.now());
      const wasOpen = isOpen(device.breaker);
      const outcome = await pollDevice(work, device);
      if (isOpen(device.breaker) !== wasOpen) {
        logChange(logger, line.key, device);
        onChange?.();
      }
      if (outcome.lost) return true;
      if (outcome.readings.length > 0) onReadings(outcome.readings);
    }
    return false;
  };

  const run = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const answered_ms = lastAnswerAt_ms;
      try {
        await connectAndPoll();
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (lastAnswerAt_ms !== answered_ms) attempt = 0;
        state = attempt >= downAfter ? 'down' : 'reconnecting';
        onChange?.();
        const wait_ms = Math.round(backOff_ms(attempt, reconnection));
        logger.warn({ line: line.key, reason: (error as Error).message, wait_ms }, 'line lost');
        await pause(wait_ms, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  const finished = run();
  return {
    state: () => {
      const now_ms = performance.now();
      const busyShare = (counters.busy_ms - report.busy_ms) / Math.max(1, now_ms - report.at_ms);
      Object.assign(report, { at_ms: now_ms, busy_ms: counters.busy_ms });
      return {
        key: line.key,
        state,
        lastExchangeAt: iso(lastAnswerAt_ms),
        requests: counters.requests,
        timeouts: counters.timeouts,
        exceptions: counters.exceptions,
        busyShare: Math.min(1, Math.round(busyShare * 1000) / 1000),
        meters: devices.flatMap((device) =>
          device.meters.map((meter) => ({
            key: meter.key,
            lastReadAt: iso(device.lastReadAt_ms),
            silent: isOpen(device.breaker),
            timeouts: device.timeouts,
          })),
        ),
      };
    },
    stop: async () => {
      stopping.abort();
      // A request under way ends at once instead of after its timeout.
      await current?.close();
      await finished;
    },
  };
}

const iso = (at_ms: number | undefined): string | null =>
  at_ms === undefined ? null : new Date(at_ms).toISOString();

function logChange(logger: Logger, line: string, device: Device): void {
  const meters = device.meters.map((m) => m.key);
  if (isOpen(device.breaker))
    logger.warn({ line, unit: device.unit, meters }, 'device does not answer; it is probed from now on');
  else logger.info({ line, unit: device.unit, meters }, 'device answers again');
}
