/** Load duration curve: for how long the load was at least so high. */
export interface DurationCurveInput {
  readonly start_ms: ArrayLike<number>;
  readonly duration_s: ArrayLike<number>;
  /** Mean load of each interval; NaN where not known. */
  readonly value: ArrayLike<number>;
}

export interface DurationCurve {
  /** Falling. */
  readonly value: readonly number[];
  /** Hours during which the load was at least the value beside it. */
  readonly hours: readonly number[];
  readonly quantiles: readonly { readonly share: number; readonly value: number }[];
  readonly known_h: number;
  readonly missing_h: number;
  readonly mean: number | null;
  readonly lowest: { readonly value: number; readonly start_ms: number } | null;
  readonly highest: { readonly value: number; readonly start_ms: number } | null;
  readonly loadFactor: number | null;
}

/** Shares of the known time for which quantiles are given. */
export const durationShares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

/**
 * Intervals sorted by falling load with their added-up durations:
 *
 *     hours(k) = Σ_{i ≤ k} duration_i,   quantile(s) = value_k of the least k with hours(k) ≥ s · Σ duration
 *
 * At most `points` of them are given: the highest and the lowest always, between them evenly spaced ranks. The mean is
 * weighted by duration; the load factor is mean ÷ highest (null where the highest is not above 0). Missing intervals are
 * counted in hours and take no part. Ties keep the order of time, so the result does not depend on the sort.
 * O(n log n). Throws RangeError where points is below 2.
 */
export function durationCurve(input: DurationCurveInput, points: number): DurationCurve {
  if (!(points >= 2)) throw new RangeError('A curve has at least two points');
  const { start_ms, duration_s, value } = input;
  const order: number[] = [];
  let missing_s = 0;
  for (let i = 0; i < start_ms.length; i++)
    if (Number.isNaN(value[i] as number)) missing_s += duration_s[i] as number;
    else order.push(i);
  order.sort((a, b) => (value[b] as number) - (value[a] as number) || a - b);
  const cumulative_h = new Float64Array(order.length);
  let sum_s = 0;
  let weighted = 0;
  for (const [k, i] of order.entries()) {
    sum_s += duration_s[i] as number;
    weighted += (value[i] as number) * (duration_s[i] as number);
    cumulative_h[k] = sum_s / 3_600;
  }
  const ranks = ranksOf(order.length, points);
  const at = (k: number): { value: number; start_ms: number } | null => {
    const i = order[k];
    return i === undefined ? null : { value: value[i] as number, start_ms: start_ms[i] as number };
  };
  const mean = sum_s > 0 ? weighted / sum_s : null;
  const highest = at(0);
  return {
    value: ranks.map((k) => value[order[k] as number] as number),
    hours: ranks.map((k) => cumulative_h[k] as number),
    quantiles: quantilesOf(order, value, cumulative_h),
    known_h: sum_s / 3_600,
    missing_h: missing_s / 3_600,
    mean,
    lowest: at(order.length - 1),
    highest,
    loadFactor: mean !== null && highest && highest.value > 0 ? mean / highest.value : null,
  };
}

function ranksOf(count: number, points: number): number[] {
  if (count <= points) return Array.from({ length: count }, (_, k) => k);
  return Array.from({ length: points }, (_, k) => Math.round((k * (count - 1)) / (points - 1)));
}

function quantilesOf(
  order: readonly number[],
  value: ArrayLike<number>,
  cumulative_h: Float64Array,
): DurationCurve['quantiles'] {
  const total = cumulative_h.at(-1);
  if (total === undefined || total === 0) return [];
  let k = 0;
  return durationShares.map((share) => {
    while (k + 1 < order.length && (cumulative_h[k] as number) < share * total) k++;
    return { share, value: value[order[k] as number] as number };
  });
}
