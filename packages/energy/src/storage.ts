/** Sizes of stored data: how wide chunks of time should be, and where growth leads. */

const day_s = 86_400;

/** Widths a chunk may have. */
const widths_s = [3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 1, 2, 4, 7, 14, 28, 60].map((n) =>
  n < 3_600 ? n * day_s : n,
);

export interface ChunkWidthInput {
  /** Of all organisations together, with indexes. */
  readonly bytesPerDay: number;
  /** A chunk and its indexes should stay below: a quarter of the database's memory. */
  readonly budget_bytes: number;
  /** Time that the table covers. */
  readonly span_days: number;
  /** Width at which there is nothing to decide. */
  readonly widest_s: number;
}

/** Chunks beyond which planning costs more than small chunks save. */
export const mostChunks = 500;

/**
 * The widest of the usual widths whose chunk fits the budget: width ≤ budget ÷ (bytes per day), never above `widest_s` and
 * never so narrow that the table would have more than 500 chunks. Throws RangeError where a figure is negative.
 */
export function chunkWidth_s({ bytesPerDay, budget_bytes, span_days, widest_s }: ChunkWidthInput): number {
  if (bytesPerDay < 0 || budget_bytes < 0 || span_days < 0) throw new RangeError('A size is negative');
  const fits = bytesPerDay > 0 ? (budget_bytes / bytesPerDay) * day_s : Number.POSITIVE_INFINITY;
  const least = (span_days * day_s) / mostChunks;
  const usual = widths_s.filter((width) => width <= widest_s);
  const chosen = usual.findLast((width) => width <= fits) ?? usual[0] ?? widest_s;
  return chosen >= least ? chosen : (usual.find((width) => width >= least) ?? widest_s);
}

export interface GrowingData {
  readonly bytes: number;
  readonly growth_bytes_per_day: number;
  /** Age of the oldest, days. */
  readonly age_days: number;
  /** Null: kept for ever. */
  readonly keep_days: number | null;
}

/**
 * Size after `days`, if it goes on growing as it does:
 *
 *     kept for ever: bytes + growth · days
 *     kept k days:   bytes · clamp((k − days) ÷ age, 0, 1) + growth · min(days, k)
 *
 * What is there now is taken to be spread evenly over its age.
 */
export function bytesAfter(
  { bytes, growth_bytes_per_day, age_days, keep_days }: GrowingData,
  days: number,
): number {
  if (keep_days === null) return bytes + growth_bytes_per_day * days;
  const left = age_days > 0 ? Math.min(1, Math.max(0, (keep_days - days) / age_days)) : 1;
  return bytes * left + growth_bytes_per_day * Math.min(days, keep_days);
}
