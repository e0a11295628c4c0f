import { describe, expect, test } from 'vitest';
import { indexText, parseIndex, parseNumber } from './parse-number.ts';

test('numbers as people write them', () => {
  expect(parseNumber('1\u202f250,5')).toBe(1250.5);
  expect(parseNumber('\u22123.2')).toBe(-3.2);
  for (const text of ['', '1,2,3', '1e5', 'NaN', '12 kWh']) expect(parseNumber(text)).toBeNull();
});

describe('an index on a display', () => {
  test('becomes base units without rounding', () => {
    expect(parseIndex('12 345,678', 3)).toBe(12_345_678);
    expect(parseIndex('0.1', 3)).toBe(100);
    expect(parseIndex('999990', 0)).toBe(999_990);
  });

  test('is refused where the base unit cannot hold it', () => {
    for (const text of ['1.2345', '-3', '', 'abc', '99999999999999999'])
      expect(parseIndex(text, 3)).toBeNull();
    expect(parseIndex('1.5', 0)).toBeNull();
  });

  test('goes back to the text it came from', () => {
    for (const text of ['12345.678', '0.1', '7', '0', '0.005'])
      expect(indexText(parseIndex(text, 3) ?? -1, 3)).toBe(text);
  });
});
