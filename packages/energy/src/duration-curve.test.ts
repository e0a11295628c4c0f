import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationCurve } from './duration-curve.ts';

const curveOf = (value: readonly number[], points = 1_000, duration_s = value.map(() => 900)) =>
  durationCurve({ start_ms: value.map((_, i) => i * 900_000), duration_s, value }, points);

describe('load duration curve', () => {
  it('falls from the highest to the lowest and counts the hours', () => {
    const curve = curveOf([10, 40, 20, 30]);
    expect(curve.value).toEqual([40, 30, 20, 10]);
    expect(curve.hours).toEqual([0.25, 0.5, 0.75, 1]);
    expect([curve.mean, curve.loadFactor]).toEqual([25, 25 / 40]);
    expect(curve.highest).toEqual({ value: 40, start_ms: 900_000 });
    expect(curve.quantiles.find((q) => q.share === 0.5)?.value).toBe(30);
  });

  it('weighs by duration and counts what is missing apart', () => {
    const curve = curveOf([100, Number.NaN, 0], 10, [900, 7_200, 2_700]);
    expect([curve.mean, curve.known_h, curve.missing_h]).toEqual([25, 1, 2]);
    expect(curve.lowest?.value).toBe(0);
  });

  it('is empty where nothing is known', () => {
    expect(curveOf([Number.NaN])).toMatchObject({
      value: [],
      mean: null,
      highest: null,
      quantiles: [],
      missing_h: 0.25,
    });
    expect(() => curveOf([1], 1)).toThrow(RangeError);
  });

  it('keeps both ends, falls, and never gives more points than asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 500 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 2, max: 60 }),
        (value, points) => {
          const curve = curveOf(value, points);
          expect(curve.value.length).toBeLessThanOrEqual(points);
          expect(curve.value[0]).toBe(Math.max(...value));
          expect(curve.value.at(-1)).toBe(Math.min(...value));
          expect(curve.hours.at(-1)).toBeCloseTo(value.length / 4);
          for (let i = 1; i < curve.value.length; i++)
            expect(curve.value[i]).toBeLessThanOrEqual(curve.value[i - 1] as number);
        },
      ),
    );
  });
});
