import { expect, test } from 'vitest';
import { meteringHalfWidth_wh, uncancelled_wh } from './metering-uncertainty.ts';

const days = (n: number, wh: number): number[] => new Array<number>(n).fill(wh);

test('at the same load only the saving is uncertain, and nothing where there is none', () => {
  expect(uncancelled_wh({ expected_wh: days(365, 800), actual_wh: days(365, 800) })).toBe(0);
  // Five hours less of the same load a day cannot be told from a day of it less.
  expect(uncancelled_wh({ expected_wh: days(365, 800), actual_wh: days(345, 800) })).toBeCloseTo(20 * 800, 6);
});

test('energy that moved to another load does not cancel though the sum is the same', () => {
  const moved = (low: number, high: number): number =>
    uncancelled_wh({
      expected_wh: days(200, 1000),
      actual_wh: [...days(100, low), ...days(100, high)],
    });
  expect(moved(990, 1010)).toBeLessThan(0.002 * 200_000);
  expect(moved(500, 1500)).toBeGreaterThan(0.1 * 200_000);
  expect(moved(250, 1750)).toBeGreaterThan(moved(500, 1500));
});

test('loads far apart err as two chains would', () => {
  const expected_wh = days(100, 1000);
  const actual_wh = days(100, 1000 / 32);
  expect(uncancelled_wh({ expected_wh, actual_wh })).toBeCloseTo(Math.hypot(100_000, 100_000 / 32), 0);
});

test('another unit gives the same share, another order the same figure', () => {
  const expected_wh = Array.from({ length: 60 }, (_, i) => 900 + 10 * ((i * 7) % 11));
  const actual_wh = expected_wh.map((wh, i) => wh * (0.94 + ((i * 5) % 7) / 200));
  const one = uncancelled_wh({ expected_wh, actual_wh });
  const kilo = uncancelled_wh({
    expected_wh: expected_wh.map((wh) => wh * 1024),
    actual_wh: actual_wh.map((wh) => wh * 1024),
  });
  expect(kilo / 1024).toBeCloseTo(one, 9);
  expect(
    uncancelled_wh({ expected_wh: expected_wh.toReversed(), actual_wh: actual_wh.toReversed() }),
  ).toBeCloseTo(one, 9);
});

test('a replaced chain errs on both sums; no chain says nothing; standstill has no load', () => {
  const at = { expected_wh: days(10, 100), actual_wh: days(10, 90) };
  const part = (chain: 'unchanged' | 'replaced'): number =>
    meteringHalfWidth_wh({ standardUncertainty_percent: 1, chain }, at, 0.95);
  expect(part('replaced')).toBeCloseTo(1.959964 * 0.01 * Math.hypot(1000, 900), 4);
  expect(part('unchanged')).toBeLessThan(part('replaced') / 4);
  expect(meteringHalfWidth_wh(null, at, 0.95)).toBe(0);
  expect(uncancelled_wh({ expected_wh: days(5, 0), actual_wh: days(5, 0) })).toBe(0);
});
