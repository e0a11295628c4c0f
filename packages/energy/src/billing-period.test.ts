import { describe, expect, it } from 'vitest';
import { billingPeriods } from './billing-period.ts';

const hours = (p: { start_ms: number; end_ms: number }): number => (p.end_ms - p.start_ms) / 3_600_000;
const dates = (day: number, from: string, to: string): string[] =>
  billingPeriods('Europe/Paris', day, { from, to }).map((p) => `${p.from}/${p.to}`);

describe('billing periods', () => {
  it('run from the 9th to the 8th and cover what is asked for', () => {
    expect(dates(9, '2026-03-09', '2026-04-09')).toEqual(['2026-03-09/2026-04-09']);
    expect(dates(9, '2026-03-01', '2026-03-20')).toEqual(['2026-02-09/2026-03-09', '2026-03-09/2026-04-09']);
    expect(dates(9, '2026-01-01', '2026-01-02')).toEqual(['2025-12-09/2026-01-09']);
    expect(dates(9, '2026-03-09', '2026-03-09')).toEqual([]);
  });

  it('are 23 or 25 hours out where the clocks change in them', () => {
    const [spring] = billingPeriods('Europe/Paris', 9, { from: '2026-03-09', to: '2026-03-10' });
    const [autumn] = billingPeriods('Europe/Paris', 9, { from: '2026-10-09', to: '2026-10-10' });
    expect(spring && hours(spring)).toBe(31 * 24 - 1);
    expect(autumn && hours(autumn)).toBe(31 * 24 + 1);
    const [howe] = billingPeriods('Australia/Lord_Howe', 9, { from: '2026-03-09', to: '2026-03-10' });
    expect(howe && hours(howe)).toBe(31 * 24 + 0.5);
  });

  it('take the last day of a shorter month, leap days included', () => {
    expect(dates(31, '2026-01-31', '2026-04-01')).toEqual([
      '2026-01-31/2026-02-28',
      '2026-02-28/2026-03-31',
      '2026-03-31/2026-04-30',
    ]);
    expect(dates(30, '2028-02-15', '2028-03-01')).toEqual(['2028-01-30/2028-02-29', '2028-02-29/2028-03-30']);
  });

  it('begin at local midnight in half-hour zones', () => {
    const [india] = billingPeriods('Asia/Kolkata', 9, { from: '2026-03-09', to: '2026-03-10' });
    expect(india && new Date(india.start_ms).toISOString()).toBe('2026-03-08T18:30:00.000Z');
  });

  it('partition the time, whatever the day', () => {
    for (let day = 1; day <= 31; day++) {
      const periods = billingPeriods('Europe/Paris', day, { from: '2024-01-01', to: '2026-12-31' });
      for (const [i, p] of periods.entries()) {
        expect(p.end_ms).toBeGreaterThan(p.start_ms);
        if (i > 0) expect(p.start_ms).toBe(periods[i - 1]?.end_ms);
      }
      expect(periods.length).toBeGreaterThanOrEqual(36);
    }
  });

  it('refuses a day of no month', () => {
    expect(() => billingPeriods('Europe/Paris', 32, { from: '2026-01-01', to: '2026-02-01' })).toThrow(
      RangeError,
    );
  });
});
