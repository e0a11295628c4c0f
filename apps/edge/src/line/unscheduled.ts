import { setTimeout as pause } from 'node:timers/promises';
import type { ReadBlock } from '@wattproof/devices';
import { forbiddenLengths, lateLengths, repeated_ms, withAnswered, withUnanswered } from './late-reply.ts';
import type { ReadOutcome, WriteOutcome, WriteRange } from './modbus-link.ts';
import type { LineWork } from './poll-device.ts';

/** The pause before requests that nobody planned: what the slowest of the guide's devices asks for. */
const gap_ms = 50;

/** A read that is not in the schedule, of whatever unit: counted as the line's time, not as a device's silence. */
export async function unscheduledRead(work: LineWork, unit: number, block: ReadBlock): Promise<ReadOutcome> {
  const memory = work.memoryOf(unit);
  if (work.transport.kind !== 'tcp') {
    if (lateLengths(memory.unanswered, Date.now()).has(block.words))
      return {
        kind: 'garbled',
        message: 'an earlier answer of that length may still come: ask again in 10 s',
      };
    // A second copy of an answer of that length: soon over.
    if (forbiddenLengths(memory, Date.now()).has(block.words)) await pause(repeated_ms);
  }
  const outcome = await exchange<ReadOutcome>(work, { unit, words: block.words }, () =>
    work.link.read(unit, block, work.timeouts.longest_ms),
  );
  if (outcome.kind === 'words')
    memory.answered = withAnswered(memory.answered, { ...block, now_ms: Date.now() });
  return outcome;
}

/** The answer to a write repeats address and count: no answer of another request can pass for it. */
export const unscheduledWrite = (work: LineWork, unit: number, range: WriteRange): Promise<WriteOutcome> =>
  exchange<WriteOutcome>(work, { unit, words: 0 }, () =>
    work.link.write(unit, range, work.timeouts.longest_ms),
  );

async function exchange<Outcome extends ReadOutcome | WriteOutcome>(
  work: LineWork,
  { unit, words }: { readonly unit: number; readonly words: number },
  ask: () => Promise<Outcome>,
): Promise<Outcome> {
  const { link, counters, lastExchange } = work;
  const left_ms = (lastExchange?.end_ms ?? 0) + gap_ms - performance.now();
  if (left_ms > 0) await pause(left_ms);
  if (link.strayBytes() > 0) await link.drain();
  const start_ms = performance.now();
  counters.requests++;
  const outcome = await ask();
  if (outcome.kind === 'timeout' || outcome.kind === 'garbled') {
    await link.drain();
    const memory = work.memoryOf(unit);
    memory.unanswered = withUnanswered(memory.unanswered, { words, ended: outcome.kind, now_ms: Date.now() });
  }
  counters.busy_ms += performance.now() - start_ms;
  work.lastExchange = { unit, end_ms: performance.now() };
  return outcome;
}
