import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseBoundaries } from './calendar.ts';
import { type GaugeInput, gaugeIntervals } from './gauge.ts';
import { intervalQualities } from './vocabulary.ts';

const minute = 60_000;
const run = (
  readings: readonly (readonly [minute: number, value: number | null])[],
  quarters: number,
  rest: Partial<GaugeInput> = {},
) => {
  const result = gaugeIntervals({
    at_ms: readings.map(([m]) => m * minute),
    value: readings.map(([, value]) => value),
    boundaries_ms: baseBoundaries(0, quarters * 15 * minute),
    ...rest,
  });
  return {
    ...result,
    classes: Array.from(result.quality.subarray(result.from, result.to), (code) => intervalQualities[code]),
  };
};

test('the mean is weighted by time, not by the number of readings', () => {
  // 10 for 10 min, a ramp of 1 min, then 100 for the last 4 min read every minute.
  const result = run(
    [
      [0, 10],
      [10, 10],
      [11, 100],
      [12, 100],
      [13, 100],
      [14, 100],
      [15, 100],
    ],
    1,
  );
  expect(result.mean[0]).toBeCloseTo((10 * 10 + 55 + 4 * 100) / 15, 12);
  expect([result.min[0], result.max[0], result.readings[0]]).toEqual([10, 100, 6]);
  expect(result.classes).toEqual(['measured']);
});

test('positions hold until the next reading', () => {
  expect(
    run(
      [
        [0, 0],
        [5, 1],
        [15, 0],
      ],
      1,
      { rules: { shape: 'step' } },
    ).mean[0],
  ).toBeCloseTo(2 / 3, 12);
});

test('the live edge waits for a reading at or after the end', () => {
  expect(
    run(
      [
        [0, 1],
        [10, 1],
      ],
      1,
    ).to,
  ).toBe(0);
  expect(
    run(
      [
        [0, 1],
        [10, 1],
        [16, 1],
      ],
      2,
    ).to,
  ).toBe(1);
});

test('a value runs through an interval without readings of its own, up to the gap limit', () => {
  const result = run(
    [
      [0, 10],
      [60, 50],
    ],
    4,
  );
  expect(Array.from(result.mean)).toEqual([15, 25, 35, 45]);
  expect([result.min[1], result.max[1], result.readings[1]]).toEqual([20, 30, 0]);
  expect(result.classes).toEqual(['interpolated', 'interpolated', 'interpolated', 'interpolated']);
});

test('over a longer gap nothing is assumed', () => {
  const result = run(
    [
      [0, 10],
      [12, 10],
      [200, 50],
      [210, 50],
    ],
    14,
  );
  expect(result.mean[0]).toBe(10);
  expect(result.classes[0]).toBe('estimated');
  expect(result.classes[5]).toBe('missing');
  expect(result.mean[5]).toBeNaN();
});

test('absent values are left out and a horizon proves what is missing', () => {
  const result = run(
    [
      [0, 4],
      [5, null],
      [15, 4],
    ],
    3,
    { until_ms: 45 * minute },
  );
  expect(Array.from(result.mean)).toEqual([4, Number.NaN, Number.NaN]);
  expect(result.classes).toEqual(['measured', 'missing', 'missing']);
});

const series = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 300 * minute }),
    fc.integer({ min: -1e9, max: 1e9 }).map((v) => v / 1000),
  ),
  { minLength: 2, maxLength: 60 },
);
const derive = (readings: readonly (readonly [number, number])[]) =>
  gaugeIntervals({
    at_ms: readings.map(([at]) => at),
    value: readings.map(([, v]) => v),
    boundaries_ms: baseBoundaries(0, 315 * minute),
  });

test('order and repetition of the input make no difference', () => {
  fc.assert(
    fc.property(
      series.chain((s) =>
        fc.tuple(fc.constant(s), fc.shuffledSubarray(s, { minLength: s.length }), fc.subarray(s)),
      ),
      ([s, shuffled, again]) => {
        expect(derive([...again, ...shuffled])).toEqual(derive(s));
      },
    ),
  );
});

test('the mean of a course lies within the values it runs between', () => {
  fc.assert(
    fc.property(series, (s) => {
      const values = s.map(([, v]) => v);
      for (const mean of derive(s).mean) {
        if (Number.isNaN(mean)) continue;
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
      }
    }),
  );
});
