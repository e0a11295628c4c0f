import { expect, test } from 'vitest';
import { temperatureParts, usefulEndPoints } from './temperature-bin.ts';

test('the parts of a temperature add up to it, each within its bin', () => {
  for (const t of [-12, 0, 29.9, 30, 47, 91]) {
    const parts = temperatureParts(t, [30, 45, 90]);
    expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(t, 12);
    expect(parts).toHaveLength(4);
  }
  expect(temperatureParts(50, [30, 45, 90])).toEqual([30, 15, 5, 0]);
  expect(temperatureParts(50, [])).toEqual([50]);
});

test('thin bins are joined from the outside in', () => {
  const many = (t: number, n: number): number[] => Array.from({ length: n }, () => t);
  expect(usefulEndPoints([...many(20, 25), ...many(40, 25), ...many(60, 25)], [30, 50], 20)).toEqual([
    30, 50,
  ]);
  expect(usefulEndPoints([...many(20, 5), ...many(40, 25), ...many(60, 25)], [30, 50], 20)).toEqual([50]);
  expect(usefulEndPoints([...many(20, 25), ...many(40, 5), ...many(60, 25)], [30, 50], 20)).toEqual([30]);
  expect(usefulEndPoints(many(20, 5), [30, 50], 20)).toEqual([]);
});
