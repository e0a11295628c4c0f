/** Writes and reads integers in as few bytes as they need: seven bits a byte, the highest bit says that more follow. */
export interface ByteWriter {
  readonly byte: (value: number) => void;
  /** An integer from 0 to 2^53 − 1. */
  readonly unsigned: (value: number) => void;
  /** An integer of up to 2^53 − 1 in magnitude; its sign is the lowest bit of the first byte. */
  readonly signed: (value: number) => void;
  readonly bytes: () => Buffer;
}

export function byteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(4096);
  let length = 0;
  const byte = (value: number): void => {
    if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
    buffer[length++] = value;
  };
  const unsigned = (value: number): void => {
    let rest = value;
    while (rest > 0x7f) {
      byte(0x80 | (rest % 0x80));
      rest = Math.floor(rest / 0x80);
    }
    byte(rest);
  };
  return {
    byte,
    unsigned,
    signed: (value) => {
      const magnitude = Math.abs(value);
      const first = ((magnitude % 0x40) << 1) | (value < 0 ? 1 : 0);
      if (magnitude < 0x40) byte(first);
      else {
        byte(0x80 | first);
        unsigned(Math.floor(magnitude / 0x40));
      }
    },
    bytes: () => buffer.subarray(0, length),
  };
}

export interface ByteReader {
  readonly byte: () => number;
  readonly unsigned: () => number;
  readonly signed: () => number;
  /** Fills the first `count` places of `into` with the running sum of signed steps that begins at `from`. */
  readonly sums: (into: Float64Array, count: number, from: number) => void;
  readonly isAtEnd: () => boolean;
}

/** Each function throws where the bytes end too early or an integer is beyond 2^53. */
export function byteReader(bytes: Uint8Array): ByteReader {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new Error('the batch ends too early');
    return value;
  };
  const unsigned = (): number => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const next = byte();
      value += (next & 0x7f) * factor;
      if (!Number.isSafeInteger(value)) throw new Error('the batch holds an integer beyond 2^53');
      if (next < 0x80) return value;
      factor *= 0x80;
    }
  };
  const signed = (): number => {
    const first = byte();
    const low = (first & 0x7f) >> 1;
    const magnitude = first < 0x80 ? low : low + 0x40 * unsigned();
    if (!Number.isSafeInteger(magnitude)) throw new Error('the batch holds an integer beyond 2^53');
    return first & 1 && magnitude !== 0 ? -magnitude : magnitude;
  };
  return {
    byte,
    unsigned,
    signed,
    sums: (into, count, from) => {
      let sum = from;
      for (let i = 0; i < count; i++) {
        const first = bytes[at] as number;
        if (first < 0x80) {
          // Most steps fit in one byte.
          at++;
          sum += first & 1 ? -(first >> 1) : first >> 1;
        } else sum += signed();
        into[i] = sum;
      }
    },
    isAtEnd: () => at === bytes.length,
  };
}
