import { expect, test } from 'vitest';
import { outside_w } from './outside-band.ts';

const use = (power_w: number | null) => ({
  use: 'lighting' as const,
  power_w,
  at: null,
  stale: false,
  expected: { value_w: 10_000, low_w: 9_000, high_w: 11_000 },
});

test('a use inside its band is as expected', () => {
  expect(outside_w(use(10_900), 100_000)).toBe(0);
  expect(outside_w(use(null), 100_000)).toBe(0);
});

test('outside its band it counts with its whole difference, where that matters to the site', () => {
  expect(outside_w(use(13_000), 200_000)).toBe(3_000);
  expect(outside_w(use(8_000), 200_000)).toBe(-2_000);
  expect(outside_w(use(13_000), 900_000)).toBe(0);
});
