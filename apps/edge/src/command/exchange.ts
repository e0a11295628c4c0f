import type { ResultMessage } from '@wattproof/contracts/mqtt';
import type { ReadBlock } from '@wattproof/devices';
import type { ReadOutcome, WriteOutcome, WriteRange } from '../line/modbus-link.ts';
import type { LineWork } from '../line/poll-device.ts';
import { unscheduledRead, unscheduledWrite } from '../line/unscheduled.ts';

export type Exchange = ResultMessage['exchanges'][number];

/** Requests to one unit, with what went over the wire for each. */
export interface Exchanger {
  readonly exchanges: Exchange[];
  readonly read: (block: ReadBlock) => Promise<ReadOutcome>;
  readonly write: (range: WriteRange) => Promise<WriteOutcome>;
}

const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();

export function exchangerOf(work: LineWork, unit: number): Exchanger {
  const exchanges: Exchange[] = [];
  const noted = async <Outcome>(exchange: () => Promise<Outcome>): Promise<Outcome> => {
    const at = new Date().toISOString();
    const start_ms = performance.now();
    const outcome = await exchange();
    const { request, reply } = work.link.lastFrames();
    exchanges.push({
      request: hex(request),
      reply: reply.length > 0 ? hex(reply) : null,
      at,
      took_ms: Math.round(10 * (performance.now() - start_ms)) / 10,
    });
    return outcome;
  };
  return {
    exchanges,
    read: (block) => noted(() => unscheduledRead(work, unit, block)),
    write: (range) => noted(() => unscheduledWrite(work, unit, range)),
  };
}
