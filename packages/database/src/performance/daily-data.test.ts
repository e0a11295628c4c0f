import { describe, expect, test } from 'vitest';
import { daysOfMonths } from './daily-data.queries.ts';
import { type DayRow, dailyData, datesBetween, dayMean, periodOf, wholeSum } from './daily-data.ts';

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
  const march = [
    day('2026-03-27T23:00Z', 24, { delta: 100 }),
    // The 23-hour day is whole with 92 intervals.
    day('2026-03-28T23:00Z', 23, { delta: 90 }),
    day('2026-03-29T22:00Z', 24, { delta: 80, n_measured: 95, n_missing: 1 }),
  ];

  test('a day of which an interval is missing is unknown, whatever the rest adds up to', () => {
    const data = dailyData({
      timeZone,
      base_s,
      from: '2026-03-28',
      to: '2026-03-31',
      energy: [march],
      variables: [
        { key: 'tonnes', quantity: 'amount', values: new Map([['2026-03-28', 7]]) },
        { key: 'outdoor', quantity: 'temperature', values: new Map([['2026-03-29', 9]]) },
      ],
    });
    expect([...data.energy_wh]).toEqual([100, 90, Number.NaN]);
    expect([...(data.variables.get('tonnes') ?? [])]).toEqual([7, Number.NaN, Number.NaN]);
    expect([...(data.temperature_c ?? [])]).toEqual([Number.NaN, 9, Number.NaN]);
  });

  test('meters are added; where one is unknown the sum is', () => {
    const data = dailyData({
      timeZone,
      base_s,
      from: '2026-03-28',
      to: '2026-03-30',
      energy: [march, march.slice(0, 1)],
      variables: [],
    });
    expect([...data.energy_wh]).toEqual([200, Number.NaN]);
    expect(data.energyDays.get('2026-03-28')?.n_measured).toBe(192);
  });

  test('a mean needs three quarters of its day, a sum all of it', () => {
    const cold = day('2026-03-27T23:00Z', 24, { mean: 8, n_measured: 72, n_missing: 24 });
    expect([dayMean(cold, base_s), dayMean({ ...cold, n_measured: 71 }, base_s)]).toEqual([8, Number.NaN]);
    expect(wholeSum(day('2026-05-31T22:00Z', 24, { delta: 40, n_measured: 40 }), base_s)).toBeNaN();
  });

  test('a sum of a month is spread over its days, a mean holds for each', () => {
    const months = new Map([['2026-02-01', 56]]);
    expect(daysOfMonths(months, 'sum').get('2026-02-28')).toBe(2);
    expect(daysOfMonths(months, 'mean').size).toBe(28);
    expect(daysOfMonths(months, 'mean').get('2026-02-03')).toBe(56);
  });

  test('a period is a part of the data, empty where it lies outside', () => {
    const data = dailyData({
      timeZone,
      base_s,
      from: '2026-06-01',
      to: '2026-06-11',
      energy: [],
      variables: [],
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
