/**
 * Local time of a site as UTC epoch milliseconds. The only file that knows time zones.
 *
 * Periods are half-open, [start, end), and come from the IANA zone, never from a fixed offset: a day has 23, 24
 * or 25 hours (23.5 or 24.5 on Lord Howe Island). A zone's offset changes are looked up once per calendar year
 * asked for and kept; everything after that is integer arithmetic.
 */
import { Temporal } from 'temporal-polyfill';

/** A calendar date as people write it, `YYYY-MM-DD`. */
export type LocalDate = string;
export type PeriodUnit = 'hour' | 'day' | 'week' | 'month' | 'year';

export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** ISO day of the week, 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** Minutes since local midnight on the clock face, 0 to 1439. */
  readonly minute: number;
  /** Local minus UTC. */
  readonly offset_ms: number;
}

/** Width of the base interval where a site's contract asks for no other. */
export const baseInterval_ms = 900_000;

const hour_ms = 3_600_000;
const day_ms = 86_400_000;

/** Stretches of constant offset; `from_ms[i]` is where `offset_ms[i]` begins, the last one ends at `end_ms`. */
interface OffsetTable {
  start_ms: number;
  end_ms: number;
  from_ms: number[];
  offset_ms: number[];
}

const tables = new Map<string, OffsetTable>();

const yearStart = (year: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, 0, 1);
  return date.getTime();
};

/** The zone's offsets over at least [from_ms, to_ms], widened to whole years so that a table is built rarely. */
function offsetsOf(zone: string, from_ms: number, to_ms: number): OffsetTable {
  const known = tables.get(zone);
  if (known && known.start_ms <= from_ms && to_ms < known.end_ms) return known;
  if (!Number.isFinite(from_ms) || !Number.isFinite(to_ms)) throw new RangeError('Instant is not finite');
  const start_ms = Math.min(known?.start_ms ?? Infinity, yearStart(new Date(from_ms).getUTCFullYear() - 1));
  const end_ms = Math.max(known?.end_ms ?? -Infinity, yearStart(new Date(to_ms).getUTCFullYear() + 2));
  let at = Temporal.Instant.fromEpochMilliseconds(start_ms).toZonedDateTimeISO(zone);
  const table: OffsetTable = {
    start_ms,
    end_ms,
    from_ms: [start_ms],
    offset_ms: [at.offsetNanoseconds / 1e6],
  };
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= end_ms) break;
    table.from_ms.push(next.epochMilliseconds);
    table.offset_ms.push(next.offsetNanoseconds / 1e6);
    at = next;
  }
  tables.set(zone, table);
  return table;
}

/** Position of the stretch that contains the instant. */
function stretchAt(table: OffsetTable, at_ms: number): number {
  let low = 0;
  let high = table.from_ms.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((table.from_ms[middle] as number) <= at_ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Local minus UTC at an instant. Throws RangeError where the zone is unknown. */
export function offset_ms(zone: string, at_ms: number): number {
  const table = offsetsOf(zone, at_ms, at_ms);
  return table.offset_ms[stretchAt(table, at_ms)] as number;
}

/** Whether the name is a time zone known here. */
export function isZone(zone: string): boolean {
  try {
    offset_ms(zone, 0);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The clock and calendar of a zone at an instant. */
export function localTime(zone: string, at_ms: number): LocalTime {
  const offset = offset_ms(zone, at_ms);
  const wall = new Date(at_ms + offset);
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    weekday: wall.getUTCDay() || 7,
    minute: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
    offset_ms: offset,
  };
}

/** Dates that were written and read before, both ways: days of a year are asked for again and again. */
const written = new Map<number, LocalDate>();
const read = new Map<LocalDate, number>();
/** Some forty years; more at once start over. */
const greatestKept = 16_384;

function formatDate(wall_ms: number): LocalDate {
  const day = Math.floor(wall_ms / day_ms);
  const known = written.get(day);
  if (known !== undefined) return known;
  const date = new Date(wall_ms).toISOString().slice(0, 10);
  if (written.size >= greatestKept) written.clear();
  written.set(day, date);
  return date;
}

/** The local calendar date at an instant. */
export const localDate = (zone: string, at_ms: number): LocalDate =>
  formatDate(at_ms + offset_ms(zone, at_ms));

/** The date as if its midnight were UTC. Throws RangeError where it is no date of the calendar. */
function wallOf(date: LocalDate): number {
  const known = read.get(date);
  if (known !== undefined) return known;
  const wall_ms = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(wall_ms) || formatDate(wall_ms) !== date)
    throw new RangeError(`Not a calendar date: ${date}`);
  if (read.size >= greatestKept) read.clear();
  read.set(date, wall_ms);
  return wall_ms;
}

/** First instant whose wall clock shows `wall_ms` or later (a clock change at midnight may skip midnight). */
function firstInstantAt(zone: string, wall_ms: number): number {
  const table = offsetsOf(zone, wall_ms - 2 * day_ms, wall_ms + 2 * day_ms);
  for (let i = stretchAt(table, wall_ms - 2 * day_ms); i < table.from_ms.length; i++) {
    const candidate = Math.max(wall_ms - (table.offset_ms[i] as number), table.from_ms[i] as number);
    if (candidate < (table.from_ms[i + 1] ?? table.end_ms)) return candidate;
  }
  throw new RangeError(`No instant for ${formatDate(wall_ms)} in ${zone}`);
}

/** The instant at which a local date begins: 00:00, or the first instant after it where 00:00 is skipped. */
export const localMidnight_ms = (zone: string, date: LocalDate): number => firstInstantAt(zone, wallOf(date));

/** Day number of a date: consecutive dates differ by one. */
export const dayOrdinal = (date: LocalDate): number => wallOf(date) / day_ms;
/** The date of a day number. */
export const dateOfOrdinal = (ordinal: number): LocalDate => formatDate(ordinal * day_ms);

/** A date moved by whole days. */
export const addDays = (date: LocalDate, days: number): LocalDate => formatDate(wallOf(date) + days * day_ms);

/** A wall clock position moved back to the start of its period. */
function floorWall(wall_ms: number, unit: PeriodUnit): number {
  const midnight = Math.floor(wall_ms / day_ms) * day_ms;
  const date = new Date(midnight);
  switch (unit) {
    case 'hour':
      return Math.floor(wall_ms / hour_ms) * hour_ms;
    case 'day':
      return midnight;
    case 'week':
      return midnight - ((date.getUTCDay() + 6) % 7) * day_ms;
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    case 'year':
      return yearStart(date.getUTCFullYear());
  }
}

function nextWall(wall_ms: number, unit: PeriodUnit): number {
  const date = new Date(wall_ms);
  switch (unit) {
    case 'hour':
      return wall_ms + hour_ms;
    case 'day':
      return wall_ms + day_ms;
    case 'week':
      return wall_ms + 7 * day_ms;
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    case 'year':
      return yearStart(date.getUTCFullYear() + 1);
  }
}

/**
 * Local whole hours. Inside a stretch of constant offset they are an hour apart; a clock change on a whole hour
 * is itself a boundary, so Lord Howe's half-hour change gives one half hour, never an hour and a half of which
 * two thirds carry another name.
 */
function hourBoundaries(zone: string, from_ms: number, to_ms: number): number[] {
  const table = offsetsOf(zone, from_ms - day_ms, to_ms + day_ms);
  const found: number[] = [];
  for (let i = stretchAt(table, from_ms - day_ms); i < table.from_ms.length; i++) {
    const begin = table.from_ms[i] as number;
    const end = table.from_ms[i + 1] ?? table.end_ms;
    const offset = table.offset_ms[i] as number;
    let at = Math.ceil((Math.max(begin, from_ms - day_ms) + offset) / hour_ms) * hour_ms - offset;
    for (; at <= end && at <= to_ms + day_ms; at += hour_ms) {
      if (at !== found[found.length - 1]) found.push(at);
    }
    if (end > to_ms + day_ms) break;
  }
  let first = 0;
  while (first + 1 < found.length && (found[first + 1] as number) <= from_ms) first++;
  let last = found.length - 1;
  while (last - 1 > first && (found[last - 1] as number) >= to_ms) last--;
  return found.slice(first, last + 1);
}

/**
 * Boundaries of the local periods that cover [from_ms, to_ms): the first is at or before `from_ms`, the last at
 * or after `to_ms`; period i is [b[i], b[i+1]). Empty where to_ms <= from_ms. Weeks begin on Monday.
 */
export function periodBoundaries(zone: string, unit: PeriodUnit, from_ms: number, to_ms: number): number[] {
  if (!(to_ms > from_ms)) return [];
  if (unit === 'hour') return hourBoundaries(zone, from_ms, to_ms);
  let wall = floorWall(from_ms + offset_ms(zone, from_ms), unit);
  const boundaries = [firstInstantAt(zone, wall)];
  while ((boundaries[boundaries.length - 1] as number) < to_ms) {
    wall = nextWall(wall, unit);
    const at = firstInstantAt(zone, wall);
    // A date that a zone skipped altogether (Samoa, 30 December 2011) has no period.
    if (at > (boundaries[boundaries.length - 1] as number)) boundaries.push(at);
  }
  return boundaries;
}

const startsWithin = (zone: string, unit: PeriodUnit, from_ms: number, to_ms: number): number[] =>
  periodBoundaries(zone, unit, from_ms, to_ms).filter((at) => at >= from_ms && at < to_ms);

/** Local whole hours in [from_ms, to_ms). */
export const hourStarts = (zone: string, from_ms: number, to_ms: number): number[] =>
  startsWithin(zone, 'hour', from_ms, to_ms);
/** Beginnings of local days in [from_ms, to_ms). */
export const dayStarts = (zone: string, from_ms: number, to_ms: number): number[] =>
  startsWithin(zone, 'day', from_ms, to_ms);
/** Beginnings of local months in [from_ms, to_ms). */
export const monthStarts = (zone: string, from_ms: number, to_ms: number): number[] =>
  startsWithin(zone, 'month', from_ms, to_ms);

/** Offsets are compared over these years: rules of today, far enough back and ahead for any series kept here. */
const gridYears = { from: 2020, to: 2040 } as const;

/**
 * Where the grid of base intervals begins in a zone: local midnight lies `phase` after a multiple of the width.
 * 0 in most zones; 30 min for hours in India, 5 min for ten minutes in Nepal. Null where no fixed grid meets every
 * local midnight, because the zone's clock changes by a part of the width (hours on Lord Howe Island).
 */
export function basePhase_ms(zone: string, width_ms: number): number | null {
  const table = offsetsOf(zone, yearStart(gridYears.from), yearStart(gridYears.to));
  const begin = stretchAt(table, yearStart(gridYears.from));
  const phases = new Set(
    table.offset_ms.slice(begin).map((offset) => (((-offset % width_ms) + width_ms) % width_ms) + 0),
  );
  const [phase] = phases;
  return phases.size === 1 && phase !== undefined ? phase : null;
}

/** Start of the base interval that contains an instant. */
export const baseStart_ms = (at_ms: number, width_ms: number = baseInterval_ms, phase_ms = 0): number =>
  Math.floor((at_ms - phase_ms) / width_ms) * width_ms + phase_ms;

/**
 * Boundaries of the base intervals that cover [from_ms, to_ms): multiples of `width_ms` since the epoch, moved by
 * `phase_ms` (see `basePhase_ms`), so that local hours and days begin on this grid.
 */
export function baseBoundaries(
  from_ms: number,
  to_ms: number,
  width_ms: number = baseInterval_ms,
  phase_ms = 0,
): number[] {
  if (!(to_ms > from_ms)) return [];
  const first = baseStart_ms(from_ms, width_ms, phase_ms);
  const count = Math.ceil((to_ms - first) / width_ms) + 1;
  return Array.from({ length: count }, (_, i) => first + i * width_ms);
}
