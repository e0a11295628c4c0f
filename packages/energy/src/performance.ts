/**
 * Energy performance between two periods, by the four ways of normalising. E is metered energy, M what a model expects:
 *
 *   forecast    model of the baseline, applied to the reporting period: adjusted = M(rep)
 *   backcast    model of the reporting period, applied to the baseline: adjusted = E(base), actual = M(base)
 *   chaining    model of any year, applied to both: adjusted = E(base) · M(rep)/M(base) + adjustment
 *   standard    a model of each period, both applied to the same conditions: adjusted = M_base, actual = M_rep
 *
 * In each savings = adjusted − actual, percentage = savings/adjusted, SEnPI = actual/adjusted. Backcast and standard
 * conditions speak of the conditions they are stated at, not of energy that was metered.
 */
import { studentTwoSidedQuantile } from './distribution.ts';
import { designRows, type EnbModel, type EnpiPeriod, expectedOf, leverage } from './enb.ts';
import { type Disqualified, finding } from './finding.ts';
import type { DayEnergies } from './metering-uncertainty.ts';
import { modelNoise, type Verdict, verdictOf } from './savings.ts';

export const performanceMethods = ['forecast', 'backcast', 'chaining', 'standard'] as const;
export type PerformanceMethod = (typeof performanceMethods)[number];

export interface Performance {
  readonly method: PerformanceMethod;
  readonly adjusted_wh: number;
  readonly actual_wh: number;
  readonly savings_wh: number;
  /** Of the adjusted energy. */
  readonly savings_percent: number;
  /** actual/adjusted: below 1 is better. */
  readonly senpi: number;
}

/** The figures of a pair of energies; percentage and SEnPI are NaN where the adjusted energy is not above zero. */
export function performanceOf(
  method: PerformanceMethod,
  { adjusted_wh, actual_wh }: { readonly adjusted_wh: number; readonly actual_wh: number },
): Performance {
  const savings_wh = adjusted_wh - actual_wh;
  const isRatio = adjusted_wh > 0;
  return {
    method,
    adjusted_wh,
    actual_wh,
    savings_wh,
    savings_percent: isRatio ? (100 * savings_wh) / adjusted_wh : Number.NaN,
    senpi: isRatio ? actual_wh / adjusted_wh : Number.NaN,
  };
}

/** Change of a measured value: 1 − E(rep)/E(base), in percent. */
export const absoluteChange_percent = (base: number, report: number): number =>
  base > 0 ? 100 * (1 - report / base) : Number.NaN;

/** Change of a ratio EnPI: 1 − (E(rep)/P(rep))/(E(base)/P(base)), in percent. Moves with volume where there is base load. */
export const ratioChange_percent = (
  base: { readonly energy: number; readonly output: number },
  report: { readonly energy: number; readonly output: number },
): number =>
  base.energy > 0 && base.output > 0 && report.output > 0
    ? 100 * (1 - report.energy / report.output / (base.energy / base.output))
    : Number.NaN;

/** Expected energy by modified intensity: EI(base)·P·(1 − b) + E(base)·b, with b the share of base load (VERIFI). */
export const modifiedIntensity = (
  base: { readonly energy: number; readonly output: number; readonly baseLoadShare: number },
  output: number,
): number =>
  (base.energy / base.output) * output * (1 - base.baseLoadShare) + base.energy * base.baseLoadShare;

/** Sums over the days of a period on which what is asked for is known. */
interface PeriodSum {
  readonly days: number;
  readonly rowSum: Float64Array;
  readonly expected_wh: number;
  readonly actual_wh: number;
  readonly byDay: { readonly expected_wh: readonly number[]; readonly actual_wh: readonly number[] };
}

function sumOver(model: EnbModel, period: EnpiPeriod, isEnergyNeeded: boolean): PeriodSum {
  const rowSum = new Float64Array(model.coefficients.length);
  const byDay = { expected_wh: [] as number[], actual_wh: [] as number[] };
  let days = 0;
  let expected_wh = 0;
  let actual_wh = 0;
  designRows(model, period).forEach((row, i) => {
    const expected = expectedOf(model, row);
    const actual = period.energy_wh[i] as number;
    if (!Number.isFinite(expected) || (isEnergyNeeded && !Number.isFinite(actual))) return;
    days++;
    expected_wh += expected;
    actual_wh += actual;
    byDay.expected_wh.push(expected);
    byDay.actual_wh.push(actual);
    for (let k = 0; k < rowSum.length; k++) rowSum[k] = (rowSum[k] as number) + (row[k] as number);
  });
  return { days, rowSum, expected_wh, actual_wh, byDay };
}

export interface StatedPerformance extends Performance {
  readonly confidence: number;
  /** Half-width of the savings by the models alone. */
  readonly modelHalfWidth_wh: number;
  readonly verdict: Verdict;
  /** Days of the baseline and of the reporting period (of the standard conditions, twice) that were known. */
  readonly baseDays: number;
  readonly reportDays: number;
  /** Adjusted (as expected) and actual energy by day, for the metering part. */
  readonly byDay: DayEnergies;
}

interface Uncertain {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom of a sum of independent variances (Welch and Satterthwaite). */
function together(parts: readonly Uncertain[]): Uncertain {
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const weight = parts.reduce((sum, part) => sum + part.variance ** 2 / part.degreesOfFreedom, 0);
  return {
    variance,
    degreesOfFreedom: weight > 0 ? variance ** 2 / weight : Math.min(...parts.map((p) => p.degreesOfFreedom)),
  };
}

export interface PerformanceInput {
  readonly method: PerformanceMethod;
  /** forecast: of the baseline; backcast: of the reporting period; chaining: of any year; standard: of the baseline. */
  readonly model: EnbModel;
  /** standard only: the model of the reporting period. */
  readonly reportModel?: EnbModel;
  readonly base: EnpiPeriod;
  readonly report: EnpiPeriod;
  /** standard only: the conditions that both models are applied to (its energy is not looked at). */
  readonly conditions?: EnpiPeriod;
  /** chaining only: baseline adjustment added to the adjusted energy. */
  readonly adjustment_wh?: number;
  readonly confidence: number;
}

const refuse = (
  code: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): Disqualified => ({
  ok: false,
  disqualifications: [finding(code, message, data)],
});

type Stated = { readonly ok: true; readonly performance: StatedPerformance } | Disqualified;

function state(
  input: PerformanceInput,
  sums: {
    readonly adjusted_wh: number;
    readonly actual_wh: number;
    readonly baseDays: number;
    readonly reportDays: number;
    readonly byDay: DayEnergies;
  },
  uncertain: Uncertain,
): Stated {
  if (!(sums.adjusted_wh > 0))
    return refuse(
      'adjustedNotPositive',
      'The adjusted energy is not above zero, so that no share can be stated',
      {
        adjusted_wh: sums.adjusted_wh,
      },
    );
  const performance = performanceOf(input.method, sums);
  const modelHalfWidth_wh =
    studentTwoSidedQuantile(input.confidence, uncertain.degreesOfFreedom) * Math.sqrt(uncertain.variance);
  return {
    ok: true,
    performance: {
      ...performance,
      confidence: input.confidence,
      modelHalfWidth_wh,
      verdict: verdictOf(performance.savings_wh, modelHalfWidth_wh),
      baseDays: sums.baseDays,
      reportDays: sums.reportDays,
      byDay: sums.byDay,
    },
  };
}

/** Forecast and backcast: metered energy of one period beside the model of the other. */
function applied(input: PerformanceInput): Stated {
  const isForecast = input.method === 'forecast';
  const { days, rowSum, expected_wh, actual_wh, byDay } = sumOver(
    input.model,
    isForecast ? input.report : input.base,
    true,
  );
  if (days === 0) return refuse('noKnownDay', 'No day of the period is known');
  const { variance, inflation, degreesOfFreedom, sumOfDays } = modelNoise(input.model);
  const uncertain = {
    variance: variance * (sumOfDays(days) + inflation * leverage(input.model, rowSum)),
    degreesOfFreedom,
  };
  return isForecast
    ? state(
        input,
        { adjusted_wh: expected_wh, actual_wh, baseDays: input.model.n, reportDays: days, byDay },
        uncertain,
      )
    : state(
        input,
        {
          adjusted_wh: actual_wh,
          actual_wh: expected_wh,
          baseDays: days,
          reportDays: input.model.n,
          byDay: { expected_wh: byDay.actual_wh, actual_wh: byDay.expected_wh },
        },
        uncertain,
      );
}

/**
 * Chaining. Variance by the first derivatives of E_b·M_r/M_b − E_r: the coefficients err along
 * E_b/M_b·(s_r − M_r/M_b·s_b), the noise of the two periods enters with M_r/M_b and 1. A period that the model was
 * fitted to has residuals that are part of its own noise; they are counted in full, which errs to the wide side.
 */
function chained(input: PerformanceInput): Stated {
  const { model } = input;
  const base = sumOver(model, input.base, true);
  const report = sumOver(model, input.report, true);
  if (base.days === 0 || report.days === 0) return refuse('noKnownDay', 'No day of the period is known');
  if (!(base.expected_wh > 0) || !(report.expected_wh > 0))
    return refuse('modelledNotPositive', 'The model expects no energy in one of the periods', {
      base_wh: base.expected_wh,
      report_wh: report.expected_wh,
    });
  const ratio = report.expected_wh / base.expected_wh;
  const gradient = report.rowSum.map(
    (value, k) => (base.actual_wh / base.expected_wh) * (value - ratio * (base.rowSum[k] as number)),
  );
  const { variance, inflation, degreesOfFreedom, sumOfDays } = modelNoise(model);
  return state(
    input,
    {
      adjusted_wh: base.actual_wh * ratio + (input.adjustment_wh ?? 0),
      actual_wh: report.actual_wh,
      baseDays: base.days,
      reportDays: report.days,
      byDay: {
        expected_wh: report.byDay.expected_wh.map((wh) => (wh * base.actual_wh) / base.expected_wh),
        actual_wh: report.byDay.actual_wh,
      },
    },
    {
      variance:
        variance *
        (inflation * leverage(model, gradient) + ratio ** 2 * sumOfDays(base.days) + sumOfDays(report.days)),
      degreesOfFreedom,
    },
  );
}

/** Both models at the same conditions: only what the coefficients are not known to enters, no day's own noise. */
function standardised(input: PerformanceInput): Stated {
  const { reportModel, conditions } = input;
  if (!reportModel || !conditions)
    return refuse('conditionsMissing', 'Standard conditions need both models and the conditions');
  const base = sumOver(input.model, conditions, false);
  const report = sumOver(reportModel, conditions, false);
  if (base.days === 0 || base.days !== report.days)
    return refuse('conditionsUnknown', 'The conditions are not known on the same days for both models', {
      base: base.days,
      report: report.days,
    });
  const part = (model: EnbModel, sum: PeriodSum): Uncertain => {
    const { variance, inflation, degreesOfFreedom } = modelNoise(model);
    return { variance: variance * inflation * leverage(model, sum.rowSum), degreesOfFreedom };
  };
  return state(
    input,
    {
      adjusted_wh: base.expected_wh,
      actual_wh: report.expected_wh,
      baseDays: base.days,
      reportDays: report.days,
      byDay: { expected_wh: base.byDay.expected_wh, actual_wh: report.byDay.expected_wh },
    },
    together([part(input.model, base), part(reportModel, report)]),
  );
}

/** Performance between two periods by a method, with the uncertainty of its models at a confidence. */
export function performanceBetween(input: PerformanceInput): Stated {
  if (input.method === 'chaining') return chained(input);
  return input.method === 'standard' ? standardised(input) : applied(input);
}
