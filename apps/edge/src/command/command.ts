import type { CommandMessage, CommandOutcome, ResultMessage } from '@wattproof/contracts/mqtt';
import { exceptionName, followSunspec } from '@wattproof/devices';
import type { RunningLine } from '../line/line.ts';
import type { ReadOutcome, WriteOutcome } from '../line/modbus-link.ts';
import { type Exchanger, exchangerOf } from './exchange.ts';

type Answer = Pick<ResultMessage, 'outcome' | 'message' | 'registers'> &
  Partial<Pick<ResultMessage, 'exceptionCode' | 'refusedAddresses'>>;

/** Requests that a search for SunSpec models may take; a device has some ten models. */
const searchMost = 60;

/**
 * Does what a person asked of a device from afar, between two requests of its line's schedule, and says what came of it with
 * the bytes that went over the wire. Nothing is done after the command's expiry.
 */
export async function carryOut(
  command: CommandMessage,
  lineOf: (key: string) => RunningLine | undefined,
): Promise<ResultMessage> {
  const result = (answer: Answer, exchanges: ResultMessage['exchanges'] = []): ResultMessage => ({
    id: command.id,
    at: new Date().toISOString(),
    ...answer,
    exchanges: exchanges.slice(0, 64),
  });
  const line = lineOf(command.line);
  if (!line) return result(nothing('refused', `this gateway has no line ${command.line}`));
  try {
    return await line.ask(async (work) => {
      // The wait for the line counts: what a person gave up on is not done behind their back.
      if (Date.parse(command.expiresAt) <= Date.now())
        return result(
          nothing(
            'expired',
            `it was valid until ${command.expiresAt}; the clock here says ${new Date().toISOString()}`,
          ),
        );
      const exchanger = exchangerOf(work, command.unit);
      const answer = await actOn(command, exchanger);
      return result(answer, exchanger.exchanges);
    });
  } catch (error) {
    return result(nothing('lost', (error as Error).message));
  }
}

function actOn(command: CommandMessage, exchanger: Exchanger): Promise<Answer> {
  switch (command.kind) {
    case 'read':
      return read(command, exchanger);
    case 'write':
      return write(command, exchanger);
    case 'sunspec':
      return search(exchanger);
  }
}

async function read(
  { functionCode, address, words }: Extract<CommandMessage, { kind: 'read' }>,
  exchanger: Exchanger,
): Promise<Answer> {
  const outcome = await exchanger.read({ functionCode, address, words });
  return outcome.kind === 'words' ? done(address, outcome.words) : failure(outcome);
}

/** Reads, compares, writes, reads back: what a person confirmed is what is changed, and what is said is what is there. */
async function write(
  { address, before, words }: Extract<CommandMessage, { kind: 'write' }>,
  exchanger: Exchanger,
): Promise<Answer> {
  const block = { functionCode: 3, address, words: words.length } as const;
  if (before.length !== words.length) return nothing('refused', 'as many words before as after are expected');
  const found = await exchanger.read(block);
  if (found.kind !== 'words') return failure(found);
  if (!isSame(found.words, before))
    return {
      ...done(address, found.words),
      outcome: 'refused',
      message: 'the registers have changed since they were read; nothing was written',
    };
  const written = await exchanger.write({ address, words });
  if (written.kind !== 'written') return failure(written);
  const after = await exchanger.read(block);
  if (after.kind !== 'words') return { ...failure(after), outcome: 'unconfirmed' };
  return isSame(after.words, words)
    ? done(address, after.words)
    : {
        ...done(address, after.words),
        outcome: 'unconfirmed',
        message: 'the device took the request, but its registers do not hold what was written',
      };
}

/** Reads what a SunSpec device says of itself; the cloud makes the profile of it with the same function. */
async function search(exchanger: Exchanger): Promise<Answer> {
  const words = new Map<number, number>();
  const refused = new Set<number>();
  const registers: { address: number; words: number[] }[] = [];
  const found = (): Pick<Answer, 'registers' | 'refusedAddresses'> => ({
    registers,
    refusedAddresses: [...refused],
  });
  for (let i = 0; i < searchMost; i++) {
    const step = followSunspec(words, refused);
    if (step.state !== 'needs') return { outcome: 'done', message: '', ...found() };
    const outcome = await exchanger.read({ ...step.range, functionCode: 3 });
    if (outcome.kind === 'exception') {
      if (refused.has(step.range.address)) return { ...failure(outcome), ...found() };
      refused.add(step.range.address);
    } else if (outcome.kind === 'words') {
      registers.push({ address: step.range.address, words: [...outcome.words] });
      outcome.words.forEach((word, at) => {
        words.set(step.range.address + at, word);
      });
    } else return { ...failure(outcome), ...found() };
  }
  return { ...nothing('garbled', `no end of models after ${searchMost} requests`), ...found() };
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((word, i) => word === b[i]);

const nothing = (outcome: CommandOutcome, message: string): Answer => ({ outcome, message, registers: [] });

const done = (address: number, words: readonly number[]): Answer => ({
  outcome: 'done',
  message: '',
  registers: [{ address, words: [...words] }],
});

function failure(outcome: Exclude<ReadOutcome | WriteOutcome, { kind: 'words' | 'written' }>): Answer {
  if (outcome.kind === 'exception')
    return {
      ...nothing(
        'exception',
        `exception ${outcome.code}: ${exceptionName(outcome.code) ?? 'not in the standard'}`,
      ),
      exceptionCode: outcome.code,
    };
  return nothing(outcome.kind, 'message' in outcome ? outcome.message : 'no answer came in time');
}
