/**
 * Tiers: hours, days and months of a site as sums of base intervals, with the count of every quality class.
 *
 * Sums are of integers and therefore exact: hours add up to the day, days to the month. What is missing is counted,
 * never filled and never scaled up: where `n_missing` is above 0 the sum is a lower bound.
 */
import { baseInterval_ms } from './calendar.ts';
import { type IntervalQuality, intervalQualities, intervalQualityCode } from './vocabulary.ts';

/** Base intervals of one meter and measurand: ascending starts, all of one width; absent rows are missing. */
export interface BaseIntervals {
  readonly start_ms: ArrayLike<number>;
  /** Codes of `intervalQualities`. */
  readonly quality: ArrayLike<number>;
  /** Counters. */
  readonly delta?: ArrayLike<number | null>;
  /** Gauges. */
  readonly mean?: ArrayLike<number | null>;
  readonly min?: ArrayLike<number | null>;
  readonly max?: ArrayLike<number | null>;
}

export interface TierOptions {
  /** Width of the base intervals. Default 15 min. */
  readonly width_ms?: number;
  /** The series exists from here (default: its first interval): nothing is expected earlier. */
  readonly since_ms?: number;
  /** The series is known up to here (default: end of its last interval): nothing is expected later. */
  readonly until_ms?: number;
}

/** One row per period in which anything is expected; NaN where nothing is known. */
export interface TierColumns {
  /** Length of every column. */
  readonly count: number;
  readonly start_ms: Float64Array;
  /** Length of the whole period, also where the series covers it in part. */
  readonly duration_s: Float64Array;
  readonly delta: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly n_measured: Uint32Array;
  readonly n_interpolated: Uint32Array;
  readonly n_estimated: Uint32Array;
  readonly n_manual: Uint32Array;
  readonly n_missing: Uint32Array;
}

/** Number of base intervals per quality class. */
export interface QualityCounts {
  readonly n_measured: number;
  readonly n_interpolated: number;
  readonly n_estimated: number;
  readonly n_manual: number;
  readonly n_missing: number;
}

const missingCode = intervalQualityCode('missing');

function emptyTier(periods: number): TierColumns & { count: number } {
  const values = () => new Float64Array(periods).fill(Number.NaN);
  const counts = () => new Uint32Array(periods);
  return {
    count: 0,
    start_ms: new Float64Array(periods),
    duration_s: new Float64Array(periods),
    delta: values(),
    mean: values(),
    min: values(),
    max: values(),
    n_measured: counts(),
    n_interpolated: counts(),
    n_estimated: counts(),
    n_manual: counts(),
    n_missing: counts(),
  };
}

const valueAt = (column: ArrayLike<number | null> | undefined, i: number): number =>
  column?.[i] ?? Number.NaN;

/**
 * Sums base intervals over the periods [boundaries_ms[i], boundaries_ms[i+1]) (see `periodBoundaries`).
 * `delta` = Σ delta; `mean` = Σ mean·width / Σ width over the intervals that have one; `min`, `max` of theirs.
 * An interval belongs to the period it starts in. Throws RangeError where starts do not ascend.
 */
export function tier(
  base: BaseIntervals,
  boundaries_ms: ArrayLike<number>,
  options: TierOptions = {},
): TierColumns {
  const { start_ms, quality } = base;
  const width_ms = options.width_ms ?? baseInterval_ms;
  const rows = start_ms.length;
  const since_ms = options.since_ms ?? (rows > 0 ? (start_ms[0] as number) : Number.POSITIVE_INFINITY);
  const until_ms =
    options.until_ms ?? (rows > 0 ? (start_ms[rows - 1] as number) + width_ms : Number.NEGATIVE_INFINITY);
  const periods = Math.max(0, boundaries_ms.length - 1);
  const out = emptyTier(periods);
  const counts = [out.n_measured, out.n_interpolated, out.n_estimated, out.n_manual];
  let i = 0;
  for (let period = 0; period < periods; period++) {
    const begin = boundaries_ms[period] as number;
    const end = boundaries_ms[period + 1] as number;
    const expected = Math.round((Math.min(end, until_ms) - Math.max(begin, since_ms)) / width_ms);
    if (!(expected > 0)) continue;
    const row = out.count++;
    out.start_ms[row] = begin;
    out.duration_s[row] = (end - begin) / 1000;
    while (i < rows && (start_ms[i] as number) < begin) i++;
    let present = 0;
    let sum = 0;
    let n_sum = 0;
    let weighted = 0;
    let n_mean = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (; i < rows && (start_ms[i] as number) < end; i++) {
      if (i > 0 && (start_ms[i] as number) <= (start_ms[i - 1] as number))
        throw new RangeError('Base intervals do not ascend');
      const code = quality[i] as number;
      if (code === missingCode) continue;
      const column = counts[code];
      if (!column) throw new RangeError(`No quality class has the code ${code}`);
      column[row] = (column[row] as number) + 1;
      present++;
      const delta = valueAt(base.delta, i);
      if (!Number.isNaN(delta)) {
        sum += delta;
        n_sum++;
      }
      const mean = valueAt(base.mean, i);
      if (!Number.isNaN(mean)) {
        weighted += mean;
        n_mean++;
      }
      const low = valueAt(base.min, i);
      if (low < min) min = low;
      const high = valueAt(base.max, i);
      if (high > max) max = high;
    }
    if (n_sum > 0) out.delta[row] = sum;
    // All base intervals have one width, so weighting by duration is the plain mean.
    if (n_mean > 0) out.mean[row] = weighted / n_mean;
    if (min !== Number.POSITIVE_INFINITY) out.min[row] = min;
    if (max !== Number.NEGATIVE_INFINITY) out.max[row] = max;
    out.n_missing[row] = Math.max(0, expected - present);
  }
  return out.count === periods ? out : firstRows(out);
}

/** Columns were made for every period; those in which nothing is expected have no row. */
const firstRows = ({ count, ...columns }: TierColumns): TierColumns => ({
  count,
  start_ms: columns.start_ms.subarray(0, count),
  duration_s: columns.duration_s.subarray(0, count),
  delta: columns.delta.subarray(0, count),
  mean: columns.mean.subarray(0, count),
  min: columns.min.subarray(0, count),
  max: columns.max.subarray(0, count),
  n_measured: columns.n_measured.subarray(0, count),
  n_interpolated: columns.n_interpolated.subarray(0, count),
  n_estimated: columns.n_estimated.subarray(0, count),
  n_manual: columns.n_manual.subarray(0, count),
  n_missing: columns.n_missing.subarray(0, count),
});

/** The counts of one row. */
export const qualityCounts = (columns: TierColumns, row: number): QualityCounts => ({
  n_measured: columns.n_measured[row] ?? 0,
  n_interpolated: columns.n_interpolated[row] ?? 0,
  n_estimated: columns.n_estimated[row] ?? 0,
  n_manual: columns.n_manual[row] ?? 0,
  n_missing: columns.n_missing[row] ?? 0,
});

export const addQualityCounts = (a: QualityCounts, b: QualityCounts): QualityCounts => ({
  n_measured: a.n_measured + b.n_measured,
  n_interpolated: a.n_interpolated + b.n_interpolated,
  n_estimated: a.n_estimated + b.n_estimated,
  n_manual: a.n_manual + b.n_manual,
  n_missing: a.n_missing + b.n_missing,
});

/** Share of each class among the expected intervals, 0 to 1; null where nothing was expected. */
export function qualityShares(counts: QualityCounts): Readonly<Record<IntervalQuality, number>> | null {
  const { n_measured, n_interpolated, n_estimated, n_manual, n_missing } = counts;
  const expected = n_measured + n_interpolated + n_estimated + n_manual + n_missing;
  if (expected === 0) return null;
  return {
    measured: n_measured / expected,
    interpolated: n_interpolated / expected,
    estimated: n_estimated / expected,
    manual: n_manual / expected,
    missing: n_missing / expected,
  };
}

/**
 * One class for a figure over many intervals: the worst that occurs. Missing only where nothing is known; where a
 * part is missing the figure is a lower bound and at best `estimated`. Null where nothing was expected.
 */
export function worstQuality(counts: QualityCounts): IntervalQuality | null {
  const present = counts.n_measured + counts.n_interpolated + counts.n_estimated + counts.n_manual;
  if (present === 0) return counts.n_missing > 0 ? 'missing' : null;
  if (counts.n_manual > 0) return 'manual';
  if (counts.n_estimated > 0 || counts.n_missing > 0) return 'estimated';
  return intervalQualities[counts.n_interpolated > 0 ? 1 : 0] ?? null;
}
