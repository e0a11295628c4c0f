import { describe, expect, it } from 'vitest';
import { thinReadings } from './thinning.ts';

const readings = (count: number, value: (i: number) => number) => ({
  at_ms: Float64Array.from({ length: count }, (_, i) => i * 1000),
  value: Float64Array.from({ length: count }, (_, i) => value(i)),
  quality: new Uint8Array(count),
});

describe('readings for a screen', () => {
  it('stay single while they are few, absent ones left out', () => {
    const few = readings(5, (i) => (i === 2 ? Number.NaN : i));
    const thinned = thinReadings(few, { from_ms: 0, to_ms: 5000, limit: 4 });
    expect(thinned.mean).toEqual([0, 1, 3, 4]);
    expect(thinned.duration_s).toEqual([0, 0, 0, 0]);
  });

  it('keep the highest and the lowest of every stretch, and never more points than allowed', () => {
    const many = readings(86_400, (i) => (i === 50_000 ? 9_999 : i === 60_000 ? -9_999 : 10));
    many.quality[70_000] = 6;
    const thinned = thinReadings(many, { from_ms: 0, to_ms: 86_400_000, limit: 300 });
    expect(thinned.mean.length).toBe(300);
    expect(Math.max(...thinned.max)).toBe(9_999);
    expect(Math.min(...thinned.min)).toBe(-9_999);
    expect(thinned.duration_s[0]).toBe(288);
    expect(thinned.quality.filter((q) => q === 6)).toHaveLength(1);
    const at = thinned.max.indexOf(9_999);
    expect(thinned.mean[at]).toBeCloseTo((287 * 10 + 9_999) / 288);
  });

  it('refuse a limit of none', () => {
    expect(() =>
      thinReadings(
        readings(1, () => 1),
        { from_ms: 0, to_ms: 1, limit: 0 },
      ),
    ).toThrow(RangeError);
  });
});
