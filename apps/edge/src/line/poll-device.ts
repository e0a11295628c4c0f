import { setTimeout as pause } from 'node:timers/promises';
import type { WireReading } from '@wattproof/contracts/mqtt';
import {
  decode,
  exceptionCodes,
  frameSilence_ms,
  type ReadBlock,
  type RegisterRead,
  relength,
} from '@wattproof/devices';
import { afterTimeout, closedBreaker, isOpen, type LossBudget, spent } from './breaker.ts';
import { type Device, forgetOldRefusals, learnRefusal, probesOf } from './device.ts';
import { forbiddenLengths, withUnanswered } from './late-reply.ts';
import type { LineTransport, ModbusLink, ReadOutcome } from './modbus-link.ts';

/** What a line counts, and the link it uses; changed by its one owner only. */
export interface LineWork {
  readonly link: ModbusLink;
  readonly transport: LineTransport;
  readonly timeout_ms: number;
  readonly counters: { requests: number; timeouts: number; exceptions: number; busy_ms: number };
  budget: LossBudget;
  lastExchange: { unit: number; end_ms: number } | undefined;
  lastAnswerAt_ms: number | undefined;
}

export type PollOutcome =
  | { readonly lost: true }
  | { readonly lost: false; readonly readings: readonly WireReading[] };

/**
 * Reads a device once and gives a reading for each of its meters that delivered anything.
 * A silent device costs at most two timeouts; after that it is probed with one short request when its time has come.
 */
export async function pollDevice(work: LineWork, device: Device): Promise<PollOutcome> {
  if (isOpen(device.breaker)) {
    const probed = await probe(work, device);
    if (probed !== 'answered') return probed === 'lost' ? { lost: true } : { lost: false, readings: [] };
  }
  const words = new Map<number, number>();
  forgetOldRefusals(device, Date.now());
  const failures: Failure[] = device.refused.map(
    ({ block }): Failure => ({ ...block, quality: 'exception' }),
  );
  let first_ms: number | undefined;
  let last_ms = 0;
  const queue = [...device.blocks];
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
      } else {
        failures.push({ ...part, quality: outcome.kind === 'exception' ? 'exception' : 'timeout' });
        if (outcome.kind === 'exception' && refusesRange(outcome.code) && !mayBeLate(work, device))
          learnRefusal(device, part, Date.now());
      }
    }
    if (isOpen(device.breaker)) {
      failures.push(...queue.map((left): Failure => ({ ...left, quality: 'timeout' })));
      break;
    }
  }
  if (first_ms === undefined) return { lost: false, readings: [] };
  device.lastReadAt_ms = Math.round(first_ms);
  const read = { words, failures };
  return { lost: false, readings: readingsOf(device, read, { first_ms, last_ms }) };
}

/** A late exception is as short as any other: while one may come, nothing is learnt from exceptions. */
const mayBeLate = (work: LineWork, device: Device): boolean =>
  work.transport.kind !== 'tcp' && forbiddenLengths(device.unanswered, Date.now()).size > 0;

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
    const parts = safeParts(work, device, block);
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
const safeParts = (work: LineWork, device: Device, block: ReadBlock): ReadBlock[] | undefined =>
  work.transport.kind === 'tcp'
    ? [block]
    : relength(device.profile, block, forbiddenLengths(device.unanswered, Date.now()));

async function probe(work: LineWork, device: Device): Promise<'answered' | 'silent' | 'lost'> {
  if (Date.now() < (device.breaker.probeAt_ms ?? 0) || work.budget.account_ms <= 0) return 'silent';
  for (const block of probesOf(device)) {
    const [part] = safeParts(work, device, block) ?? [];
    if (!part) continue;
    const outcome = await request(work, device, part);
    if (outcome.kind === 'lost') return 'lost';
    return failed(outcome) ? 'silent' : 'answered';
  }
  return 'silent';
}

async function request(work: LineWork, device: Device, block: ReadBlock): Promise<ReadOutcome> {
  const { link, counters } = work;
  if (link.strayBytes() > 0) await link.drain();
  await keepGap(work, device);
  const start_ms = performance.now();
  counters.requests++;
  const outcome = silentBehindConverter(await link.read(device.unit, block, work.timeout_ms));
  if (failed(outcome)) await link.drain();
  const taken_ms = performance.now() - start_ms;
  counters.busy_ms += taken_ms;
  work.lastExchange = { unit: device.unit, end_ms: performance.now() };
  if (outcome.kind === 'lost') return outcome;
  if (failed(outcome)) {
    counters.timeouts++;
    device.timeouts++;
    device.breaker = afterTimeout(device.breaker, Date.now());
    device.unanswered = withUnanswered(device.unanswered, {
      words: block.words,
      ended: outcome.kind,
      now_ms: Date.now(),
    });
    work.budget = spent(work.budget, taken_ms);
    return outcome;
  }
  if (outcome.kind === 'exception') counters.exceptions++;
  device.breaker = closedBreaker;
  work.lastAnswerAt_ms = Date.now();
  return outcome;
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
  const silence_ms = 'baud' in transport ? frameSilence_ms(transport.baud) : 0;
  const gap_ms = Math.max(device.profile.limits.minimumGap_ms, silence_ms);
  const left_ms = lastExchange.end_ms + gap_ms - performance.now();
  if (left_ms > 0) await pause(left_ms);
}

/**
 * One reading a meter, stamped at the middle of its device's first exchange; how much later the last one was is `skew_ms`.
 * A meter that delivered nothing gives no reading: nothing is sent again under a new time, and nothing becomes 0.
 */
function readingsOf(
  device: Device,
  read: RegisterRead,
  { first_ms, last_ms }: { readonly first_ms: number; readonly last_ms: number },
): WireReading[] {
  return device.meters.flatMap((meter): WireReading[] => {
    const { values, exceptions } = decode(device.profile, read, meter.settings);
    if (Object.keys(values).length === 0) return [];
    const at_ms = Math.round(first_ms);
    const skew_ms = Math.round(last_ms - first_ms);
    return [{ meterKey: meter.key, at_ms, skew_ms, quality: 'good', values, exceptions }];
  });
}
