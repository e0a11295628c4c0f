import { expect, it } from 'vitest';
import { backOff_ms } from './back-off.ts';

it('doubles up to its limit, and takes a random half to whole of it', () => {
  const limits = { first_ms: 1000, longest_ms: 60_000 };
  expect([0, 1, 2, 10, 5000].map((attempt) => backOff_ms(attempt, limits, 1))).toEqual([
    1000, 2000, 4000, 60_000, 60_000,
  ]);
  expect(backOff_ms(2, limits, 0)).toBe(2000);
});
