/**
 * Savings against a baseline, with their uncertainty, and what may be said about them.
 *
 * Forecast form: savings = Σ(expected − actual) over the days of the reporting period on which both are known.
 * Days that are not known are left out of both sides; nothing is scaled up to a full year.
 *
 * Model part. The sum of m days' prediction errors has the variance
 *   σ² · [ a(m) + g · sᵀ(XᵀX)⁻¹s ],  s = Σ rows of the days,
 * where g = (1 + ρ)/(1 − ρ) carries the lag-1 autocorrelation ρ of daily residuals into the coefficients
 * (n/n′ of ASHRAE Guideline 14) and a(m) = m·g − 2ρ(1 − ρᵐ)/(1 − ρ)² is the exact sum over m days of a first-order
 * autoregression (a(1) = 1, a(m) = m for ρ = 0). σ² = SSE/(n − k·g), and t has n/g − k degrees of freedom. A negative
 * ρ is taken as 0, and ρ is corrected for its small-sample bias.
 *
 * Metering part: `metering-uncertainty.ts`.
 */
import { studentTwoSidedQuantile } from './distribution.ts';
import { designRows, type EnbModel, type EnpiPeriod, expectedOf, leverage, rangeTest } from './enb.ts';
import { type Finding, finding } from './finding.ts';
import { type MeteringUncertainty, meteringHalfWidth_wh } from './metering-uncertainty.ts';

export interface SavingsSettings {
  /** Two-sided, between 0 and 1. */
  readonly confidence: number;
  readonly metering: MeteringUncertainty | null;
  /** Known share of the period's days below which a warning is given. */
  readonly leastCompleteness?: number;
}

export const verdicts = ['saving', 'excess', 'notDistinguishableFromZero'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Savings {
  readonly days: number;
  readonly unknownDays: number;
  readonly actual_wh: number;
  readonly expected_wh: number;
  /** expected − actual. */
  readonly savings_wh: number;
  /** Of the expected energy. */
  readonly savings_percent: number;
  /** actual/expected; SEnPI of the SEP protocol. */
  readonly performanceRatio: number;
  readonly confidence: number;
  readonly modelHalfWidth_wh: number;
  readonly meteringHalfWidth_wh: number;
  /** √(model² + metering²). */
  readonly halfWidth_wh: number;
  /** Of the expected energy, in points of percent. */
  readonly halfWidth_percent: number;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** Autocorrelation used for uncertainty: bias-corrected, between 0 and 0.95. */
export function inflationRho(model: EnbModel): number {
  const k = model.coefficients.length;
  const corrected = (model.n * model.autocorrelation + k) / (model.n - k - 2);
  return Math.min(Math.max(model.autocorrelation > 0 ? corrected : 0, 0), 0.95);
}

/** What the uncertainty of a model's sums rests on. */
export interface ModelNoise {
  /** (1 + ρ)/(1 − ρ). */
  readonly inflation: number;
  /** SSE/(n − k·inflation), Wh². */
  readonly variance: number;
  /** n/inflation − k. */
  readonly degreesOfFreedom: number;
  /** a(m): the variance of the sum of m days' noise, in units of the variance of one. */
  readonly sumOfDays: (days: number) => number;
}

const meanMonth_days = 365.25 / 12;

export function modelNoise(model: EnbModel): ModelNoise {
  const rho = inflationRho(model);
  const k = model.coefficients.length;
  const inflation = (1 + rho) / (1 - rho);
  // What a fit spends beyond its coefficients (effects of hours of the week) is spread over the year: memory from day to
  // day does not inflate it.
  const spent = Math.max((model.parameters ?? k) - k, 0);
  const row_days = model.granularity === 'month' ? meanMonth_days : 1;
  return {
    inflation,
    variance: model.sse / Math.max(model.n - k * inflation - spent, 1),
    degreesOfFreedom: Math.max((model.n - spent) / inflation - k, 1),
    sumOfDays: (days) => {
      // A model of months has its variance per day; the months follow each other with ρ.
      const rows = days / row_days;
      return days * inflation - (row_days * 2 * rho * (1 - rho ** rows)) / (1 - rho) ** 2;
    },
  };
}

/** Half-width of the model part for the sum of `days` days whose design rows add up to `rowSum`. */
export function modelHalfWidth_wh(
  model: EnbModel,
  sum: { readonly days: number; readonly rowSum: ArrayLike<number> },
  confidence: number,
): number {
  if (sum.days === 0) return 0;
  const { inflation, variance, degreesOfFreedom, sumOfDays } = modelNoise(model);
  const total = variance * (sumOfDays(sum.days) + inflation * leverage(model, sum.rowSum));
  return studentTwoSidedQuantile(confidence, degreesOfFreedom) * Math.sqrt(total);
}

/** What the interval savings ± half-width allows to say. */
export function verdictOf(savings_wh: number, halfWidth_wh: number): Verdict {
  if (savings_wh - halfWidth_wh > 0) return 'saving';
  if (savings_wh + halfWidth_wh < 0) return 'excess';
  return 'notDistinguishableFromZero';
}

interface KnownDay {
  readonly position: number;
  readonly row: Float64Array;
  readonly actual_wh: number;
  readonly expected_wh: number;
}

/** Days on which the energy and every variable are known. */
export function knownDays(model: EnbModel, period: EnpiPeriod): readonly KnownDay[] {
  const days: KnownDay[] = [];
  designRows(model, period).forEach((row, position) => {
    const actual_wh = period.energy_wh[position] as number;
    const expected_wh = expectedOf(model, row);
    if (Number.isFinite(actual_wh) && Number.isFinite(expected_wh))
      days.push({ position, row, actual_wh, expected_wh });
  });
  return days;
}

function summarise(
  model: EnbModel,
  days: readonly KnownDay[],
  rest: { readonly total: number; readonly settings: SavingsSettings; readonly findings: readonly Finding[] },
): Savings {
  const { settings, total } = rest;
  const rowSum = new Float64Array(model.coefficients.length);
  let actual_wh = 0;
  let expected_wh = 0;
  for (const day of days) {
    actual_wh += day.actual_wh;
    expected_wh += day.expected_wh;
    for (let k = 0; k < rowSum.length; k++) rowSum[k] = (rowSum[k] as number) + (day.row[k] as number);
  }
  const savings_wh = expected_wh - actual_wh;
  const { confidence } = settings;
  const model_wh = modelHalfWidth_wh(model, { days: days.length, rowSum }, confidence);
  const metering_wh = meteringHalfWidth_wh(
    settings.metering,
    {
      expected_wh: days.map((day) => day.expected_wh),
      actual_wh: days.map((day) => day.actual_wh),
    },
    confidence,
  );
  const halfWidth_wh = Math.hypot(model_wh, metering_wh);
  const findings = [...rest.findings];
  if (days.length < (settings.leastCompleteness ?? 0.9) * total)
    findings.push(
      finding('incompletePeriod', 'Too many days of the period are unknown', { days: days.length, total }),
    );
  return {
    days: days.length,
    unknownDays: total - days.length,
    actual_wh,
    expected_wh,
    savings_wh,
    savings_percent: (100 * savings_wh) / expected_wh,
    performanceRatio: actual_wh / expected_wh,
    confidence,
    modelHalfWidth_wh: model_wh,
    meteringHalfWidth_wh: metering_wh,
    halfWidth_wh,
    halfWidth_percent: (100 * halfWidth_wh) / expected_wh,
    verdict: days.length === 0 ? 'notDistinguishableFromZero' : verdictOf(savings_wh, halfWidth_wh),
    findings,
  };
}

/** The baseline must not judge days that it was fitted to: their residuals add up to zero by construction. */
function overlapFindings(model: EnbModel, { dates }: EnpiPeriod): readonly Finding[] {
  const { from, to } = model.baseline;
  const days = dates.filter((date) => date >= from && date <= to).length;
  return days === 0
    ? []
    : [finding('baselineOverlap', 'The reporting period overlaps the baseline', { days, from, to })];
}

/** Savings over the whole period. */
export function savingsOver(model: EnbModel, period: EnpiPeriod, settings: SavingsSettings): Savings {
  return summarise(model, knownDays(model, period), {
    total: period.dates.length,
    settings,
    findings: [...overlapFindings(model, period), ...rangeTest(model, period)],
  });
}

export interface MonthPerformance extends Savings {
  /** `YYYY-MM`, by local date. */
  readonly month: string;
}

/** One row per calendar month of the period. Months do not add up in quadrature: their errors share the model. */
export function monthlyPerformance(
  model: EnbModel,
  period: EnpiPeriod,
  settings: SavingsSettings,
): readonly MonthPerformance[] {
  const totals = new Map<string, number>();
  for (const date of period.dates) {
    const month = date.slice(0, 7);
    totals.set(month, (totals.get(month) ?? 0) + 1);
  }
  const byMonth = new Map<string, KnownDay[]>();
  for (const day of knownDays(model, period)) {
    const month = (period.dates[day.position] as string).slice(0, 7);
    byMonth.set(month, [...(byMonth.get(month) ?? []), day]);
  }
  return [...totals].map(([month, total]) => ({
    month,
    ...summarise(model, byMonth.get(month) ?? [], { total, settings, findings: [] }),
  }));
}
