/**
 * CUSUM: running sum of actual − expected. Falling means saving, a bend is an event, and the last value is minus the
 * total savings. The band is where the sum would stay, at the confidence, had nothing changed.
 */
import type { LocalDate } from './calendar.ts';
import type { EnbModel, EnpiPeriod } from './enb.ts';
import { knownDays, modelHalfWidth_wh } from './savings.ts';

/**
 * Running sum of actual − expected of any periods: months, weeks, batches. Where either is unknown the sum stays, and
 * the period is null. Throws RangeError where the columns differ in length.
 */
export function runningDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): readonly { readonly difference: number | null; readonly sum: number }[] {
  if (actual.length !== expected.length) throw new RangeError('Actual and expected differ in length');
  let sum = 0;
  return Array.from({ length: actual.length }, (_, i) => {
    const difference = (actual[i] as number) - (expected[i] as number);
    if (!Number.isFinite(difference)) return { difference: null, sum };
    sum += difference;
    return { difference, sum };
  });
}

export interface CusumDay {
  readonly date: LocalDate;
  /** null where the energy or a variable of the day is unknown; the sum then stays. */
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
  readonly difference_wh: number | null;
  readonly cusum_wh: number;
  /** Half-width of the model part around zero. */
  readonly halfWidth_wh: number;
}

/** CUSUM of a period, day by day. */
export function cusum(model: EnbModel, period: EnpiPeriod, confidence: number): readonly CusumDay[] {
  const known = new Map(knownDays(model, period).map((day) => [day.position, day]));
  const rowSum = new Float64Array(model.coefficients.length);
  let days = 0;
  let cusum_wh = 0;
  return period.dates.map((date, position) => {
    const day = known.get(position);
    if (day) {
      days++;
      cusum_wh += day.actual_wh - day.expected_wh;
      for (let k = 0; k < rowSum.length; k++) rowSum[k] = (rowSum[k] as number) + (day.row[k] as number);
    }
    return {
      date,
      actual_wh: day?.actual_wh ?? null,
      expected_wh: day?.expected_wh ?? null,
      difference_wh: day ? day.actual_wh - day.expected_wh : null,
      cusum_wh,
      halfWidth_wh: modelHalfWidth_wh(model, { days, rowSum }, confidence),
    };
  });
}
