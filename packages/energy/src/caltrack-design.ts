/**
 * Design of a usage-per-day model after CalTRACK 2.0: mean energy per day of each metering period beside the mean
 * temperatures of its days. Sections are those of `docs/methods.rst` of <https://github.com/openeemeter/caltrack>.
 * Temperatures, balance points and degree days are in one unit that the caller chooses, °C or °F.
 */

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;

/** Energy of one metering period [start, end): a day or a bill. Any unit; NaN where unknown. */
export interface UsagePeriod {
  readonly start_ms: number;
  readonly end_ms: number;
  readonly energy: number;
}

/** Temperatures by hour without a gap in time: the i-th holds from start + i hours; NaN where unknown. */
export interface HourlyTemperatures {
  readonly start_ms: number;
  readonly values: ArrayLike<number>;
}

export interface CaltrackDesignSettings {
  /** A day's mean needs more than this share of its hours (2.2.2.3). */
  readonly leastDayCoverage: number;
  /** A bill needs at least this share of its hours (2.2.3.2). */
  readonly leastPeriodCoverage: number;
  /** Temperatures later than this in a period are not used; null: no limit. */
  readonly greatestReach_days: number | null;
}

export const defaultCaltrackDesign: CaltrackDesignSettings = {
  leastDayCoverage: 0.5,
  leastPeriodCoverage: 0.9,
  greatestReach_days: null,
};

export interface CaltrackRow {
  readonly start_ms: number;
  readonly end_ms: number;
  /** Length of the period in days, not always whole. */
  readonly days: number;
  /** Energy per day; NaN where the energy is unknown. */
  readonly usagePerDay: number;
  /** Mean temperatures of the days that have enough hours; empty where the period has too few. */
  readonly dayTemperatures: Float64Array;
  readonly daysDropped: number;
}

/** Hours [from, to) of a series as positions, of which those outside the series are unknown. */
const hourAt = ({ start_ms, values }: HourlyTemperatures, at_ms: number): number =>
  values[Math.ceil((at_ms - start_ms) / hour_ms)] ?? Number.NaN;

/** Days run from the period's own start, so that a period which begins at local midnight has local days. */
function dayMeans(
  period: UsagePeriod,
  temperatures: HourlyTemperatures,
  settings: CaltrackDesignSettings,
): { readonly kept: Float64Array; readonly dropped: number } {
  const reach = settings.greatestReach_days;
  const end_ms = reach === null ? period.end_ms : Math.min(period.end_ms, period.start_ms + reach * day_ms);
  const hours = Math.round((end_ms - period.start_ms) / hour_ms);
  // A local day of 25 hours is one day.
  const perDay = hours <= 25 ? hours : 24;
  const kept: number[] = [];
  let dropped = 0;
  let knownHours = 0;
  for (let first = 0; first < hours; first += perDay) {
    let known = 0;
    let sum = 0;
    for (let hour = first; hour < Math.min(first + perDay, hours); hour++) {
      const value = hourAt(temperatures, period.start_ms + hour * hour_ms);
      if (!Number.isFinite(value)) continue;
      known++;
      sum += value;
    }
    knownHours += known;
    if (known > settings.leastDayCoverage * 24) kept.push(sum / known);
    else dropped++;
  }
  const isCovered = hours <= 25 || knownHours >= settings.leastPeriodCoverage * hours;
  return isCovered
    ? { kept: Float64Array.from(kept), dropped }
    : { kept: new Float64Array(), dropped: dropped + kept.length };
}

/** One row per period. */
export function caltrackDesign(
  periods: readonly UsagePeriod[],
  temperatures: HourlyTemperatures,
  settings: CaltrackDesignSettings = defaultCaltrackDesign,
): readonly CaltrackRow[] {
  return periods.map((period) => {
    const { kept, dropped } = dayMeans(period, temperatures, settings);
    const days = (period.end_ms - period.start_ms) / day_ms;
    return {
      start_ms: period.start_ms,
      end_ms: period.end_ms,
      days,
      usagePerDay: period.energy / days,
      dayTemperatures: kept,
      daysDropped: dropped,
    };
  });
}

/** Mean heating degree days per day of a period: mean of max(balance point − T, 0) over its days (3.3.5.1). */
export function heatingPerDay({ dayTemperatures }: CaltrackRow, balancePoint: number): number {
  let sum = 0;
  for (const t of dayTemperatures) sum += Math.max(balancePoint - t, 0);
  return sum / dayTemperatures.length;
}

/** Mean cooling degree days per day of a period: mean of max(T − balance point, 0) over its days (3.3.4.1). */
export function coolingPerDay({ dayTemperatures }: CaltrackRow, balancePoint: number): number {
  let sum = 0;
  for (const t of dayTemperatures) sum += Math.max(t - balancePoint, 0);
  return sum / dayTemperatures.length;
}
