import type { DayRow } from '@wattproof/database';
import { describe, expect, test } from 'vitest';
import { dailyData, datesBetween, periodOf } from './daily-data.ts';

const timeZone = 'Europe/Paris';
const base_s = 900;
const day = (start: string, hours: number, part: Partial<DayRow>): DayRow => ({
  start_ms: Date.parse(start),
  duration_s: hours * 3_600,
  delta: null,
  mean: null,
  n_measured: hours * 4,
  n_interpolated: 0,
  n_estimated: 0,
  n_manual: 0,
  n_missing: 0,
  ...part,
});

describe('dailyData', () => {
  test('a day of which an interval is missing is unknown, whatever the rest adds up to', () => {
    const data = dailyData({
      timeZone,
      base_s,
      from: '2026-03-28',
      to: '2026-03-31',
      energy: [
        day('2026-03-27T23:00Z', 24, { delta: 100 }),
        // The 23-hour day is whole with 92 intervals.
        day('2026-03-28T23:00Z', 23, { delta: 90 }),
        day('2026-03-29T22:00Z', 24, { delta: 80, n_measured: 95, n_missing: 1 }),
      ],
      production: [],
      temperature: [
        day('2026-03-27T23:00Z', 24, { mean: 8, n_measured: 72, n_missing: 24 }),
        day('2026-03-28T23:00Z', 23, { mean: 9, n_measured: 60, n_missing: 32 }),
      ],
    });
    expect([...data.energy_wh]).toEqual([100, 90, Number.NaN]);
    expect([...(data.temperature_c ?? [])]).toEqual([8, Number.NaN, Number.NaN]);
    expect(data.production_g?.every(Number.isNaN)).toBe(true);
  });

  test('a day that is not over, or in which the series began, is unknown', () => {
    const data = dailyData({
      timeZone,
      base_s,
      from: '2026-06-01',
      to: '2026-06-02',
      energy: [day('2026-05-31T22:00Z', 24, { delta: 40, n_measured: 40 })],
      production: null,
      temperature: null,
    });
    expect(data.energy_wh[0]).toBeNaN();
  });

  test('a period is a part of the data, empty where it lies outside', () => {
    const data = dailyData({
      timeZone,
      base_s,
      from: '2026-06-01',
      to: '2026-06-11',
      energy: [],
      production: null,
      temperature: null,
    });
    expect(periodOf(data, '2026-06-03', '2026-06-05').dates).toEqual(['2026-06-03', '2026-06-04']);
    expect(periodOf(data, '2026-06-09', '2026-08-01').dates).toEqual(['2026-06-09', '2026-06-10']);
    expect(periodOf(data, '2026-07-01', '2026-08-01').dates).toEqual([]);
  });
});

test('dates are those of the calendar, the end left out', () => {
  expect(datesBetween('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect(datesBetween('2026-03-02', '2026-03-02')).toEqual([]);
});
