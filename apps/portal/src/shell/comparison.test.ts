import { describe, expect, test } from 'vitest';
import { comparedSpan, nextComparison, parseComparison, shiftDays } from './comparison.ts';

describe('what a period is compared with', () => {
  test('the one before it has its length', () => {
    expect(comparedSpan({ kind: 'range', from: '2026-11-16', to: '2026-11-22' }, 'previous')).toEqual({
      from: '2026-11-09',
      to: '2026-11-15',
      shift_days: 7,
    });
    expect(comparedSpan({ kind: 'range', from: '2026-03-01', to: '2026-03-31' }, 'previous')).toEqual({
      from: '2026-02-01',
      to: '2026-02-28',
      shift_days: 28,
    });
  });

  test('a year earlier keeps the days of the week, or the months of a quarter and more', () => {
    expect(comparedSpan({ kind: 'day', date: '2026-11-19' }, 'year')).toEqual({
      from: '2025-11-20',
      to: '2025-11-20',
      shift_days: 364,
    });
    expect(comparedSpan({ kind: 'range', from: '2026-10-01', to: '2026-10-31' }, 'year').from).toBe(
      '2025-10-02',
    );
    expect(comparedSpan({ kind: 'range', from: '2026-01-01', to: '2026-03-31' }, 'year')).toEqual({
      from: '2025-01-01',
      to: '2025-03-31',
      shift_days: 365,
    });
  });

  test('key B goes round', () => {
    expect([null, 'previous', 'year'].map((c) => nextComparison(parseComparison(c)))).toEqual([
      'previous',
      'year',
      null,
    ]);
    expect(parseComparison('tomorrow')).toBeNull();
  });
});

describe('the same time of another day', () => {
  const shifted = (at: string, days: number): string =>
    new Date(shiftDays('Europe/Paris', Date.parse(at), days)).toISOString();

  test('is on the clock, not so many hours later', () => {
    expect(shifted('2026-10-20T06:00:00Z', 7)).toBe('2026-10-27T07:00:00.000Z');
    expect(shifted('2026-03-25T07:00:00Z', 7)).toBe('2026-04-01T06:00:00.000Z');
  });

  test('an hour that is skipped becomes the next, one that comes twice stays in order', () => {
    expect(shifted('2026-03-22T01:30:00Z', 7)).toBe('2026-03-29T01:30:00.000Z');
    expect(shifted('2026-10-18T00:30:00Z', 7)).toBe('2026-10-25T00:30:00.000Z');
  });
});
