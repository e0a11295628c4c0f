/**
 * Expected load of a site by local time of week and outdoor temperature, with the band it usually stays in.
 *
 * Method (after the time-of-week-and-temperature model, Mathieu et al. 2011, as in CalTRACK 2.0, 3.7 to 3.11):
 *   power = level of the quarter hour of the local week + Σ slopeⱼ · temperature part ⱼ,
 * where the parts are the shares of the temperature within segments between knots (continuous, piecewise linear).
 * Slopes come from ordinary least squares on deviations from the means of each quarter hour of the week, which is
 * the same as fitting all 672 levels at once. Points further than `outlierFactor` scaled median deviations from the
 * median of their quarter hour are left out once, so that last month's fault does not widen the band. The band is the range of residuals by hour of
 * the day, workdays and weekends apart, that held the stated share of the past.
 */
import { localTime } from './calendar.ts';
import { type Disqualified, finding } from './finding.ts';
import { quantile } from './quantile.ts';
import { regress } from './regression.ts';

export interface LoadHistory {
  /** Starts of base intervals. */
  readonly start_ms: ArrayLike<number>;
  /** Energy of each, NaN where unknown. */
  readonly energy_wh: ArrayLike<number>;
  /** Mean outdoor temperature of each, NaN where unknown. */
  readonly temperature_c?: ArrayLike<number>;
}

export interface ExpectedLoadSettings {
  /** Share of the past inside the band. */
  readonly confidence: number;
  readonly knots_c: readonly number[];
  /** A segment that fewer than this share of the history lies in is merged with its neighbour. */
  readonly leastSegmentShare: number;
  readonly outlierFactor: number;
  /** Fewer days of history are refused. */
  readonly leastDays: number;
}

export const defaultExpectedLoadSettings: ExpectedLoadSettings = {
  confidence: 0.9,
  knots_c: [5, 10, 15, 20, 25],
  leastSegmentShare: 0.05,
  outlierFactor: 6,
  leastDays: 14,
};

export interface ExpectedLoadModel {
  readonly form: 'timeOfWeekTemperature';
  readonly formVersion: 1;
  readonly zone: string;
  readonly confidence: number;
  /** Level of each quarter hour of the week from Monday 00:00, W at zero temperature parts; null where unknown. */
  readonly level_w: readonly (number | null)[];
  /** Knots between temperature segments; slopes has one more element. Empty slopes: temperature plays no part. */
  readonly knots_c: readonly number[];
  readonly slopes_w_per_k: readonly number[];
  /** Range of temperatures seen; others are taken to be at its end. */
  readonly temperatureRange_c: readonly [number, number] | null;
  /** Residual bounds by group: workday hours 0 to 23, weekend hours 24 to 47. */
  readonly low_w: readonly (number | null)[];
  readonly high_w: readonly (number | null)[];
  readonly n: number;
  readonly outliers: number;
  /** Root mean square of the residuals, W. */
  readonly rmse_w: number;
}

export interface ExpectedLoadRow {
  readonly start_ms: number;
  /** null where the history never saw this quarter hour of the week, or the temperature it needs is unknown. */
  readonly expected_w: number | null;
  readonly low_w: number | null;
  readonly high_w: number | null;
}

const quartersPerWeek = 672;
const perHour = 4;

const positionOf = (zone: string, at_ms: number): { readonly slot: number; readonly group: number } => {
  const { weekday, minute } = localTime(zone, at_ms);
  const hour = Math.floor(minute / 60);
  return {
    slot: (weekday - 1) * 96 + Math.floor(minute / 15),
    group: weekday >= 6 ? 24 + hour : hour,
  };
};

/** Parts of a temperature within the segments: they add up to it, up to a constant. */
function temperatureParts(knots_c: readonly number[], temperature_c: number): number[] {
  const parts: number[] = [];
  for (let j = 0; j <= knots_c.length; j++) {
    const low = knots_c[j - 1] ?? Number.NEGATIVE_INFINITY;
    const high = knots_c[j] ?? Number.POSITIVE_INFINITY;
    const within = Math.min(temperature_c, high);
    parts.push(low === Number.NEGATIVE_INFINITY ? within : Math.max(within - low, 0));
  }
  return parts;
}

/** Knots whose segments each hold enough of the history. */
function usefulKnots(temperatures: readonly number[], settings: ExpectedLoadSettings): number[] {
  const least = settings.leastSegmentShare * temperatures.length;
  const kept: number[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (const knot of settings.knots_c) {
    const inside = temperatures.filter((t) => t > previous && t <= knot).length;
    const beyond = temperatures.filter((t) => t > knot).length;
    if (inside < least || beyond < least) continue;
    kept.push(knot);
    previous = knot;
  }
  return kept;
}

interface Point {
  readonly slot: number;
  readonly group: number;
  readonly power_w: number;
  readonly parts: readonly number[];
}

interface Shape {
  readonly level_w: (number | null)[];
  readonly slopes: readonly number[];
  readonly residuals: Float64Array;
}

function fitShape(points: readonly Point[], partCount: number): Shape {
  const width = partCount + 1;
  const sums = new Float64Array(quartersPerWeek * width);
  const counts = new Uint32Array(quartersPerWeek);
  for (const { slot, power_w, parts } of points) {
    counts[slot] = (counts[slot] as number) + 1;
    sums[slot * width] = (sums[slot * width] as number) + power_w;
    parts.forEach((part, j) => {
      sums[slot * width + 1 + j] = (sums[slot * width + 1 + j] as number) + part;
    });
  }
  const meanOf = (slot: number, column: number): number =>
    (sums[slot * width + column] as number) / (counts[slot] as number);
  let slopes: readonly number[] = new Array(partCount).fill(0);
  if (partCount > 0) {
    const fit = regress({
      y: points.map(({ slot, power_w }) => power_w - meanOf(slot, 0)),
      variables: Array.from({ length: partCount }, (_, j) => ({
        name: `part${j}`,
        values: points.map(({ slot, parts }) => (parts[j] as number) - meanOf(slot, 1 + j)),
      })),
      intercept: false,
    });
    // Without enough variation of temperature within the quarter hours of the week, levels alone are the model.
    if (fit.ok) slopes = fit.coefficients.map(({ value }) => value);
  }
  const level_w = Array.from(counts, (count, slot) =>
    count === 0
      ? null
      : slopes.reduce((level, slope, j) => level - slope * meanOf(slot, 1 + j), meanOf(slot, 0)),
  );
  const residuals = Float64Array.from(points, ({ slot, power_w, parts }) => {
    const temperature = slopes.reduce((sum, slope, j) => sum + slope * (parts[j] as number), 0);
    const raw = power_w - (level_w[slot] ?? 0) - temperature;
    // A level fitted to m points follows each of them by 1/m: undo the shrinkage.
    const m = counts[slot] as number;
    return m > 1 ? raw * Math.sqrt(m / (m - 1)) : 0;
  });
  return { level_w, slopes, residuals };
}

/** Points within `factor` scaled median deviations of the median of their quarter hour of the week. */
function withoutOutliers(
  points: readonly Point[],
  slopes: readonly number[],
  factor: number,
): readonly Point[] {
  const levels = points.map(({ power_w, parts }) =>
    slopes.reduce((level, slope, j) => level - slope * (parts[j] as number), power_w),
  );
  const bySlot = new Map<number, number[]>();
  points.forEach(({ slot }, i) => {
    const own = bySlot.get(slot) ?? [];
    own.push(levels[i] as number);
    bySlot.set(slot, own);
  });
  const medians = new Map(
    [...bySlot].map(([slot, own]) => [slot, quantile(Float64Array.from(own).sort(), 0.5)]),
  );
  const distances = Float64Array.from(points, ({ slot }, i) =>
    Math.abs((levels[i] as number) - (medians.get(slot) as number)),
  );
  const spread = quantile(distances.slice().sort(), 0.5) * 1.4826;
  return spread === 0 ? points : points.filter((_, i) => (distances[i] as number) <= factor * spread);
}

/** Fits the expected load of a zone's site to its history (six to twelve weeks is a good length). */
export function fitExpectedLoad(
  zone: string,
  history: LoadHistory,
  settings: ExpectedLoadSettings = defaultExpectedLoadSettings,
): { readonly ok: true; readonly model: ExpectedLoadModel } | Disqualified {
  const { start_ms, energy_wh, temperature_c } = history;
  const known: number[] = [];
  for (let i = 0; i < start_ms.length; i++)
    if (Number.isFinite(energy_wh[i]) && (!temperature_c || Number.isFinite(temperature_c[i]))) known.push(i);
  if (known.length < settings.leastDays * 24 * perHour)
    return {
      ok: false,
      disqualifications: [
        finding('tooFewPoints', 'Too little history for an expected load', {
          days: known.length / (24 * perHour),
          leastDays: settings.leastDays,
        }),
      ],
    };
  const temperatures = temperature_c ? known.map((i) => temperature_c[i] as number) : [];
  const knots_c = usefulKnots(temperatures, settings);
  const all = known.map(
    (i): Point => ({
      ...positionOf(zone, start_ms[i] as number),
      power_w: (energy_wh[i] as number) * perHour,
      parts: temperature_c ? temperatureParts(knots_c, temperature_c[i] as number) : [],
    }),
  );
  const partCount = temperature_c ? knots_c.length + 1 : 0;
  const points = withoutOutliers(all, fitShape(all, partCount).slopes, settings.outlierFactor);
  const shape = fitShape(points, partCount);
  const groups = Array.from({ length: 48 }, (_, group) =>
    shape.residuals.filter((_residual, i) => points[i]?.group === group).sort(),
  );
  const bound = (q: number): (number | null)[] =>
    groups.map((residuals) => (residuals.length > 0 ? quantile(residuals, q) : null));
  const square = shape.residuals.reduce((sum, e) => sum + e * e, 0);
  return {
    ok: true,
    model: {
      form: 'timeOfWeekTemperature',
      formVersion: 1,
      zone,
      confidence: settings.confidence,
      level_w: shape.level_w,
      knots_c,
      slopes_w_per_k: shape.slopes,
      temperatureRange_c: temperature_c
        ? [temperatures.reduce((a, b) => Math.min(a, b)), temperatures.reduce((a, b) => Math.max(a, b))]
        : null,
      low_w: bound((1 - settings.confidence) / 2),
      high_w: bound(1 - (1 - settings.confidence) / 2),
      n: points.length,
      outliers: all.length - points.length,
      rmse_w: Math.sqrt(square / points.length),
    },
  };
}

/** Expected load and its band for each start; power never goes below zero. */
export function expectedLoad(
  model: ExpectedLoadModel,
  start_ms: ArrayLike<number>,
  temperature_c?: ArrayLike<number>,
): readonly ExpectedLoadRow[] {
  return Array.from({ length: start_ms.length }, (_, i): ExpectedLoadRow => {
    const at_ms = start_ms[i] as number;
    const { slot, group } = positionOf(model.zone, at_ms);
    const level = model.level_w[slot] ?? null;
    const low = model.low_w[group] ?? null;
    const high = model.high_w[group] ?? null;
    const temperature = temperature_c?.[i] ?? Number.NaN;
    const range = model.temperatureRange_c;
    if (level === null || low === null || high === null || (range && Number.isNaN(temperature)))
      return { start_ms: at_ms, expected_w: null, low_w: null, high_w: null };
    const inRange = range ? Math.min(Math.max(temperature, range[0]), range[1]) : 0;
    const parts = range ? temperatureParts(model.knots_c, inRange) : [];
    const expected = parts.reduce((sum, part, j) => sum + part * (model.slopes_w_per_k[j] ?? 0), level);
    return {
      start_ms: at_ms,
      expected_w: Math.max(expected, 0),
      low_w: Math.max(expected + low, 0),
      high_w: Math.max(expected + high, 0),
    };
  });
}

export interface LoadDeviation {
  readonly direction: 'above' | 'below';
  /** Start of the first interval of the run. */
  readonly since_ms: number;
  readonly intervals: number;
  /** Mean of actual − expected over the run. */
  readonly deviation_w: number;
}

/** The run of intervals outside the band, on one side, that the series ends with; null where it ends inside. */
export function deviationAtEnd(
  rows: readonly ExpectedLoadRow[],
  actual_w: ArrayLike<number>,
): LoadDeviation | null {
  let direction: LoadDeviation['direction'] | null = null;
  let sum = 0;
  let first = rows.length;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as ExpectedLoadRow;
    const actual = actual_w[i] as number;
    if (row.expected_w === null || Number.isNaN(actual)) break;
    const side = actual > (row.high_w ?? actual) ? 'above' : actual < (row.low_w ?? actual) ? 'below' : null;
    if (side === null || (direction !== null && side !== direction)) break;
    direction = side;
    sum += actual - row.expected_w;
    first = i;
  }
  if (direction === null) return null;
  const intervals = rows.length - first;
  return {
    direction,
    since_ms: (rows[first] as ExpectedLoadRow).start_ms,
    intervals,
    deviation_w: sum / intervals,
  };
}
