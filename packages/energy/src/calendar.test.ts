import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import {
  addDays,
  baseBoundaries,
  dayStarts,
  hourStarts,
  isZone,
  localDate,
  localMidnight_ms,
  localTime,
  monthStarts,
  periodBoundaries,
} from './calendar.ts';

const hour_ms = 3_600_000;
const utc = (text: string): number => Date.parse(text);
const lengths = (boundaries: readonly number[]): number[] =>
  boundaries.slice(1).map((at, i) => (at - (boundaries[i] as number)) / hour_ms);

test.each(['Europe/Paris', 'Europe/Madrid', 'Europe/Berlin'])(
  '%s has a 23-hour day in March and a 25-hour day in October',
  (zone) => {
    const spring = periodBoundaries(zone, 'day', utc('2026-03-28T12:00Z'), utc('2026-03-30T12:00Z'));
    expect(lengths(spring)).toEqual([24, 23, 24]);
    const autumn = periodBoundaries(zone, 'day', utc('2026-10-24T12:00Z'), utc('2026-10-26T12:00Z'));
    expect(lengths(autumn)).toEqual([24, 25, 24]);
    expect(
      hourStarts(zone, localMidnight_ms(zone, '2026-10-25'), localMidnight_ms(zone, '2026-10-26')),
    ).toHaveLength(25);
    expect(
      hourStarts(zone, localMidnight_ms(zone, '2026-03-29'), localMidnight_ms(zone, '2026-03-30')),
    ).toHaveLength(23);
  },
);

test('days of Paris begin at 22:00 or 23:00 UTC', () => {
  expect(localMidnight_ms('Europe/Paris', '2026-03-29')).toBe(utc('2026-03-28T23:00Z'));
  expect(localMidnight_ms('Europe/Paris', '2026-03-30')).toBe(utc('2026-03-29T22:00Z'));
  expect(localDate('Europe/Paris', utc('2026-03-28T22:59:59.999Z'))).toBe('2026-03-28');
  expect(localDate('Europe/Paris', utc('2026-03-28T23:00Z'))).toBe('2026-03-29');
});

test('starts lie in the half-open range', () => {
  const a = utc('2026-01-31T23:00Z');
  const b = utc('2026-03-31T22:00Z');
  expect(monthStarts('Europe/Paris', a, b)).toEqual([a, utc('2026-02-28T23:00Z')]);
  expect(dayStarts('Europe/Paris', a, a)).toEqual([]);
  expect(dayStarts('Europe/Paris', a + 1, a + 24 * hour_ms)).toEqual([]);
});

test('Lord Howe Island moves its clock by half an hour', () => {
  const zone = 'Australia/Lord_Howe';
  expect(
    lengths(periodBoundaries(zone, 'day', utc('2026-04-04T00:00Z'), utc('2026-04-05T12:00Z'))),
  ).toContain(24.5);
  expect(
    lengths(periodBoundaries(zone, 'day', utc('2026-10-03T00:00Z'), utc('2026-10-04T12:00Z'))),
  ).toContain(23.5);
  const hours = (date: string): number[] =>
    lengths([
      ...hourStarts(zone, localMidnight_ms(zone, date), localMidnight_ms(zone, addDays(date, 1))),
      localMidnight_ms(zone, addDays(date, 1)),
    ]);
  for (const [date, total] of [
    ['2026-04-05', 24.5],
    ['2026-10-04', 23.5],
  ] as const) {
    expect(hours(date).filter((h) => h === 0.5)).toHaveLength(1);
    expect(Math.max(...hours(date))).toBe(1);
    expect(hours(date).reduce((sum, h) => sum + h, 0)).toBe(total);
  }
});

test('Kathmandu days and hours begin at a quarter past in UTC', () => {
  expect(localMidnight_ms('Asia/Kathmandu', '2026-07-01')).toBe(utc('2026-06-30T18:15Z'));
  expect(hourStarts('Asia/Kathmandu', utc('2026-07-01T00:00Z'), utc('2026-07-01T02:00Z'))).toEqual([
    utc('2026-07-01T00:15Z'),
    utc('2026-07-01T01:15Z'),
  ]);
});

test('a day whose midnight is skipped begins at the first instant after it', () => {
  // Beirut: 2026-03-29 00:00 does not exist, the clock goes from 23:59:59 to 01:00.
  expect(localMidnight_ms('Asia/Beirut', '2026-03-29')).toBe(utc('2026-03-28T22:00Z'));
  expect(
    lengths(periodBoundaries('Asia/Beirut', 'day', utc('2026-03-28T23:00Z'), utc('2026-03-29T05:00Z'))),
  ).toEqual([23]);
});

test('a date that never was has no period', () => {
  const starts = dayStarts('Pacific/Apia', utc('2011-12-29T10:00Z'), utc('2012-01-01T09:00Z'));
  expect(starts.map((at) => localDate('Pacific/Apia', at))).toEqual([
    '2011-12-29',
    '2011-12-31',
    '2012-01-01',
  ]);
});

test('weeks begin on Monday and years in January', () => {
  const [start] = periodBoundaries(
    'Europe/Berlin',
    'week',
    utc('2026-11-22T12:00Z'),
    utc('2026-11-22T13:00Z'),
  );
  expect(localDate('Europe/Berlin', start as number)).toBe('2026-11-16');
  expect(localTime('Europe/Berlin', start as number)).toMatchObject({ weekday: 1, minute: 0 });
  expect(
    periodBoundaries('Europe/Berlin', 'year', utc('2026-11-22T12:00Z'), utc('2026-11-22T13:00Z')),
  ).toEqual([utc('2025-12-31T23:00Z'), utc('2026-12-31T23:00Z')]);
});

test('base intervals are on the epoch grid and cover the range', () => {
  expect(baseBoundaries(1, 900_001)).toEqual([0, 900_000, 1_800_000]);
  expect(baseBoundaries(900_000, 1_800_000)).toEqual([900_000, 1_800_000]);
  expect(baseBoundaries(5, 5)).toEqual([]);
});

test('wrong names are told', () => {
  expect(isZone('Europe/Paris')).toBe(true);
  expect(isZone('Europe/Atlantis')).toBe(false);
  expect(() => localMidnight_ms('Europe/Paris', '2026-02-30')).toThrow(RangeError);
  expect(() => localDate('Europe/Paris', Number.NaN)).toThrow(RangeError);
});

const zones = [
  'Europe/Paris',
  'Europe/Lisbon',
  'Atlantic/Azores',
  'America/Havana',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Santiago',
  'Pacific/Chatham',
  'UTC',
];

test('agrees with Temporal on dates, midnights and day lengths in every kind of zone', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: utc('1995-01-01T00:00Z'), max: utc('2037-12-31T00:00Z') }),
      (zone, at_ms) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(at_ms).toZonedDateTimeISO(zone);
        expect(localDate(zone, at_ms)).toBe(zoned.toPlainDate().toString());
        const [start, end] = periodBoundaries(zone, 'day', at_ms, at_ms + 1);
        // Where a clock change repeats midnight an instant may belong to a date shown again: the period that
        // the calendar gives begins at the first midnight.
        expect(start).toBe(zoned.startOfDay().epochMilliseconds);
        expect(end).toBe(zoned.startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds);
        expect(localTime(zone, at_ms)).toMatchObject({
          year: zoned.year,
          month: zoned.month,
          weekday: zoned.dayOfWeek,
          minute: zoned.hour * 60 + zoned.minute,
        });
      },
    ),
    { numRuns: 400 },
  );
});

test('days partition months, hours partition days, base intervals partition hours', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: utc('2020-01-01T00:00Z'), max: utc('2030-01-01T00:00Z') }),
      (zone, at_ms) => {
        const months = periodBoundaries(zone, 'month', at_ms, at_ms + 1);
        const days = new Set(periodBoundaries(zone, 'day', months[0] as number, months[1] as number));
        const hours = new Set(periodBoundaries(zone, 'hour', months[0] as number, months[1] as number));
        const base = new Set(baseBoundaries(months[0] as number, months[1] as number));
        for (const at of months) expect(days.has(at)).toBe(true);
        for (const at of days) expect(hours.has(at)).toBe(true);
        for (const at of hours) expect(base.has(at)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
