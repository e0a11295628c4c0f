/**
 * When performance changed: tabular CUSUM of daily differences between metered and expected energy.
 *
 *   C⁺ᵢ = max(0, C⁺ᵢ₋₁ + zᵢ − k),  C⁻ᵢ = max(0, C⁻ᵢ₋₁ − zᵢ − k),  a change where either exceeds h
 *
 * z is the difference in standard deviations. k = ½ looks for changes of one standard deviation; h = 5 gives a false
 * call about once in 465 independent values (D. C. Montgomery, Introduction to Statistical Quality Control, 9.1).
 * Differences of neighbouring days are correlated, and a CUSUM of correlated values calls far too often: what goes in
 * is each day's news, eᵢ − ρeᵢ₋₁, over its own standard deviation.
 */
import { dayOrdinal, type LocalDate } from './calendar.ts';
import type { EnbModel, EnpiPeriod } from './enb.ts';
import { inflationRho, knownDays } from './savings.ts';

export interface CusumSettings {
  /** Reference value, in standard deviations. */
  readonly k: number;
  /** Decision value, in standard deviations. */
  readonly h: number;
}

export const defaultCusumSettings: CusumSettings = { k: 0.5, h: 5 };

export interface CusumStep {
  readonly upper: number;
  readonly lower: number;
  /** Values since the sum was last zero. */
  readonly upperRun: number;
  readonly lowerRun: number;
}

/** Both sums of standardised values, step by step. */
export function tabularCusum(
  values: ArrayLike<number>,
  { k }: CusumSettings = defaultCusumSettings,
): readonly CusumStep[] {
  let step: CusumStep = { upper: 0, lower: 0, upperRun: 0, lowerRun: 0 };
  return Array.from({ length: values.length }, (_, i) => {
    const z = values[i] as number;
    const upper = Math.max(0, step.upper + z - k);
    const lower = Math.max(0, step.lower - z - k);
    step = {
      upper,
      lower,
      upperRun: upper > 0 ? step.upperRun + 1 : 0,
      lowerRun: lower > 0 ? step.lowerRun + 1 : 0,
    };
    return step;
  });
}

export interface PerformanceChange {
  readonly direction: 'more' | 'less';
  /** Day after which the sum was last zero: the change is likely to have begun here. */
  readonly since: LocalDate;
  readonly detectedOn: LocalDate;
  /** Mean of metered − expected from `since` to the day of detection. */
  readonly meanDifference_wh: number;
}

/**
 * Changes within a period, in order. After each the sums begin anew, against the level that was left: a lasting saving
 * is called once, its end once more. A day that is not known is passed over; a gap ends the memory of the day before.
 */
export function performanceChanges(
  model: EnbModel,
  period: EnpiPeriod,
  settings: CusumSettings = defaultCusumSettings,
): readonly PerformanceChange[] {
  const rho = inflationRho(model);
  const spread_wh = model.sigma_wh * Math.sqrt(1 - rho * rho);
  const days = knownDays(model, period).map((day) => ({
    date: period.dates[day.position] as LocalDate,
    difference_wh: day.actual_wh - day.expected_wh,
  }));
  const changes: PerformanceChange[] = [];
  let level_wh = 0;
  for (let first = 0; first < days.length; ) {
    const rest = days.slice(first);
    const news = rest.map(({ date, difference_wh }, i) => {
      const before = rest[i - 1];
      const isNeighbour = before !== undefined && dayOrdinal(date) - dayOrdinal(before.date) === 1;
      const own = difference_wh - level_wh;
      // Without a neighbour the day's own spread is the wider one of all days.
      return isNeighbour ? (own - rho * (before.difference_wh - level_wh)) / spread_wh : own / model.sigma_wh;
    });
    const steps = tabularCusum(news, settings);
    const at = steps.findIndex(({ upper, lower }) => upper > settings.h || lower > settings.h);
    if (at === -1) break;
    const { upper, upperRun, lowerRun } = steps[at] as CusumStep;
    const isMore = upper > settings.h;
    const since = at - (isMore ? upperRun : lowerRun) + 1;
    const run = rest.slice(since, at + 1);
    const meanDifference_wh = run.reduce((sum, { difference_wh }) => sum + difference_wh, 0) / run.length;
    changes.push({
      direction: isMore ? 'more' : 'less',
      since: rest[since]?.date as LocalDate,
      detectedOn: rest[at]?.date as LocalDate,
      meanDifference_wh,
    });
    level_wh = meanDifference_wh;
    first += at + 1;
  }
  return changes;
}
