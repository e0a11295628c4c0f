/** Types of values in registers. A word is 16 bits; longer values take consecutive words. */
export const registerWords = {
  u16: 1,
  s16: 1,
  u32: 2,
  s32: 2,
  u48: 3,
  u64: 4,
  s64: 4,
  f32: 2,
} as const;
export type RegisterType = keyof typeof registerWords;
/** Which word of a value has the lowest address. */
export type WordOrder = 'highFirst' | 'lowFirst';

export const wordsOf = (type: RegisterType): number => registerWords[type];

/**
 * The unsigned content of consecutive words (0 to 65 535 each).
 * Exact for up to 64 bits.
 */
export function unsignedContent(words: readonly number[], order: WordOrder = 'highFirst'): bigint {
  const ordered = order === 'highFirst' ? words : words.toReversed();
  return ordered.reduce((content, word) => (content << 16n) | BigInt(word & 0xffff), 0n);
}

/**
 * The number that words hold, by two's complement or IEEE 754.
 * Undefined where the content is beyond 2^53 or not a finite number: it is then no value, never a rounded one.
 */
export function decodeWords(
  words: readonly number[],
  type: RegisterType,
  order: WordOrder = 'highFirst',
): number | undefined {
  if (words.length !== wordsOf(type))
    throw new Error(`${type} takes ${wordsOf(type)} words, got ${words.length}`);
  const content = unsignedContent(words, order);
  const bits = 16 * words.length;
  if (type === 'f32') {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, Number(content));
    const number = view.getFloat32(0);
    return Number.isFinite(number) ? number : undefined;
  }
  const number = Number(type.startsWith('s') ? BigInt.asIntN(bits, content) : content);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * The words that hold a number: the inverse of `decodeWords`.
 * @throws Error where the number does not fit the type.
 */
export function encodeWords(number: number, type: RegisterType, order: WordOrder = 'highFirst'): number[] {
  const count = wordsOf(type);
  let content: bigint;
  if (type === 'f32') {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, number);
    content = BigInt(view.getUint32(0));
  } else {
    const bits = 16 * count;
    const signed = type.startsWith('s');
    const integer = BigInt(number);
    const fits = signed
      ? BigInt.asIntN(bits, integer) === integer
      : BigInt.asUintN(bits, integer) === integer;
    if (!fits) throw new Error(`${number} does not fit ${type}`);
    content = BigInt.asUintN(bits, integer);
  }
  const words: number[] = [];
  for (let i = count - 1; i >= 0; i--) words.push(Number((content >> BigInt(16 * i)) & 0xffffn));
  return order === 'highFirst' ? words : words.reverse();
}
