import { describe, expect, test } from 'vitest';
import { mergeRanges, sliceRange } from './time-range.ts';

const range = (from_ms: number, to_ms: number) => ({ from_ms, to_ms });

describe('mergeRanges', () => {
  test('orders, joins what overlaps or touches, keeps what lies apart', () => {
    expect(mergeRanges([range(50, 60), range(0, 10), range(10, 20), range(5, 12)])).toEqual([
      range(0, 20),
      range(50, 60),
    ]);
  });
  test('joins over gaps up to the given one', () => {
    expect(mergeRanges([range(0, 10), range(15, 20), range(30, 40)], 5)).toEqual([
      range(0, 20),
      range(30, 40),
    ]);
  });
  test('a contained range changes nothing', () => {
    expect(mergeRanges([range(0, 100), range(20, 30)])).toEqual([range(0, 100)]);
  });
});

describe('sliceRange', () => {
  test('pieces join to the whole and none is longer than asked', () => {
    expect(sliceRange(range(0, 25), 10)).toEqual([range(0, 10), range(10, 20), range(20, 25)]);
  });
  test('a single instant stays one piece', () => {
    expect(sliceRange(range(7, 7), 10)).toEqual([range(7, 7)]);
  });
});
