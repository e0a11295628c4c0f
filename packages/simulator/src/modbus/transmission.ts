import { setTimeout as pause } from 'node:timers/promises';
import { encodeAscii, encodeRtu, encodeTcp, type Message } from '@wattproof/devices';
import type { FaultEffect } from './fault.ts';

export type Framing = 'rtu' | 'ascii' | 'tcp';

/** A reply on its way: its unit and contents, and on TCP the number of its request. */
export interface ReplyMessage extends Message {
  readonly transaction?: number;
}

/** Bytes that leave the device, so long after the moment at which a faultless reply would. */
export interface Transmission {
  readonly after_ms: number;
  readonly bytes: Uint8Array;
  /** The frame before goes on: nothing comes between, however late it is. */
  readonly isRest?: true;
}

/** What leaves a device instead of a faultless reply; `unplug` ends the connection. */
export function transmissionsOf(
  framing: Framing,
  reply: ReplyMessage,
  fault: FaultEffect | undefined,
): readonly Transmission[] | 'unplug' {
  const frame = frameOf(framing, reply);
  const once = (bytes: Uint8Array, after_ms = 0): Transmission[] => [{ after_ms, bytes }];
  switch (fault?.kind) {
    case undefined:
    case 'exception':
      return once(frame);
    case 'silent':
      return [];
    case 'late':
      return once(frame, fault.delay_ms);
    case 'wrongCheck':
      return framing === 'tcp' ? [] : once(withWrongCheck(framing, frame));
    case 'repeated':
      return [...once(frame), ...once(frame, fault.delay_ms)];
    case 'split':
      return [
        ...once(frame.subarray(0, 3)),
        { after_ms: fault.pause_ms, bytes: frame.subarray(3), isRest: true },
      ];
    case 'drip':
      return [...frame].map((byte, i) => ({
        after_ms: i * fault.pause_ms,
        bytes: Uint8Array.of(byte),
        ...(i > 0 ? { isRest: true as const } : {}),
      }));
    case 'garbageBefore':
      return once(Uint8Array.of(...noise(fault.bytes), ...frame));
    case 'twoReplies':
      return once(Uint8Array.of(...frame, ...frameOf(framing, { ...reply, pdu: otherContents(reply.pdu) })));
    case 'wrongUnit':
      return once(frameOf(framing, { ...reply, unit: (reply.unit + 1) & 0xff }));
    case 'wrongLength':
      return once(frameOf(framing, { ...reply, pdu: otherLength(reply.pdu, fault.words) }));
    case 'unplug':
      return 'unplug';
  }
}

/**
 * Sends over a stream, in which bytes keep their order: the pieces of a frame follow one another, and another frame waits
 * for its end. A timer for each piece would not do, for timers of a busy process overtake each other.
 */
export function frameSender(
  write: (bytes: Uint8Array) => void,
): (transmissions: readonly Transmission[]) => void {
  let last: Promise<void> = Promise.resolve();
  const play = async (pieces: readonly Transmission[]): Promise<void> => {
    for (const [i, { after_ms, bytes }] of pieces.entries()) {
      const before = pieces[i - 1];
      if (before) await pause(after_ms - before.after_ms);
      write(bytes);
    }
  };
  return (transmissions) => {
    const frames: [Transmission, ...Transmission[]][] = [];
    for (const piece of transmissions)
      if (piece.isRest) frames.at(-1)?.push(piece);
      else frames.push([piece]);
    for (const frame of frames) {
      const begin = (): void => {
        last = last.then(() => play(frame));
      };
      if (frame[0].after_ms <= 0) begin();
      else setTimeout(begin, frame[0].after_ms);
    }
  };
}

function frameOf(framing: Framing, { transaction = 0, unit, pdu }: ReplyMessage): Uint8Array {
  if (framing === 'tcp') return encodeTcp({ transaction, unit, pdu });
  return framing === 'rtu' ? encodeRtu({ unit, pdu }) : Buffer.from(encodeAscii({ unit, pdu }), 'latin1');
}

function withWrongCheck(framing: 'rtu' | 'ascii', frame: Uint8Array): Uint8Array {
  const wrong = Buffer.from(frame);
  if (framing === 'rtu') wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 0xff;
  else
    wrong.write(
      wrong.toString('latin1', wrong.length - 4, wrong.length - 2) === '00' ? '01' : '00',
      wrong.length - 4,
    );
  return wrong;
}

/** The same bytes each time: a fault that was seen once can be looked at again. */
const noise = (count: number): number[] => Array.from({ length: count }, (_, i) => (0x9d * (i + 1)) & 0xff);

/** A read's reply with other registers; of anything else, what it is. */
const otherContents = (pdu: Uint8Array): Uint8Array =>
  pdu[0] === 3 || pdu[0] === 4 ? pdu.map((byte, i) => (i < 2 ? byte : byte ^ 0x55)) : pdu;

function otherLength(pdu: Uint8Array, words: number): Uint8Array {
  if (pdu[0] !== 3 && pdu[0] !== 4) return pdu;
  const data = pdu.subarray(2);
  const wanted = Math.min(250, Math.max(0, data.length + 2 * words));
  const more = new Uint8Array(Math.max(0, wanted - data.length));
  return Uint8Array.of(pdu[0], wanted, ...data.subarray(0, wanted), ...more);
}
