import { describe, expect, test } from 'vitest';
import { niceStep, niceTicks, roundEnd, scaleTicks, timeMarks } from './index.ts';

describe('value ticks', () => {
  test.each([
    [800, 4, 200],
    [1, 5, 0.2],
    [22, 5, 5],
    [1000, 6, 200],
  ])('%d in %d parts: step %d', (span, count, step) => {
    expect(niceStep(span, count)).toBe(step);
  });

  test('cover the span without noise of binary fractions', () => {
    expect(niceTicks(0, 742, 4)).toEqual([0, 200, 400, 600, 800]);
    expect(niceTicks(-0.31, 0.12, 4)).toEqual([-0.4, -0.2, 0, 0.2]);
  });
});

describe('scale', () => {
  test('labels majors and divides them evenly', () => {
    const ticks = scaleTicks({ min: 0, max: 1000, majors: 6 });
    expect(ticks.filter((t) => t.isMajor).map((t) => t.value)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(ticks).toHaveLength(21);
    expect(ticks[1]).toEqual({ value: 50, at: 0.05, isMajor: false });
  });

  test('ends round above its value', () => {
    expect(roundEnd(742)).toBe(800);
    expect(roundEnd(0.084, 3)).toBeCloseTo(0.1);
  });
});

describe('time marks', () => {
  const marks = (from: string, to: string, count = 8, zone = 'Europe/Paris') =>
    timeMarks(Date.parse(from), Date.parse(to), zone, 'en', count);

  test('an ordinary day, its end as 24:00', () => {
    expect(marks('2026-11-18T23:00:00Z', '2026-11-19T23:00:00Z').map((m) => m.label)).toEqual([
      '00:00',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '24:00',
    ]);
  });

  test('a day of 23 hours keeps its marks on the wall clock', () => {
    const day = marks('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z');
    expect(day.map((m) => m.label)).toEqual([
      '00:00',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '24:00',
    ]);
    expect((day[1]?.at_ms ?? 0) - (day[0]?.at_ms ?? 0)).toBe(2 * 3_600_000);
  });

  test('a day of 25 hours does too', () => {
    const day = marks('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z');
    expect(day.at(-1)?.label).toBe('24:00');
    expect((day[1]?.at_ms ?? 0) - (day[0]?.at_ms ?? 0)).toBe(4 * 3_600_000);
  });

  test('weeks mark midnights, years mark firsts of months in the zone', () => {
    expect(
      marks('2026-11-15T23:00:00Z', '2026-11-22T23:00:00Z')
        .map((m) => m.label)
        .slice(0, 2),
    ).toEqual(['16 Nov', '17 Nov']);
    const year = marks('2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z', 12);
    expect(year[0]).toEqual({ at_ms: Date.parse('2025-12-31T23:00:00Z'), label: 'Jan 2026' });
    expect(year[6]).toEqual({ at_ms: Date.parse('2026-06-30T22:00:00Z'), label: 'Jul' });
  });

  test('zones with half hours', () => {
    expect(marks('2026-11-18T18:30:00Z', '2026-11-19T18:30:00Z', 8, 'Asia/Kolkata')[0]?.label).toBe('00:00');
  });
});
