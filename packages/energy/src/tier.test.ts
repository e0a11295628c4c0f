import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseBoundaries, baseInterval_ms, localMidnight_ms, periodBoundaries } from './calendar.ts';
import { addQualityCounts, qualityCounts, qualityShares, tier, worstQuality } from './tier.ts';

const zone = 'Europe/Paris';
const starts = (from_ms: number, to_ms: number): number[] => baseBoundaries(from_ms, to_ms).slice(0, -1);
const sum = (column: ArrayLike<number>, count: number): number =>
  Array.from(column)
    .slice(0, count)
    .reduce((a, b) => a + b, 0);

test.each([
  ['2026-03-29', 92],
  ['2026-10-25', 100],
  ['2026-06-01', 96],
])('the day %s expects %i quarter hours', (date, expected) => {
  const begin = localMidnight_ms(zone, date);
  const boundaries = periodBoundaries(zone, 'day', begin, begin + 1);
  const all = starts(boundaries[0] as number, boundaries[1] as number);
  const day = tier({ start_ms: all, delta: all.map(() => 7), quality: all.map(() => 0) }, boundaries);
  expect(day.count).toBe(1);
  expect(day.delta[0]).toBe(7 * expected);
  expect(day.duration_s[0]).toBe(expected * 900);
  expect(qualityCounts(day, 0)).toEqual({
    n_measured: expected,
    n_interpolated: 0,
    n_estimated: 0,
    n_manual: 0,
    n_missing: 0,
  });
});

test('missing intervals are counted whether they are rows or holes, and nothing is scaled up', () => {
  const all = starts(0, 4 * baseInterval_ms).filter((_, i) => i !== 1);
  const hour = tier({ start_ms: all, delta: [10, null, 30], quality: [0, 4, 2] }, [0, 4 * baseInterval_ms]);
  expect(hour.delta[0]).toBe(40);
  const counts = qualityCounts(hour, 0);
  expect(counts).toEqual({ n_measured: 1, n_interpolated: 0, n_estimated: 1, n_manual: 0, n_missing: 2 });
  expect(qualityShares(counts)).toEqual({
    measured: 0.25,
    interpolated: 0,
    estimated: 0.25,
    manual: 0,
    missing: 0.5,
  });
  expect(worstQuality(counts)).toBe('estimated');
});

test('periods after the last interval have no row: every column ends there', () => {
  const all = starts(0, 2 * baseInterval_ms);
  const periods = [0, 1, 2, 3, 4].map((n) => n * baseInterval_ms);
  const { count, ...columns } = tier({ start_ms: all, mean: [1, 2], quality: [0, 0] }, periods);
  expect(count).toBe(2);
  for (const column of Object.values(columns)) expect(column).toHaveLength(2);
  expect([...columns.start_ms]).toEqual(all);
});

test('a period of which nothing is known is missing, not zero', () => {
  const hour = tier({ start_ms: [], delta: [], quality: [] }, [0, 3_600_000], {
    since_ms: 0,
    until_ms: 3_600_000,
  });
  expect(hour.delta[0]).toBeNaN();
  expect(worstQuality(qualityCounts(hour, 0))).toBe('missing');
});

test('nothing is expected before the series exists or after it is known', () => {
  const all = starts(900_000, 2_700_000);
  const base = { start_ms: all, delta: [1, 2], quality: [0, 0] };
  const hours = tier(base, [0, 3_600_000, 7_200_000]);
  expect(hours.count).toBe(1);
  expect(hours.n_missing[0]).toBe(0);
  const until = tier(base, [0, 3_600_000, 7_200_000], { since_ms: 0, until_ms: 3_600_000 });
  expect(until.n_missing[0]).toBe(2);
});

test('gauges give the mean of means and the extremes', () => {
  const hour = tier(
    {
      start_ms: starts(0, 3_600_000),
      mean: [1, 2, null, 6],
      min: [0, 1, null, 5],
      max: [2, 9, null, 7],
      quality: [0, 0, 4, 1],
    },
    [0, 3_600_000],
  );
  expect([hour.mean[0], hour.min[0], hour.max[0]]).toEqual([3, 0, 9]);
  expect(hour.delta[0]).toBeNaN();
});

test('disorder and unknown classes are refused', () => {
  expect(() =>
    tier({ start_ms: [900_000, 0], delta: [1, 1], quality: [0, 0] }, [0, 3_600_000], { since_ms: 0 }),
  ).toThrow(RangeError);
  expect(() => tier({ start_ms: [0], delta: [1], quality: [9] }, [0, 3_600_000])).toThrow(RangeError);
});

test('hours add up to days and days to months, exactly, over both clock changes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 500 }), (pattern) => {
      const from = localMidnight_ms(zone, '2026-03-01');
      const to = localMidnight_ms(zone, '2026-11-01');
      const start_ms = starts(from, to);
      const delta = start_ms.map((_, i) => pattern[i % pattern.length] as number);
      const base = { start_ms, delta, quality: delta.map((wh) => wh % 5) };
      const present = delta.filter((wh) => wh % 5 !== 4).reduce((a, b) => a + b, 0);
      for (const unit of ['hour', 'day', 'month'] as const) {
        const rows = tier(base, periodBoundaries(zone, unit, from, to));
        const known = rows.delta.slice(0, rows.count).filter((wh) => !Number.isNaN(wh));
        expect(sum(known, known.length)).toBe(present);
        let total = { n_measured: 0, n_interpolated: 0, n_estimated: 0, n_manual: 0, n_missing: 0 };
        for (let row = 0; row < rows.count; row++) total = addQualityCounts(total, qualityCounts(rows, row));
        expect(Object.values(total).reduce((a, b) => a + b)).toBe(start_ms.length);
      }
    }),
    { numRuns: 10 },
  );
});
