import { lrc } from './lrc.ts';
import type { Message } from './pdu.ts';

/** An ASCII frame: colon, hexadecimal unit, PDU and LRC, carriage return, line feed. */
export function encodeAscii({ unit, pdu }: Message): string {
  const body = Uint8Array.of(unit, ...pdu);
  const hex = [...body, lrc(body)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `:${hex.toUpperCase()}\r\n`;
}

/** The message of a whole frame with its colon and line end, or undefined where its form or LRC is wrong. */
export function decodeAscii(frame: string): Message | undefined {
  const hex = /^:((?:[0-9A-Fa-f]{2}){3,})\r\n$/.exec(frame)?.[1];
  if (!hex) return undefined;
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
  const body = bytes.subarray(0, -1);
  return lrc(body) === bytes.at(-1) ? { unit: body[0] ?? 0, pdu: body.slice(1) } : undefined;
}
