import { decodeWords, type RegisterType, unsignedContent, wordsOf } from './register.ts';

/** Orders of the four bytes of a 32-bit value, as devices use them: A is the most significant byte. */
export const byteOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type ByteOrder = (typeof byteOrders)[number];

export interface CodedNumber {
  readonly words: readonly number[];
  /** `0003 9918` */
  readonly hexadecimal: string;
  /** Groups of four bits. */
  readonly binary: string;
  /** Printable characters, others as dots. */
  readonly text: string;
  readonly unsigned: bigint;
  readonly signed: bigint;
  /** The four orders of a 32-bit IEEE 754 number; null where it is not finite. Empty unless there are two words. */
  readonly floats: Readonly<Partial<Record<ByteOrder, number | null>>>;
  /** The four orders as unsigned integer; empty unless there are two words. */
  readonly integers: Readonly<Partial<Record<ByteOrder, number>>>;
}

const swap = (word: number): number => ((word & 0xff) << 8) | (word >> 8);

/** Two words in an order, the most significant first. */
function ordered([first = 0, second = 0]: readonly number[], order: ByteOrder): readonly number[] {
  switch (order) {
    case 'ABCD':
      return [first, second];
    case 'CDAB':
      return [second, first];
    case 'BADC':
      return [swap(first), swap(second)];
    case 'DCBA':
      return [swap(second), swap(first)];
  }
}

/** Every reading of one to four registers as a person or a device may mean them. */
export function codingsOf(words: readonly number[]): CodedNumber {
  if (words.length < 1 || words.length > 4) throw new RangeError('one to four words');
  for (const word of words)
    if (!Number.isInteger(word) || word < 0 || word > 0xffff) throw new RangeError(`${word} is no word`);
  const unsigned = unsignedContent(words);
  const hex = words.map((w) => w.toString(16).toUpperCase().padStart(4, '0'));
  const pair = words.length === 2;
  return {
    words,
    hexadecimal: hex.join(' '),
    binary: words.map((w) => (w.toString(2).padStart(16, '0').match(/.{4}/g) ?? []).join(' ')).join('  '),
    text: words
      .flatMap((w) => [w >> 8, w & 0xff])
      .map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.'))
      .join(''),
    unsigned,
    signed: BigInt.asIntN(16 * words.length, unsigned),
    floats: pair
      ? Object.fromEntries(byteOrders.map((o) => [o, decodeWords(ordered(words, o), 'f32') ?? null]))
      : {},
    integers: pair
      ? Object.fromEntries(byteOrders.map((o) => [o, decodeWords(ordered(words, o), 'u32') ?? 0]))
      : {},
  };
}

/**
 * The words that a person wrote: `235800` or `-19` (decimal; as many words as it takes, at least `least`), `00 03 99 18`,
 * `399 18h`, `0x39918` (hexadecimal), `1001b` (binary). Undefined where it is none of these or more than 64 bits.
 */
export function parseWords(text: string, least: 1 | 2 | 4 = 1): readonly number[] | undefined {
  const trimmed = text.trim();
  const bare = trimmed.replace(/[\s_\u202f\u00a0]/g, '');
  const hex =
    /^0x([0-9a-f]+)$/i.exec(bare)?.[1] ??
    /^([0-9a-f]+)h$/i.exec(bare)?.[1] ??
    // Bytes or words with blanks between them, as frames are printed.
    (/^[0-9a-f]{2}([\s][0-9a-f]{2})+$/i.test(trimmed) || /^[0-9a-f]{4}([\s][0-9a-f]{4})+$/i.test(trimmed)
      ? bare
      : undefined) ??
    (/^[0-9a-f]*[a-f][0-9a-f]*$/i.test(bare) && !/^[01]+b$/i.test(bare) ? bare : undefined);
  const binary = /^([01]+)b$/i.exec(bare)?.[1];
  const decimal = /^[-−]?\d+$/.test(bare) ? bare.replace('−', '-') : undefined;
  const value = binary
    ? BigInt(`0b${binary}`)
    : hex
      ? BigInt(`0x${hex}`)
      : decimal
        ? BigInt(decimal)
        : undefined;
  if (value === undefined) return undefined;
  const digits = binary ? Math.ceil(binary.length / 16) : hex ? Math.ceil(hex.length / 4) : 0;
  const count = [1, 2, 4].find(
    (n) =>
      n >= least &&
      n >= digits &&
      (value < 0n ? BigInt.asIntN(16 * n, value) === value : BigInt.asUintN(16 * n, value) === value),
  );
  if (count === undefined) return undefined;
  const content = BigInt.asUintN(16 * count, value);
  return Array.from({ length: count }, (_, i) => Number((content >> BigInt(16 * (count - 1 - i))) & 0xffffn));
}

/** Largest value of n bits: 2ⁿ − 1 unsigned, 2ⁿ⁻¹ − 1 signed (the guide prints 2ⁿ⁻¹ for unsigned, which is a slip). */
export const largestOf = (bits: number, isSigned: boolean): bigint =>
  2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;

/** A register in its three names: number (counted from 1), address (from 0), and the address in hexadecimal. */
export const registerNames = (
  address: number,
): { readonly number: number; readonly address: number; readonly hexadecimal: string } => ({
  number: address + 1,
  address,
  hexadecimal: `${address.toString(16).toUpperCase().padStart(4, '0')}h`,
});

/** A value scaled as a register table says: count × scale. */
export const scaledValue = (
  words: readonly number[],
  type: RegisterType,
  scale: number,
): number | undefined => {
  if (words.length !== wordsOf(type)) return undefined;
  const count = decodeWords(words, type);
  // Scales are powers of ten in tables: dividing keeps 235 800 × 0.001 at 235.8.
  return count === undefined ? undefined : scale < 1 ? count / Math.round(1 / scale) : count * scale;
};
