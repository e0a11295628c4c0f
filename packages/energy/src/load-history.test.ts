import { describe, expect, it } from 'vitest';
import { inQuarterHours } from './load-history.ts';

const minute_ms = 60_000;
const history = (width_min: number, energy_wh: number[], temperature_c?: number[]) => ({
  start_ms: energy_wh.map((_, i) => i * width_min * minute_ms),
  energy_wh,
  ...(temperature_c ? { temperature_c } : {}),
});

describe('a load history in quarter hours', () => {
  it('adds up five minutes and shares out hours', () => {
    expect(inQuarterHours(history(5, [1, 2, 3, 4, 5, 6], [9, 9, 12, 1, 2, 3]), 5 * minute_ms)).toEqual({
      start_ms: [0, 900_000],
      energy_wh: [6, 15],
      temperature_c: [10, 2],
    });
    expect(inQuarterHours(history(60, [400]), 60 * minute_ms).energy_wh).toEqual([100, 100, 100, 100]);
  });

  it('splits ten minutes where a quarter hour begins inside them, and loses nothing', () => {
    expect(inQuarterHours(history(10, [10, 20, 30]), 10 * minute_ms)).toEqual({
      start_ms: [0, 900_000],
      energy_wh: [20, 40],
    });
  });

  it('keeps unknown what is unknown in part', () => {
    expect(inQuarterHours(history(5, [1, Number.NaN, 3, 4]), 5 * minute_ms).energy_wh).toEqual([
      Number.NaN,
      Number.NaN,
    ]);
    const same = history(15, [1, 2]);
    expect(inQuarterHours(same, 15 * minute_ms)).toBe(same);
  });
});
