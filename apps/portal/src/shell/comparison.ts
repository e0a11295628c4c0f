import { instantsOfWall, wallClock_ms } from '../form/local-instant.ts';
import { addDays, addMonths, lastDayOf, type Period, spanOf, stepPeriod } from './period.ts';

/** What a period is held against: the one before it, or the same a year earlier. */
export const comparisons = ['previous', 'year'] as const;
export type Comparison = (typeof comparisons)[number];

export const parseComparison = (text: string | null | undefined): Comparison | null =>
  comparisons.find((c) => c === text) ?? null;

/** The one after it when key B is pressed: none, the period before, a year earlier, none. */
export const nextComparison = (current: Comparison | null): Comparison | null =>
  current === null ? 'previous' : current === 'previous' ? 'year' : null;

const day_ms = 86_400_000;
const hour_ms = 3_600_000;
/** Fifty-two weeks: a year earlier on the same days of the week. */
const yearOfWeeks_days = 364;

export interface ComparedSpan {
  /** Local dates, both included. */
  readonly from: string;
  readonly to: string;
  /** Days from a date of it to the date it is laid upon. */
  readonly shift_days: number;
}

/**
 * The span that a period is compared with. The previous one has the same length (months: the same number of months).
 * A year earlier, a quarter or more of whole months meets the same months; a shorter span meets the same days of the
 * week, 52 weeks before, since a Monday says nothing about a Sunday.
 */
export function comparedSpan(period: Period, comparison: Comparison): ComparedSpan {
  const { from, to } = spanOf(period);
  const other =
    comparison === 'previous'
      ? spanOf(stepPeriod(period, -1))
      : isQuarterOrMore(from, to)
        ? yearOfMonths()
        : yearOfWeeks();
  return { ...other, shift_days: Math.round((Date.parse(from) - Date.parse(other.from)) / day_ms) };

  function yearOfWeeks(): { from: string; to: string } {
    return { from: addDays(from, -yearOfWeeks_days), to: addDays(to, -yearOfWeeks_days) };
  }
  function yearOfMonths(): { from: string; to: string } {
    return {
      from: `${addMonths(from.slice(0, 7), -12)}-01`,
      to: lastDayOf(addMonths(to.slice(0, 7), -12)),
    };
  }
}

const isQuarterOrMore = (from: string, to: string): boolean =>
  from.endsWith('-01') &&
  to === lastDayOf(to.slice(0, 7)) &&
  addMonths(from.slice(0, 7), 2) <= to.slice(0, 7);

/**
 * The instant so many days later at the same time of the zone's clock. Where the clock skips that time, an hour later;
 * where it comes twice, the first stays the first and the second the second.
 */
export function shiftDays(timeZone: string, at_ms: number, days: number): number {
  const wall = wallClock_ms(timeZone, at_ms);
  const found = instantsOfWall(timeZone, wall + days * day_ms);
  if (found.length === 0)
    return instantsOfWall(timeZone, wall + days * day_ms + hour_ms)[0] ?? at_ms + days * day_ms;
  const isSecond = found.length > 1 && instantsOfWall(timeZone, wall).indexOf(at_ms) === 1;
  return found[isSecond ? 1 : 0] as number;
}
