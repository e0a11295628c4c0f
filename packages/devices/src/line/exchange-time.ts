import type { Parity, SerialMode } from '../communication.ts';

/** What the characters of a line look like. */
export interface CharacterFormat {
  readonly mode: SerialMode;
  readonly baud: number;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
}

/** Bits of one character: start, 8 data bits (ASCII: 7), parity, stop. */
export const bitsPerCharacter = ({ mode, parity, stopBits }: Omit<CharacterFormat, 'baud'>): number =>
  1 + (mode === 'ascii' ? 7 : 8) + (parity === 'none' ? 0 : 1) + stopBits;

/** Time of one character in milliseconds. */
export const characterTimeOf_ms = (format: CharacterFormat): number =>
  (1000 * bitsPerCharacter(format)) / format.baud;

/**
 * Bytes of a read of `words` registers and of its answer, with address and check. RTU: 8 and 5 + 2n. ASCII writes each
 * byte as two digits between a colon and a line end: 17 and 11 + 4n. TCP has a head of 7 and no check: 12 and 9 + 2n.
 */
export function exchangeBytes(
  framing: SerialMode | 'tcp',
  words: number,
): { readonly request: number; readonly reply: number } {
  switch (framing) {
    case 'rtu':
      return { request: 8, reply: 5 + 2 * words };
    case 'ascii':
      return { request: 17, reply: 11 + 4 * words };
    case 'tcp':
      return { request: 12, reply: 9 + 2 * words };
  }
}

/**
 * The silence before the next request: what the device asks for, and between RTU frames at least 3.5 characters (1.75 ms
 * above 19 200 baud).
 */
export function gapOf_ms(format: CharacterFormat, deviceGap_ms: number): number {
  if (format.mode === 'ascii') return deviceGap_ms;
  return Math.max(deviceGap_ms, format.baud > 19_200 ? 1.75 : 3.5 * characterTimeOf_ms(format));
}

/**
 * Theoretical time of one exchange on a serial line: (request + reply bytes) × character time + turn-around of the
 * device + prescribed gap, in milliseconds. Nothing can be faster; a gateway is judged by how near it comes.
 */
export function exchangeTime_ms(
  format: CharacterFormat,
  words: number,
  device: { readonly turnaround_ms: number; readonly gap_ms: number },
): number {
  const { request, reply } = exchangeBytes(format.mode, words);
  return (
    (request + reply) * characterTimeOf_ms(format) + device.turnaround_ms + gapOf_ms(format, device.gap_ms)
  );
}
