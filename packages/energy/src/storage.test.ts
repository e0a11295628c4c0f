import { describe, expect, it } from 'vitest';
import { bytesAfter, chunkWidth_s } from './storage.ts';

const day_s = 86_400;
const width = (gigabytesPerDay: number, more: object = {}) =>
  chunkWidth_s({
    bytesPerDay: gigabytesPerDay * 1e9,
    budget_bytes: 4e9,
    span_days: 30,
    widest_s: 14 * day_s,
    ...more,
  });

describe('width of chunks', () => {
  it('is as wide as the budget allows', () => {
    expect(width(0)).toBe(14 * day_s);
    expect(width(0.1)).toBe(14 * day_s);
    expect(width(0.5)).toBe(7 * day_s);
    expect(width(3)).toBe(day_s);
    expect(width(30)).toBe(3 * 3_600);
    expect(width(1_000, { span_days: 10 })).toBe(3_600);
  });

  it('is never so narrow that there would be more than 500 chunks', () => {
    expect(width(30, { span_days: 400 })).toBe(day_s);
    expect(() => width(-1)).toThrow(RangeError);
  });
});

describe('size to come', () => {
  const data = { bytes: 1_000, growth_bytes_per_day: 10, age_days: 100, keep_days: null };

  it('grows for ever without a policy', () => {
    expect(bytesAfter(data, 30)).toBe(1_300);
    expect(bytesAfter(data, 365)).toBe(4_650);
  });

  it('levels off where a policy ends what is old', () => {
    expect(bytesAfter({ ...data, keep_days: 100 }, 30)).toBe(700 + 300);
    expect(bytesAfter({ ...data, keep_days: 100 }, 365)).toBe(1_000);
    expect(bytesAfter({ ...data, keep_days: 400 }, 365)).toBe(350 + 3_650);
  });
});
