import { expect, test } from 'vitest';
import { pareto, rankChanges } from './pareto.ts';

test('the smallest set that reaches the threshold, unknown items apart', () => {
  const ranked = pareto(
    [
      { key: 'light', value: 10 },
      { key: 'cold', value: 50 },
      { key: 'air', value: 30 },
      { key: 'steam', value: null },
      { key: 'office', value: 10 },
    ],
    0.8,
  );
  expect(ranked.map(({ key, rank, isWithinThreshold }) => [key, rank, isWithinThreshold])).toEqual([
    ['cold', 1, true],
    ['air', 2, true],
    ['light', 3, false],
    ['office', 4, false],
    ['steam', null, false],
  ]);
  expect(ranked.map(({ cumulativeShare }) => cumulativeShare)).toEqual([0.5, 0.8, 0.9, 1, null]);
  expect(() => pareto([], 0)).toThrow(RangeError);
});

test('what changed between two decisions', () => {
  const before = [
    { key: 'cold', rank: 1 },
    { key: 'air', rank: 2 },
    { key: 'light', rank: 3 },
  ];
  const after = [
    { key: 'air', rank: 1 },
    { key: 'cold', rank: 2 },
    { key: 'steam', rank: 3 },
  ];
  expect(rankChanges(before, after).map(({ key, change }) => [key, change])).toEqual([
    ['air', 'up'],
    ['cold', 'down'],
    ['light', 'removed'],
    ['steam', 'added'],
  ]);
});
