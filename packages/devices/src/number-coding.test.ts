import { expect, test } from 'vitest';
import { codingsOf, largestOf, parseWords, registerNames, scaledValue } from './number-coding.ts';

// The guide's chapter on coding systems, p. 112–115.
test('2643 is 0A53 and 0000 1010 0101 0011', () => {
  const coded = codingsOf(parseWords('2643') ?? []);
  expect(coded.hexadecimal).toBe('0A53');
  expect(coded.binary).toBe('0000 1010 0101 0011');
  expect(parseWords('0A53h')).toEqual([2643]);
  expect(parseWords('0000 1010 0101 0011b')).toEqual([2643]);
});

test('A30F is 41 743, 1001b is 9, 9548 stays 9548', () => {
  expect(codingsOf(parseWords('A30F') ?? []).unsigned).toBe(41_743n);
  expect(codingsOf(parseWords('1001b') ?? []).unsigned).toBe(9n);
  expect(codingsOf(parseWords('9548') ?? []).unsigned).toBe(9548n);
});

test('00 03 99 18 is 235 800, so 235.8 V; 00 52 is 82, so 0.82', () => {
  const words = parseWords('00 03 99 18') ?? [];
  expect(words).toEqual([3, 0x9918]);
  expect(scaledValue(words, 'u32', 0.001)).toBe(235.8);
  expect(scaledValue(parseWords('00 52') ?? [], 'u16', 0.01)).toBe(0.82);
});

test('FF FF FF ED is −19, so −0.19 kW, and back', () => {
  const words = parseWords('FF FF FF ED') ?? [];
  expect(codingsOf(words).signed).toBe(-19n);
  expect(codingsOf(words).unsigned).toBe(4_294_967_277n);
  expect(scaledValue(words, 's32', 0.01)).toBe(-0.19);
  expect(parseWords('−19', 2)).toEqual([0xffff, 0xffed]);
});

test('51079 is the register at C786h', () => {
  expect(registerNames(51_078)).toEqual({ number: 51_079, address: 51_078, hexadecimal: 'C786h' });
});

test('a byte ends at 255, a word at 65 535, a signed long at 2 147 483 647', () => {
  expect([largestOf(8, false), largestOf(16, false), largestOf(32, true)]).toEqual([
    255n,
    65_535n,
    2_147_483_647n,
  ]);
});

test('a number has four orders of bytes', () => {
  // 123.456 is 42F6 E979 in IEEE 754.
  expect(codingsOf([0x42f6, 0xe979]).floats.ABCD).toBeCloseTo(123.456, 4);
  expect(codingsOf([0xe979, 0x42f6]).floats.CDAB).toBeCloseTo(123.456, 4);
  expect(codingsOf([0xf642, 0x79e9]).floats.BADC).toBeCloseTo(123.456, 4);
  expect(codingsOf([0x79e9, 0xf642]).floats.DCBA).toBeCloseTo(123.456, 4);
  expect(codingsOf([0x7f80, 0]).floats.ABCD).toBeNull();
  expect(codingsOf([1, 2]).integers).toEqual({
    ABCD: 0x00010002,
    CDAB: 0x00020001,
    BADC: 0x01000200,
    DCBA: 0x02000100,
  });
  expect(codingsOf([1]).floats).toEqual({});
});

test('what is no number is none', () => {
  for (const text of ['', 'x', '12,5', '0x', '2x', 'FFFFFFFFFFFFFFFFFh', '18446744073709551616'])
    expect(parseWords(text)).toBeUndefined();
  expect(parseWords('18446744073709551615')).toEqual([0xffff, 0xffff, 0xffff, 0xffff]);
  expect(codingsOf([0x4c65, 0x6772]).text).toBe('Legr');
  expect(() => codingsOf([])).toThrow(RangeError);
  expect(() => codingsOf([65_536])).toThrow(RangeError);
  expect(scaledValue([1, 2], 'u16', 1)).toBeUndefined();
});
