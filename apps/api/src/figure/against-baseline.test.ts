import type { StoredMonth } from '@wattproof/database';
import { describe, expect, it } from 'vitest';
import { againstSince } from './against-baseline.ts';

const month = (
  name: string,
  actual_wh: number | null,
  expected_wh: number | null,
  halfWidth_wh: number | null,
): StoredMonth => ({
  month: name,
  actual_wh,
  expected_wh,
  halfWidth_wh,
  quality: { measured: 1, interpolated: 0, estimated: 0, manual: 0, missing: 0 },
});

describe('energy against the baseline', () => {
  const months = [
    month('2025-12', 100, 100, 5),
    month('2026-01', 90, 100, 3),
    month('2026-02', 95, 100, 4),
    month('2026-03', null, null, null),
  ];

  it('is the difference over the months since, with their half-widths added in squares', () => {
    expect(againstSince({ months, confidence: 0.95 }, '2026-01-01')).toEqual({
      value: -0.075,
      halfWidth: 5 / 200,
      confidence: 0.95,
    });
  });

  it('is null where no month is known, and has no half-width where one month has none', () => {
    expect(againstSince({ months, confidence: 0.95 }, '2026-03-01')).toBeNull();
    const half = [...months, month('2026-04', 100, 100, null)];
    expect(againstSince({ months: half, confidence: 0.95 }, '2026-04-01')).toEqual({
      value: 0,
      halfWidth: null,
      confidence: null,
    });
  });
});
