import { describe, expect, it } from 'vitest';
import { decodeWords, encodeWords, type RegisterType, unsignedContent } from './register.ts';

describe('decodeWords', () => {
  it.each([
    // The guide's conversions: 0A53h = 2 643, A30Fh = 41 743, FFFF FFEDh = −19.
    [[0x0a53], 'u16', 2643],
    [[0xa30f], 'u16', 41_743],
    [[0xffff, 0xffed], 's32', -19],
    [[0xffff, 0xffed], 'u32', 4_294_967_277],
    [[0x8000], 's16', -32_768],
    [[0x0001, 0x0002, 0x0003], 'u48', 4_295_098_371],
    [[0x4048, 0xf5c3], 'f32', Math.fround(3.14)],
    [[0xffff, 0xffff, 0xffff, 0xfffe], 's64', -2],
  ] as [number[], RegisterType, number][])('%j as %s is %d', (words, type, expected) => {
    expect(decodeWords(words, type)).toBe(expected);
    expect(encodeWords(expected, type)).toEqual(words);
    expect(encodeWords(expected, type, 'lowFirst')).toEqual(words.toReversed());
  });

  it('gives no value rather than a rounded or impossible one', () => {
    expect(decodeWords([0xffff, 0xffff, 0xffff, 0xffff], 'u64')).toBeUndefined();
    expect(decodeWords([0x7fc0, 0], 'f32')).toBeUndefined();
    expect(() => decodeWords([1], 'u32')).toThrow(/2 words/);
  });

  it('takes the word order into account', () => {
    expect(decodeWords([0x9918, 0x0003], 'u32', 'lowFirst')).toBe(235_800);
    expect(unsignedContent([0x0003, 0x9918])).toBe(235_800n);
  });
});

describe('encodeWords', () => {
  it('refuses what does not fit', () => {
    expect(() => encodeWords(65_536, 'u16')).toThrow(/does not fit/);
    expect(() => encodeWords(-1, 'u32')).toThrow(/does not fit/);
  });
});
