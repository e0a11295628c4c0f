/**
 * Heat map: local days by slots of the clock face. Days come from the zone, so a day on which the clock changes has slots
 * that do not exist, that are cut, or that exist twice; those are told apart from what is missing.
 */
import {
  addDays,
  baseBoundaries,
  basePhase_ms,
  dayOrdinal,
  type LocalDate,
  localMidnight_ms,
  localTime,
  offset_ms,
  periodBoundaries,
} from './calendar.ts';

export interface HeatMapInput {
  /** Ascending starts of hours or base intervals. */
  readonly start_ms: ArrayLike<number>;
  readonly duration_s: ArrayLike<number>;
  /** Mean over the interval, so that intervals of any length compare; NaN where not known. */
  readonly value: ArrayLike<number>;
  /** Codes of `intervalQualities`. */
  readonly quality: ArrayLike<number>;
}

export interface HeatMapGrid {
  readonly timeZone: string;
  /** Half-open. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** 3,600: local hours; shorter: base intervals, multiples of this since the epoch. */
  readonly slot_s: number;
}

export interface HeatMap {
  readonly days: readonly LocalDate[];
  /** Beginning of each slot on the clock face, `HH:MM`. */
  readonly slots: readonly string[];
  /** By day and slot; NaN: not known. */
  readonly value: readonly Float64Array[];
  /** By day and slot; -1: nothing there. */
  readonly quality: readonly Int8Array[];
  readonly clockChanges: readonly {
    readonly day: LocalDate;
    readonly slot: string;
    readonly duration_s: number;
  }[];
}

const day_s = 86_400;

/**
 * Puts intervals on the grid. A slot that exists twice holds the mean of both, weighted by duration, and the worse class.
 * O(intervals + days · slots). Throws RangeError where a date is none or the zone is unknown.
 */
export function heatMap(input: HeatMapInput, grid: HeatMapGrid): HeatMap {
  const { timeZone, from, to, slot_s } = grid;
  const count = dayOrdinal(to) - dayOrdinal(from);
  const slotCount = Math.ceil(day_s / slot_s);
  const phase_min = phaseOf(grid);
  const days = Array.from({ length: Math.max(0, count) }, (_, i) => addDays(from, i));
  const slots = Array.from({ length: slotCount }, (_, i) => clockFace(phase_min + (i * slot_s) / 60));
  const value = days.map(() => new Float64Array(slotCount).fill(Number.NaN));
  const quality = days.map(() => new Int8Array(slotCount).fill(-1));
  const weight = days.map(() => new Float64Array(slotCount));
  const first = dayOrdinal(from);
  for (let i = 0; i < input.start_ms.length; i++) {
    const { row, slot } = placeOf(input.start_ms[i] as number, { timeZone, first, phase_min, slot_s });
    const cells = value[row];
    const classes = quality[row];
    const weights = weight[row];
    if (!cells || !classes || !weights || slot < 0 || slot >= slotCount) continue;
    classes[slot] = Math.max(classes[slot] as number, input.quality[i] as number);
    const v = input.value[i] as number;
    const w = input.duration_s[i] as number;
    if (Number.isNaN(v) || !(w > 0)) continue;
    const before = weights[slot] as number;
    cells[slot] = before === 0 ? v : ((cells[slot] as number) * before + v * w) / (before + w);
    weights[slot] = before + w;
  }
  return { days, slots, value, quality, clockChanges: clockChanges(days, slots, grid) };
}

/** Minutes after the whole hour at which slots begin: base intervals of an hour in a half-hour zone begin at half past. */
function phaseOf({ timeZone, from, slot_s }: HeatMapGrid): number {
  if (slot_s === 3_600 || day_s % slot_s !== 0) return 0;
  const grid_ms = basePhase_ms(timeZone, slot_s * 1_000) ?? 0;
  const offset_s = (offset_ms(timeZone, localMidnight_ms(timeZone, from)) + grid_ms) / 1_000;
  return (((offset_s % slot_s) + slot_s) % slot_s) / 60;
}

const clockFace = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(Math.floor(minutes) % 60).padStart(2, '0')}`;

interface Place {
  readonly timeZone: string;
  readonly first: number;
  readonly phase_min: number;
  readonly slot_s: number;
}

function placeOf(
  at_ms: number,
  { timeZone, first, phase_min, slot_s }: Place,
): { row: number; slot: number } {
  const { minute, offset_ms: offset } = localTime(timeZone, at_ms);
  const ordinal = Math.floor((at_ms + offset) / (day_s * 1_000));
  return { row: ordinal - first, slot: Math.floor(((minute - phase_min) * 60) / slot_s) };
}

/** Slots of other length than usual, on the days that are not of 24 hours. */
function clockChanges(
  days: readonly LocalDate[],
  slots: readonly string[],
  { timeZone, slot_s }: HeatMapGrid,
): HeatMap['clockChanges'] {
  const found: { day: LocalDate; slot: string; duration_s: number }[] = [];
  for (const day of days) {
    const begin_ms = localMidnight_ms(timeZone, day);
    const end_ms = localMidnight_ms(timeZone, addDays(day, 1));
    if (end_ms - begin_ms === day_s * 1_000) continue;
    const boundaries =
      slot_s === 3_600
        ? periodBoundaries(timeZone, 'hour', begin_ms, end_ms)
        : baseBoundaries(begin_ms, end_ms, slot_s * 1_000, basePhase_ms(timeZone, slot_s * 1_000) ?? 0);
    const length_s = new Array<number>(slots.length).fill(0);
    const phase_min = phaseOf({ timeZone, from: day, to: day, slot_s });
    for (let i = 0; i + 1 < boundaries.length; i++) {
      const at = boundaries[i] as number;
      const place = placeOf(at, { timeZone, first: dayOrdinal(day), phase_min, slot_s });
      if (place.row !== 0) continue;
      length_s[place.slot] = (length_s[place.slot] ?? 0) + ((boundaries[i + 1] as number) - at) / 1_000;
    }
    for (const [i, duration_s] of length_s.entries())
      if (duration_s !== slot_s) found.push({ day, slot: slots[i] as string, duration_s });
  }
  return found;
}
