import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayConfiguration, StateMessage, WireReading } from '@wattproof/contracts/mqtt';
import { lineCost_words, type ProfileFinder } from '@wattproof/devices';
import type { Logger } from '@wattproof/runtime';
import { backOff_ms } from '../back-off.ts';
import { earned, isOpen, openBudget } from './breaker.ts';
import { type Device, devicesOf, type StandardPeriods } from './device.ts';
import type { ExchangeMemory } from './late-reply.ts';
import { type LineMemory, learnedOf, recall } from './line-memory.ts';
import { askMemory, type MemorySink, nextMemory } from './memory-reading.ts';
import { type LineTransport, type ModbusLink, openLink } from './modbus-link.ts';
import { type LineWork, pollDevice } from './poll-device.ts';
import { finishTurn, nextRelease_ms, nextTurn, releaseAll, type Turn } from './poll-order.ts';
import { type QuestionQueue, questionQueue } from './question.ts';
import { refusedNow } from './refusal.ts';
import { type TimeoutLimits, timeoutOf_ms } from './round-trip.ts';
import { lookedAt, wallClockAt } from './wall-clock.ts';

export type LineConfiguration = GatewayConfiguration['lines'][number];
export type LineState = NonNullable<StateMessage['lines']>[number];

export interface LineOptions {
  readonly line: LineConfiguration;
  readonly periods: StandardPeriods;
  readonly onReadings: (readings: readonly WireReading[]) => void;
  /** Called when nothing more is to be read for now. */
  readonly onRest?: () => void;
  /** Called when the line or one of its devices comes or goes. */
  readonly onChange?: () => void;
  readonly logger: Logger;
  readonly findProfile?: ProfileFinder;
  /** What an earlier run learnt of this line. */
  readonly memory?: LineMemory;
  /** Where what devices kept of an outage goes; without it their memories are not read. */
  readonly memorySink?: MemorySink;
}

export interface RunningLine {
  readonly key: string;
  /** What the state message says of this line; `busyShare` and `lostShare` are since the last call. */
  readonly state: () => LineState;
  /** When each meter was last read, by key; what was never read is not in it. */
  readonly lastReads: () => ReadonlyMap<string, number>;
  /** Asks something that is not in the schedule. */
  readonly ask: QuestionQueue['ask'];
  /** What is worth knowing at the next start. */
  readonly learned: () => LineMemory;
  readonly stop: () => Promise<void>;
}

const reconnection = { first_ms: 1000, longest_ms: 30_000 };
/**
 * A connection on which nobody has said anything for so long is made anew, though it seems open: the cable of a converter
 * may be out, or a serial adapter hang. Doubled while that does not help: all devices may be off.
 */
const mute_ms = { network: 10_000, serial: 60_000, longest: 600_000 } as const;
/** Requests that must have gone unanswered in that time. */
const muteRequests = 3;
/** Failed attempts after which a line counts as down. */
const downAfter = 3;
/** The clock is looked at this often while nothing is due. */
const longestPause_ms = 1000;
const longestTimeout_ms = 3000;
const shortestTimeout_ms = 200;

const isNetwork = (transport: LineTransport): boolean =>
  transport.kind === 'tcp' || transport.kind === 'rtuOverTcp';

/** A converter waits for its devices by its own timer: behind one, the configured wait is the shortest. */
const timeoutLimits = ({ transport, timeout_ms }: LineConfiguration): TimeoutLimits => ({
  first_ms: timeout_ms,
  shortest_ms: isNetwork(transport) ? timeout_ms : shortestTimeout_ms,
  longest_ms: Math.max(longestTimeout_ms, timeout_ms),
});

const costOf_words = (transport: LineTransport): number =>
  lineCost_words('baud' in transport ? { ...transport, mode: transport.kind } : undefined);

/** Reads a line's devices for ever, each rate group once a period, through the only connection to the line. */
export function runLine(options: LineOptions): RunningLine {
  const { line, periods, onReadings, onChange, logger } = options;
  const stopping = new AbortController();
  const devices = devicesOf(line.meters, periods, options.findProfile);
  recall(devices, options.memory);
  const questions = questionQueue();
  const memoryOf = exchangeMemories(devices);
  const counters = { requests: 0, timeouts: 0, exceptions: 0, busy_ms: 0, lost_ms: 0 };
  const report = { at_ms: performance.now(), busy_ms: 0, lost_ms: 0 };
  const timeouts = timeoutLimits(line);
  let state: LineState['state'] = 'reconnecting';
  let lastAnswerAt_ms: number | undefined;
  let current: ModbusLink | undefined;
  const shortestMute_ms = isNetwork(line.transport) ? mute_ms.network : mute_ms.serial;
  let muteLimit_ms: number = shortestMute_ms;

  const connectAndPoll = async (): Promise<void> => {
    const link = await openLink(line.transport);
    current = link;
    logger.info({ line: line.key }, 'line open');
    state = 'running';
    onChange?.();
    const work: LineWork = {
      link,
      transport: line.transport,
      timeouts,
      cost_words: costOf_words(line.transport),
      counters,
      budget: openBudget(Date.now()),
      lastExchange: undefined,
      lastAnswerAt_ms: undefined,
      lastAnswer_ms: performance.now(),
      failedInRow: 0,
      memoryAskedAt_ms: 0,
      memoryOf,
    };
    try {
      releaseAll(devices, Date.now());
      await poll(work);
    } finally {
      questions.close('the line is not open');
      await link.close();
    }
  };

  const poll = async (work: LineWork): Promise<void> => {
    let clock = wallClockAt(Date.now(), performance.now());
    while (!stopping.signal.aborted) {
      const now_ms = Date.now();
      const looked = lookedAt(clock, now_ms, performance.now());
      if (looked.steps > clock.steps) releaseAll(devices, now_ms);
      clock = looked;
      await questions.answer(work);
      work.budget = earned(work.budget, now_ms);
      const turn = nextTurn(devices, now_ms, work.budget.account_ms > 0);
      const due_ms = turn ? now_ms : nextRelease_ms(devices);
      const remembering = options.memorySink && nextMemory(work, devices, { now_ms, due_ms });
      if (!turn) options.onRest?.();
      if (options.memorySink && remembering) {
        await askMemory(work, remembering, options.memorySink);
        if (!remembering.memory.reading) logMemory(logger, line.key, remembering);
      }
      if (turn) await take(work, turn, now_ms);
      else if (!remembering)
        await rest(Math.min(longestPause_ms, Math.max(1, nextRelease_ms(devices) - now_ms)));
      const gone = work.link.lost();
      if (gone !== undefined) throw new Error(gone);
      assertHeard(work);
    }
  };

  /** A pause that ends early when somebody asks something. */
  const rest = async (rest_ms: number): Promise<void> => {
    const signal = AbortSignal.any([stopping.signal, questions.asked()]);
    try {
      await pause(rest_ms, undefined, { signal });
    } catch (error) {
      if (stopping.signal.aborted) throw error;
    }
  };

  const take = async (work: LineWork, turn: Turn, started_ms: number): Promise<void> => {
    const { device } = turn;
    const wasOpen = isOpen(device.breaker);
    const outcome = await pollDevice(work, device, turn.due);
    const readings = outcome.lost ? [] : outcome.readings;
    finishTurn(turn, { started_ms, isRead: readings.length > 0 });
    lastAnswerAt_ms = work.lastAnswerAt_ms ?? lastAnswerAt_ms;
    if (outcome.lost) return;
    if (isOpen(device.breaker) !== wasOpen) {
      logChange(logger, line.key, device);
      onChange?.();
    }
    if (readings.length > 0) onReadings(readings);
  };

  /** @throws Error where the connection seems open and is of no use any more. */
  const assertHeard = ({
    link,
    failedInRow,
    lastAnswer_ms,
    lastAnswerAt_ms: answered_ms,
  }: LineWork): void => {
    if (answered_ms !== undefined) muteLimit_ms = shortestMute_ms;
    if (failedInRow < muteRequests) return;
    // Over TCP a byte too many shifts all that follows: only a new connection puts that right.
    if (isNetwork(line.transport) && link.lastByte_ms() > lastAnswer_ms)
      throw new Error('what comes over this connection makes no sense');
    const silence_ms = performance.now() - link.lastByte_ms();
    if (silence_ms < muteLimit_ms) return;
    muteLimit_ms = Math.min(mute_ms.longest, 2 * muteLimit_ms);
    throw new Error(`nobody has said anything for ${Math.round(silence_ms / 1000)} s`);
  };

  const run = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const answered_ms = lastAnswerAt_ms;
      try {
        await connectAndPoll();
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (lastAnswerAt_ms !== answered_ms) attempt = 0;
        options.onRest?.();
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
    key: line.key,
    state: () => {
      const now_ms = performance.now();
      const passed_ms = Math.max(1, now_ms - report.at_ms);
      const busyShare = share(counters.busy_ms - report.busy_ms, passed_ms);
      const lostShare = share(counters.lost_ms - report.lost_ms, passed_ms);
      Object.assign(report, { at_ms: now_ms, busy_ms: counters.busy_ms, lost_ms: counters.lost_ms });
      return {
        key: line.key,
        state,
        lastExchangeAt: iso(lastAnswerAt_ms),
        requests: counters.requests,
        timeouts: counters.timeouts,
        exceptions: counters.exceptions,
        busyShare,
        lostShare,
        missed: devices.reduce((sum, device) => sum + device.missed, 0),
        meters: devices.flatMap((device) => meterStates(device, timeouts)),
      };
    },
    lastReads: () =>
      new Map(
        devices.flatMap(({ meters, lastReadAt_ms }) =>
          lastReadAt_ms === undefined ? [] : meters.map(({ key }) => [key, lastReadAt_ms] as const),
        ),
      ),
    ask: questions.ask,
    learned: () => learnedOf(devices),
    stop: async () => {
      stopping.abort();
      // A request under way ends at once instead of after its timeout.
      await current?.close();
      await finished;
    },
  };
}

/** What may still be answered late, by unit: of the devices, and of others that somebody asked. */
function exchangeMemories(devices: readonly Device[]): (unit: number) => ExchangeMemory {
  const others = new Map<number, ExchangeMemory>();
  return (unit) => {
    const known = devices.find((d) => d.unit === unit) ?? others.get(unit);
    if (known) return known;
    const memory: ExchangeMemory = { unanswered: [], answered: [] };
    others.set(unit, memory);
    return memory;
  };
}

function meterStates(device: Device, timeouts: TimeoutLimits): LineState['meters'] {
  const refused = refusedNow(device.refusals, Date.now()).map(({ address, words }) => ({ address, words }));
  return device.meters.map((meter) => ({
    key: meter.key,
    lastReadAt: iso(device.lastReadAt_ms),
    silent: isOpen(device.breaker),
    timeouts: device.timeouts,
    missed: device.missed,
    timeout_ms: Math.round(timeoutOf_ms(device.roundTrip, timeouts)),
    ...(device.profile.memory ? { memory: memoryState(device) } : {}),
    ...(refused.length > 0 ? { refused } : {}),
  }));
}

const memoryState = ({ memory: { fetched, missing, fault } }: Device) => ({
  fetched,
  pending: missing !== undefined,
  fault: fault ?? null,
});

const share = (part_ms: number, whole_ms: number): number =>
  Math.min(1, Math.round((part_ms / whole_ms) * 1000) / 1000);

const iso = (at_ms: number | undefined): string | null =>
  at_ms === undefined ? null : new Date(at_ms).toISOString();

function logMemory(logger: Logger, line: string, { unit, memory }: Device): void {
  const { fetched, fault, missing } = memory;
  if (missing) logger.warn({ line, unit, fault }, 'what the device kept cannot be fetched');
  else logger.info({ line, unit, fetched, fault }, 'what the device kept is fetched');
}

function logChange(logger: Logger, line: string, device: Device): void {
  const meters = device.meters.map((m) => m.key);
  if (isOpen(device.breaker))
    logger.warn({ line, unit: device.unit, meters }, 'device does not answer; it is probed from now on');
  else logger.info({ line, unit: device.unit, meters }, 'device answers again');
}
