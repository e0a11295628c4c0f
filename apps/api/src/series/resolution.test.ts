import { AppError } from '@wattproof/runtime';
import { describe, expect, it } from 'vitest';
import { bucketWidth_s, chooseResolution, pointLimit, type ResolutionWish } from './resolution.ts';

const day_s = 86_400;
const auto = (length_s: number, kind: ResolutionWish['kind'] = 'counter') =>
  chooseResolution({ wish: 'auto', length_s, kind, base_s: 900 });

describe('resolution of a series', () => {
  it('is the coarsest tier that fills a screen', () => {
    expect(auto(day_s)).toBe('base');
    expect(auto(7 * day_s)).toBe('base');
    expect(auto(31 * day_s)).toBe('hour');
    expect(auto(400 * day_s)).toBe('day');
    expect(auto(30 * 365 * day_s)).toBe('month');
  });

  it('shows single readings of gauges over hours only, of counters never', () => {
    expect(auto(3_600, 'gauge')).toBe('raw');
    expect(auto(7 * 3_600, 'gauge')).toBe('base');
    expect(auto(3_600, 'counter')).toBe('base');
  });

  it('never gives more points than allowed', () => {
    for (const days of [1, 3, 12, 13, 31, 200, 299, 301, 400, 3_650]) {
      const tier = auto(days * day_s);
      const step = { base: 900, hour: 3_600, day: day_s, month: 28 * day_s, raw: 1 }[tier];
      expect((days * day_s) / step, `${days} days`).toBeLessThanOrEqual(pointLimit);
    }
    expect(() =>
      chooseResolution({ wish: 'base', length_s: 400 * day_s, kind: 'counter', base_s: 900 }),
    ).toThrow(AppError);
    expect(Math.ceil((31 * day_s) / bucketWidth_s(31 * day_s))).toBeLessThanOrEqual(pointLimit);
  });
});
