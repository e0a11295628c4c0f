import { AppError } from '@wattproof/runtime';
import { describe, expect, it } from 'vitest';
import { chooseResolution, pointsOfEach, type ResolutionWish, resolutionOfWish } from './resolution.ts';

const day_s = 86_400;
const auto = (length_s: number, more: Partial<ResolutionWish> = {}) =>
  chooseResolution({
    wish: 'auto',
    length_s,
    mayBeRaw: false,
    base_s: 900,
    points: 300,
    limit: pointsOfEach(1),
    ...more,
  });

describe('resolution of a series', () => {
  it('is the coarsest tier that fills a screen', () => {
    expect(auto(day_s)).toBe('base');
    expect(auto(7 * day_s)).toBe('base');
    expect(auto(31 * day_s)).toBe('hour');
    expect(auto(400 * day_s)).toBe('day');
    expect(auto(30 * 365 * day_s)).toBe('month');
  });

  it('follows the width of the screen and the base interval of the site', () => {
    expect(auto(31 * day_s, { points: 1_500 })).toBe('base');
    expect(auto(365 * day_s, { points: 1_500 })).toBe('day');
    expect(auto(31 * day_s, { points: 1_500, base_s: 300 })).toBe('hour');
    expect(auto(10 * day_s, { points: 1_500, base_s: 300 })).toBe('base');
  });

  it('shows single readings of gauges over hours only, of counters never', () => {
    expect(auto(3_600, { mayBeRaw: true })).toBe('raw');
    expect(auto(7 * 3_600, { mayBeRaw: true })).toBe('base');
    expect(auto(3_600)).toBe('base');
  });

  it('never gives more points than allowed, in one series or in all', () => {
    for (const series of [1, 20, 60, 240])
      for (const base_s of [300, 900, 3_600])
        for (const days of [1, 3, 12, 13, 31, 200, 299, 301, 400, 3_650]) {
          const limit = pointsOfEach(series);
          const tier = auto(days * day_s, { limit, base_s });
          const step = { base: base_s, hour: 3_600, day: day_s, month: 28 * day_s, raw: 1 }[tier];
          expect((days * day_s) / step, `${days} days`).toBeLessThanOrEqual(limit);
          expect(limit * series).toBeLessThanOrEqual(100_000);
        }
    expect(() => auto(400 * day_s, { wish: 'base' })).toThrow(AppError);
  });

  it('is known before the meters are where no base interval would change it', () => {
    const of = (length_s: number, more: Partial<ResolutionWish> = {}) =>
      resolutionOfWish({
        wish: 'auto',
        length_s,
        mayBeRaw: false,
        points: 300,
        limit: pointsOfEach(1),
        ...more,
      });
    expect(of(30 * day_s)).toBe('hour');
    expect(of(365 * day_s, { wish: 'day' })).toBe('day');
    expect(of(30 * day_s, { points: 1_500 })).toBeUndefined();
    expect(of(7 * day_s)).toBe('base');
    expect(of(30 * day_s, { wish: 'base' })).toBeUndefined();
    expect(of(3_600, { mayBeRaw: true })).toBeUndefined();
    expect(of(3_600, { wish: 'raw' })).toBeUndefined();
  });
});
