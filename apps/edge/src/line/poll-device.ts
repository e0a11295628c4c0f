import { setTimeout as pause } from 'node:timers/promises';
import type { WireReading } from '@wattproof/contracts/mqtt';
import {
  counterModulus,
  countWorth,
  decode,
  exceptionCodes,
  gapOf_ms,
  halve,
  type RateGroup,
  type ReadBlock,
  type RegisterRead,
  relength,
  sourcePower_w,
} from '@wattproof/devices';
import { type MeasurandName, measurandOf, type ReadingQuality } from '@wattproof/energy';
import { afterTimeout, closedBreaker, isOpen, type LossBudget, spent } from './breaker.ts';
import { judgeCounter } from './counter-memory.ts';
import {
  blocksOf,
  type ConfiguredMeter,
  type Device,
  longestPeriod_ms,
  measurandsOf,
  probesOf,
} from './device.ts';
import { afterReading, isFrozen, unknownFreshness } from './freshness.ts';
import {
  type ExchangeMemory,
  forbiddenLengths,
  lateLengths,
  withAnswered,
  withUnanswered,
} from './late-reply.ts';
import { afterRead } from './memory-reading.ts';
import { type LineTransport, type ModbusLink, type ReadOutcome, wireTime_ms } from './modbus-link.ts';
import { lengthTaken_words, refusedNow, withoutRefusals, withRefusal } from './refusal.ts';
import { afterAnswer, afterSilence, type TimeoutLimits, timeoutOf_ms } from './round-trip.ts';

/** What a line counts, and the link it uses; changed by its one owner only. */
export interface LineWork {
  readonly link: ModbusLink;
  readonly transport: LineTransport;
  readonly timeouts: TimeoutLimits;
  /** What one more request costs on this line, in words. */
  readonly cost_words: number;
  readonly counters: {
    requests: number;
    timeouts: number;
    exceptions: number;
    busy_ms: number;
    lost_ms: number;
  };
  budget: LossBudget;
  lastExchange: { unit: number; end_ms: number } | undefined;
  lastAnswerAt_ms: number | undefined;
  /** The same by the monotonic clock; when the line was opened before the first. */
  lastAnswer_ms: number;
  /** Requests since the last answer of anybody. */
  failedInRow: number;
  /** When a device's memory was last asked for something. */
  memoryAskedAt_ms: number;
  /** What of a unit may still be answered late, whether it is in the schedule or not. */
  readonly memoryOf: (unit: number) => ExchangeMemory;
}

export type PollOutcome =
  | { readonly lost: true }
  | { readonly lost: false; readonly readings: readonly WireReading[] };

/**
 * Reads some rate groups of a device once and gives a reading for each of its meters that delivered anything.
 * A silent device costs at most two timeouts, one that has never answered a single short one; after that it is probed
 * with one short request when its time has come.
 */
export async function pollDevice(
  work: LineWork,
  device: Device,
  groups: readonly RateGroup[],
): Promise<PollOutcome> {
  const now_ms = Date.now();
  const blocks = blocksOf(device, groups, { cost_words: work.cost_words, now_ms });
  if (isOpen(device.breaker) || device.roundTrip.smoothed_ms === undefined) {
    const probed = await probe(work, device, blocks);
    if (probed !== 'answered') return probed === 'lost' ? { lost: true } : { lost: false, readings: [] };
  }
  const words = new Map<number, number>();
  const failures: Failure[] = refusedNow(device.refusals, now_ms).map(
    ({ address, words: count }): Failure => ({ address, words: count, quality: 'exception' }),
  );
  let first_ms: number | undefined;
  let last_ms = 0;
  const [refused, answered]: [ReadBlock[], ReadBlock[]] = [[], []];
  const queue = [...blocks];
  for (let block = queue.shift(); block; block = queue.shift()) {
    const parts = await exchange(work, device, block);
    for (const { part, outcome } of parts) {
      if (outcome.kind === 'lost') return { lost: true };
      if (outcome.kind === 'words') {
        const middle_ms = (outcome.start_ms + outcome.end_ms) / 2;
        first_ms ??= middle_ms;
        last_ms = middle_ms;
        outcome.words.forEach((word, i) => {
          words.set(part.address + i, word);
        });
        answered.push(part);
        device.refusals = withoutRefusals(device.refusals, part);
      } else if (outcome.kind === 'exception' && refusesRange(outcome.code) && !mayBeLate(work, device)) {
        refused.push(part);
        queue.unshift(...narrowed(device, part, failures));
      } else {
        failures.push({ ...part, quality: outcome.kind === 'exception' ? 'exception' : 'timeout' });
      }
    }
    if (isOpen(device.breaker)) {
      failures.push(...queue.map((left): Failure => ({ ...left, quality: 'timeout' })));
      break;
    }
  }
  if (first_ms === undefined) return { lost: false, readings: [] };
  learnLength(device, refused, answered);
  device.lastReadAt_ms = Math.round(first_ms);
  if (device.profile.memory)
    device.memory = afterRead(device.memory, device.lastReadAt_ms, longestPeriod_ms(device.periods_ms));
  const read = { words, failures };
  return { lost: false, readings: readingsOf(device, groups, read, { first_ms, last_ms }) };
}

/**
 * A refused range is asked for in halves, until what the device really refuses stands alone; that is remembered and left
 * out until it is worth another try.
 */
function narrowed(device: Device, refused: ReadBlock, failures: Failure[]): readonly ReadBlock[] {
  const halves = halve(device.profile, refused);
  if (halves) return halves;
  device.refusals = withRefusal(device.refusals, refused, Date.now());
  failures.push({ ...refused, quality: 'exception' });
  return [];
}

const shorter_ms = 86_400_000;

/** What one poll shows of the length that a device takes holds for a day. */
function learnLength(device: Device, refused: readonly ReadBlock[], answered: readonly ReadBlock[]): void {
  const words = lengthTaken_words(refused, answered);
  if (words !== undefined) device.maxWords = { words, until_ms: Date.now() + shorter_ms };
}

/** A late exception is as short as any other: while one may come, nothing is learnt from exceptions. */
const mayBeLate = (work: LineWork, device: Device): boolean =>
  work.transport.kind !== 'tcp' && lateLengths(device.unanswered, Date.now()).size > 0;

const refusesRange = (code: number): boolean =>
  code === exceptionCodes.illegalAddress || code === exceptionCodes.illegalValue;

type Failure = NonNullable<RegisterRead['failures']>[number];
interface Exchanged {
  readonly part: ReadBlock;
  readonly outcome: ReadOutcome;
}

/** One block, tried twice at most, the second time in other lengths. */
async function exchange(work: LineWork, device: Device, block: ReadBlock): Promise<Exchanged[]> {
  const done: Exchanged[] = [];
  for (let attempt = 0; ; attempt++) {
    done.length = 0;
    const parts = await safeParts(work, device, block);
    if (!parts) return [{ part: block, outcome: { kind: 'timeout' } }];
    for (const part of parts) {
      const outcome = await request(work, device, part);
      done.push({ part, outcome });
      if (failed(outcome) || outcome.kind === 'lost') break;
    }
    const last = done.at(-1)?.outcome;
    if (!last || !failed(last) || attempt > 0 || isOpen(device.breaker)) return whole(block, done);
  }
}

/** Adds the rest of a block that was given up, so that nothing of it goes unexplained. */
function whole(block: ReadBlock, done: Exchanged[]): Exchanged[] {
  const last = done.at(-1);
  if (!last) return done;
  const end = last.part.address + last.part.words;
  const rest = block.address + block.words - end;
  return rest > 0
    ? [...done, { part: { ...block, address: end, words: rest }, outcome: last.outcome }]
    : done;
}

const failed = (outcome: ReadOutcome): outcome is Extract<ReadOutcome, { kind: 'timeout' | 'garbled' }> =>
  outcome.kind === 'timeout' || outcome.kind === 'garbled';

/** TCP replies carry the number of their request; on serial lines only the length tells replies apart. */
async function safeParts(
  work: LineWork,
  device: Device,
  block: ReadBlock,
): Promise<readonly ReadBlock[] | undefined> {
  if (work.transport.kind === 'tcp') return [block];
  const now_ms = Date.now();
  const parts = relength(device.profile, block, forbiddenLengths(device, now_ms));
  if (parts) return parts;
  // A single value has one length only: what may still come of an answered request is waited for instead.
  const others = relength(device.profile, block, lateLengths(device.unanswered, now_ms));
  if (others) await pause(repeatWait_ms);
  return others;
}

/** Copies of a reply come at once; the longer time of `late-reply.ts` is for machines that are busy. */
const repeatWait_ms = 100;

async function probe(
  work: LineWork,
  device: Device,
  blocks: readonly ReadBlock[],
): Promise<'answered' | 'silent' | 'lost'> {
  for (const block of probesOf(device, blocks)) {
    const [part] = (await safeParts(work, device, block)) ?? [];
    if (!part) continue;
    const outcome = await request(work, device, part);
    if (outcome.kind === 'lost') return 'lost';
    return failed(outcome) ? 'silent' : 'answered';
  }
  return 'silent';
}

async function request(work: LineWork, device: Device, block: ReadBlock): Promise<ReadOutcome> {
  const { link, counters } = work;
  await keepGap(work, device);
  if (link.strayBytes() > 0) await link.drain();
  const start_ms = performance.now();
  counters.requests++;
  const reply = await link.read(device.unit, block, timeoutOf_ms(device.roundTrip, work.timeouts));
  const outcome = silentBehindConverter(reply);
  const answered_ms = performance.now() - start_ms;
  if (failed(outcome)) await link.drain();
  const taken_ms = performance.now() - start_ms;
  counters.busy_ms += taken_ms;
  work.lastExchange = { unit: device.unit, end_ms: performance.now() };
  if (outcome.kind === 'lost') return outcome;
  if (failed(outcome)) {
    loseTime(work, device, { words: block.words, ended: outcome.kind, taken_ms });
    // A converter that speaks for a silent device is there itself.
    if (reply.kind === 'exception') work.failedInRow = 0;
    return outcome;
  }
  if (outcome.kind === 'exception') counters.exceptions++;
  const words = outcome.kind === 'words' ? block.words : 0;
  device.roundTrip = afterAnswer(device.roundTrip, answered_ms - wireTime_ms(work.transport, words));
  if (outcome.kind === 'words')
    device.answered = withAnswered(device.answered, { ...block, now_ms: Date.now() });
  device.breaker = closedBreaker;
  work.failedInRow = 0;
  work.lastAnswerAt_ms = Date.now();
  work.lastAnswer_ms = performance.now();
  return outcome;
}

function loseTime(
  work: LineWork,
  device: Device,
  {
    words,
    ended,
    taken_ms,
  }: { readonly words: number; readonly ended: 'timeout' | 'garbled'; readonly taken_ms: number },
): void {
  const now_ms = Date.now();
  const isUnknown = device.roundTrip.smoothed_ms === undefined;
  work.counters.timeouts++;
  work.counters.lost_ms += taken_ms;
  work.budget = spent(work.budget, taken_ms);
  work.failedInRow++;
  device.timeouts++;
  device.breaker = afterTimeout(device.breaker, now_ms, { atOnce: isUnknown });
  device.roundTrip = afterSilence(device.roundTrip);
  device.unanswered = withUnanswered(device.unanswered, { words, ended, now_ms });
}

/** A converter that says "no path" or "target did not respond" (0Ah, 0Bh) speaks of a silent device. */
const silentBehindConverter = (outcome: ReadOutcome): ReadOutcome =>
  outcome.kind === 'exception' && (outcome.code === 0x0a || outcome.code === 0x0b)
    ? { kind: 'timeout' }
    : outcome;

/**
 * The device's own pause. Behind one pair of wires it counts from the last exchange with anybody, and is never less than
 * the silence that ends a frame.
 */
async function keepGap({ transport, lastExchange }: LineWork, device: Device): Promise<void> {
  if (!lastExchange) return;
  if (transport.kind === 'tcp' && lastExchange.unit !== device.unit) return;
  const { minimumGap_ms } = device.profile.limits;
  const gap_ms =
    'baud' in transport ? gapOf_ms({ ...transport, mode: transport.kind }, minimumGap_ms) : minimumGap_ms;
  const left_ms = lastExchange.end_ms + gap_ms - performance.now();
  if (left_ms > 0) await pause(left_ms);
}

/**
 * One reading a meter, stamped at the middle of its device's first exchange; how much later the last one was is `skew_ms`.
 * A meter that delivered nothing gives no reading: nothing is sent again under a new time, and nothing becomes 0.
 */
function readingsOf(
  device: Device,
  groups: readonly RateGroup[],
  read: RegisterRead,
  { first_ms, last_ms }: { readonly first_ms: number; readonly last_ms: number },
): WireReading[] {
  const at_ms = Math.round(first_ms);
  const skew_ms = Math.round(last_ms - first_ms);
  return device.meters.flatMap((meter): WireReading[] => {
    const decoded = decode(device.profile, read, meter.settings);
    const wanted = measurandsOf(device, meter, groups);
    const values = only(decoded.values, wanted);
    if (Object.keys(values).length === 0) return [];
    const exceptions: Partial<Record<MeasurandName, ReadingQuality>> = only(decoded.exceptions, wanted);
    judgeCounters(device, meter, { at_ms, values, exceptions });
    const freshness = afterReading(device.freshness.get(meter.key) ?? unknownFreshness, values, at_ms);
    device.freshness.set(meter.key, freshness);
    const quality = isFrozen(freshness, at_ms) ? 'stale' : 'good';
    return [{ meterKey: meter.key, at_ms, skew_ms, quality, values, exceptions }];
  });
}

const only = <T>(
  all: Readonly<Partial<Record<MeasurandName, T>>>,
  wanted: ReadonlySet<MeasurandName>,
): Partial<Record<MeasurandName, T>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name as MeasurandName)));

/** Marks counters that fell back or ran faster than their source can. */
function judgeCounters(
  device: Device,
  meter: ConfiguredMeter,
  reading: {
    readonly at_ms: number;
    readonly values: WireReading['values'];
    readonly exceptions: Partial<Record<MeasurandName, ReadingQuality>>;
  },
): void {
  for (const [name, value] of Object.entries(reading.values)) {
    const measurand = name as MeasurandName;
    const { kind, unit } = measurandOf(measurand);
    if (kind !== 'counter') continue;
    const key = `${meter.key} ${measurand}`;
    const { settings } = meter;
    const worth = countWorth(device.profile, measurand, settings);
    const power_w_max = unit === 'Wh' ? sourcePower_w(settings) : undefined;
    const now = { value, at_ms: reading.at_ms };
    const verdict = judgeCounter(device.counters.get(key), now, {
      modulus: counterModulus(device.profile, measurand, settings),
      rate_per_s_max: power_w_max === undefined ? settings.rate_per_s_max : power_w_max / 3600,
      step: worth ? worth.multiply / worth.divide : 1,
    });
    if (verdict) reading.exceptions[measurand] ??= verdict;
    device.counters.set(key, now);
  }
}
