import { crc16 } from './crc16.ts';
import type { Message } from './pdu.ts';

/** An RTU frame: unit, PDU, CRC with its low byte first. */
export function encodeRtu({ unit, pdu }: Message): Uint8Array {
  const body = Uint8Array.of(unit, ...pdu);
  const crc = crc16(body);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

/** The message of a whole frame, or undefined where it is too short or its CRC is wrong. */
export function decodeRtu(frame: Uint8Array): Message | undefined {
  if (frame.length < 4) return undefined;
  const body = frame.subarray(0, -2);
  const crc = (frame[frame.length - 2] ?? 0) | ((frame[frame.length - 1] ?? 0) << 8);
  return crc16(body) === crc ? { unit: body[0] ?? 0, pdu: body.slice(1) } : undefined;
}

/**
 * Length of the request frame that begins with these bytes; undefined while too few are there. Function codes that
 * are not known end at a silence only: 0.
 */
export function rtuRequestLength(bytes: Uint8Array): number | undefined {
  const functionCode = bytes[1];
  if (functionCode === undefined) return undefined;
  if (functionCode >= 1 && functionCode <= 6) return 8;
  if (functionCode === 15 || functionCode === 16) {
    const data = bytes[6];
    return data === undefined ? undefined : 9 + data;
  }
  return 0;
}

/** Time of one character of 11 bits (start, 8 data, parity or second stop, stop) at a baud rate. */
export const characterTime_ms = (baud: number): number => 11_000 / baud;

/** The silence that ends a frame: 3.5 characters, fixed at 1.75 ms above 19 200 baud. */
export const frameSilence_ms = (baud: number): number =>
  baud > 19_200 ? 1.75 : 3.5 * characterTime_ms(baud);
