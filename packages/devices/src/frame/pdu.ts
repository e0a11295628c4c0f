/** A message without its transport: unit address and protocol data unit. */
export interface Message {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

export type Request =
  | {
      readonly kind: 'read';
      readonly functionCode: 1 | 2 | 3 | 4;
      readonly address: number;
      readonly count: number;
    }
  | {
      readonly kind: 'writeOne';
      readonly functionCode: 5 | 6;
      readonly address: number;
      readonly value: number;
    }
  | {
      readonly kind: 'writeMany';
      readonly functionCode: 15 | 16;
      readonly address: number;
      readonly count: number;
      readonly data: Uint8Array;
    };

/** Exception codes that a device answers with. */
export const exceptionCodes = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  acknowledge: 5,
  busy: 6,
  gatewayPathUnavailable: 10,
  gatewayTargetSilent: 11,
} as const;
export type ExceptionName = keyof typeof exceptionCodes;

/** The name of an exception code, or undefined where the standard gives it none. */
export const exceptionName = (code: number): ExceptionName | undefined =>
  (Object.keys(exceptionCodes) as ExceptionName[]).find((name) => exceptionCodes[name] === code);

/**
 * An answer that refuses: its function code is that of the request plus 80h. `86 01` refuses function 6 with exception
 * 1. Undefined where the PDU is no refusal.
 */
export function parseException(
  pdu: Uint8Array,
): { readonly functionCode: number; readonly exception: number } | undefined {
  const [code, exception] = pdu;
  if (code === undefined || exception === undefined || code < 0x80 || pdu.length !== 2) return undefined;
  return { functionCode: code - 0x80, exception };
}

const most = { 1: 2000, 2: 2000, 3: 125, 4: 125, 15: 1968, 16: 123 } as const;

/** The request that a PDU holds, or the exception code with which a device answers it. */
export function parseRequest(
  pdu: Uint8Array,
): Request | { readonly kind: 'refused'; readonly exception: number } {
  const functionCode = pdu[0];
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  const badValue = { kind: 'refused', exception: exceptionCodes.illegalValue } as const;
  switch (functionCode) {
    case 1:
    case 2:
    case 3:
    case 4: {
      if (pdu.length !== 5) return badValue;
      const address = view.getUint16(1);
      const count = view.getUint16(3);
      if (count < 1 || count > most[functionCode]) return badValue;
      if (address + count > 65_536) return { kind: 'refused', exception: exceptionCodes.illegalAddress };
      return { kind: 'read', functionCode, address, count };
    }
    case 5:
    case 6: {
      if (pdu.length !== 5) return badValue;
      const value = view.getUint16(3);
      if (functionCode === 5 && value !== 0 && value !== 0xff00) return badValue;
      return { kind: 'writeOne', functionCode, address: view.getUint16(1), value };
    }
    case 15:
    case 16: {
      if (pdu.length < 6) return badValue;
      const address = view.getUint16(1);
      const count = view.getUint16(3);
      const bytes = functionCode === 16 ? 2 * count : Math.ceil(count / 8);
      if (count < 1 || count > most[functionCode] || pdu[5] !== bytes || pdu.length !== 6 + bytes)
        return badValue;
      if (address + count > 65_536) return { kind: 'refused', exception: exceptionCodes.illegalAddress };
      return { kind: 'writeMany', functionCode, address, count, data: pdu.slice(6) };
    }
    default:
      return { kind: 'refused', exception: exceptionCodes.illegalFunction };
  }
}

/** PDU of a read request. */
export const readRequest = (functionCode: 1 | 2 | 3 | 4, address: number, count: number): Uint8Array =>
  Uint8Array.of(functionCode, address >> 8, address & 0xff, count >> 8, count & 0xff);

/** PDU of a request that writes consecutive registers (function 10h). */
export const writeRequest = (address: number, words: readonly number[]): Uint8Array =>
  Uint8Array.of(
    0x10,
    address >> 8,
    address & 0xff,
    words.length >> 8,
    words.length & 0xff,
    2 * words.length,
    ...wordBytes(words),
  );

/** PDU of the answer to a read of registers. */
export const registersReply = (functionCode: 3 | 4, words: readonly number[]): Uint8Array =>
  Uint8Array.of(functionCode, 2 * words.length, ...wordBytes(words));

/** PDU of the answer to a read of coils or inputs. */
export function bitsReply(functionCode: 1 | 2, bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    if (bit) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return Uint8Array.of(functionCode, bytes.length, ...bytes);
}

/** PDU of the answer to a write: the head of the request. */
export const writeReply = (request: Uint8Array): Uint8Array => request.slice(0, 5);

export const exceptionReply = (functionCode: number, exception: number): Uint8Array =>
  Uint8Array.of(functionCode | 0x80, exception);

/** What a reply to a read of registers holds: its words, or the exception; undefined where it is neither. */
export function parseRegistersReply(
  pdu: Uint8Array,
): { readonly words: readonly number[] } | { readonly exception: number } | undefined {
  const [code, length] = pdu;
  if (code === 0x83 || code === 0x84) return length === undefined ? undefined : { exception: length };
  if ((code !== 3 && code !== 4) || length === undefined || length % 2 || pdu.length !== 2 + length)
    return undefined;
  return { words: bytesToWords(pdu.subarray(2)) };
}

export const wordBytes = (words: readonly number[]): number[] => words.flatMap((w) => [w >> 8, w & 0xff]);
export const bytesToWords = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length >> 1 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
