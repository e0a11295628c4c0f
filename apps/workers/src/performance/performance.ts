import {
  type AdjustmentRecord,
  type DailyData,
  periodOf,
  type StoredDay,
  type StoredEnbResult,
  type StoredMonth,
  type StoredPerformance,
  type StoredSavings,
  type TargetRecord,
} from '@wattproof/database';
import {
  costOfDays,
  cusum,
  type DatedPrice,
  type EnbModel,
  expectedDays,
  type Finding,
  type LocalDate,
  localMidnight_ms,
  type MeteringUncertainty,
  monthlyPerformance,
  qualityShares,
  type Savings,
  savingsOver,
} from '@wattproof/energy';
import { type Adjusted, adjustedBy } from './adjusted.ts';
import { runOf } from './performance-run.ts';

export interface PerformanceInput {
  readonly model: EnbModel;
  readonly data: DailyData;
  readonly timeZone: string;
  readonly currency: string;
  readonly prices: readonly DatedPrice[];
  /** Baseline of the version, [from, to). */
  readonly baselineFrom: LocalDate;
  readonly baselineTo: LocalDate;
  readonly reportingFrom: LocalDate;
  /** The day after the last whole day. */
  readonly reportingTo: LocalDate;
  readonly confidence: number;
  readonly metering: MeteringUncertainty | null;
  readonly adjustments: readonly AdjustmentRecord[];
  readonly targets: readonly TargetRecord[];
  readonly findings: readonly Finding[];
}

/** Fewer known days than this say nothing about savings. */
export const leastReportingDays = 14;

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** Savings of the reporting period with its adjustments. */
function headlineOf(input: PerformanceInput): { readonly adjusted: Adjusted; readonly savings: Savings } {
  const adjusted = adjustedBy(input, input.reportingFrom, input.reportingTo);
  const { model, confidence, metering } = input;
  return {
    adjusted,
    savings: adjusted.restated(savingsOver(model, adjusted.reporting, { confidence, metering })),
  };
}

/** The reporting period against a version, so that it can stand beside another one. */
export function enbResultOf(input: PerformanceInput): StoredEnbResult {
  const { savings } = headlineOf(input);
  const hasEnough = savings.days >= leastReportingDays;
  return {
    actual_wh: savings.actual_wh,
    expected_wh: savings.expected_wh,
    savings_wh: savings.savings_wh,
    savings_percent: savings.expected_wh > 0 ? savings.savings_percent : 0,
    halfWidth_wh: savings.halfWidth_wh,
    halfWidth_percent: savings.expected_wh > 0 ? savings.halfWidth_percent : 0,
    verdict: hasEnough ? savings.verdict : 'insufficientData',
    findings: savings.findings,
  };
}

/** Performance of the reporting period against a baseline, as it is stored and shown. */
export function performanceOf(input: PerformanceInput): StoredPerformance {
  const headline = headlineOf(input);
  return {
    reportingTo: input.reportingTo,
    ...statementOf(input, headline),
    months: monthsOf(input, headline.adjusted),
    performance: runOf(input, headline.savings, headline.adjusted),
  };
}

/** What a report says of it: the saving, its days and what has to be known about it. */
export type PerformanceStatement = Pick<StoredPerformance, 'savings' | 'days' | 'findings'>;
export const performanceStatement = (input: PerformanceInput): PerformanceStatement =>
  statementOf(input, headlineOf(input));

function statementOf(
  input: PerformanceInput,
  { adjusted, savings }: ReturnType<typeof headlineOf>,
): PerformanceStatement {
  const { model, data, confidence } = input;
  const hasEnough = savings.days >= leastReportingDays;
  const whole = periodOf(data, data.dates[0] ?? input.reportingFrom, input.reportingTo);
  const expected = expectedDays(model, whole, confidence).map((day) => ({
    ...day,
    expected_wh: day.expected_wh + (adjusted.perDay.get(day.date) ?? 0),
  }));
  const stated: StoredSavings = {
    from: input.reportingFrom,
    to: input.reportingTo,
    knownDays: savings.days,
    days: savings.days + savings.unknownDays,
    actual_wh: savings.actual_wh,
    expected_wh: savings.expected_wh,
    share: {
      value: savings.expected_wh === 0 ? 0 : -savings.savings_percent / 100,
      halfWidth: hasEnough ? savings.halfWidth_percent / 100 : null,
      confidence: hasEnough ? confidence : null,
    },
    energy_wh: {
      value: -savings.savings_wh,
      halfWidth: hasEnough ? savings.halfWidth_wh : null,
      confidence: hasEnough ? confidence : null,
    },
    cost: costOf(input, adjusted.reporting.dates, expected),
    modelHalfWidth: hasEnough ? savings.modelHalfWidth_wh / savings.expected_wh : 0,
    meteringHalfWidth: hasEnough ? savings.meteringHalfWidth_wh / savings.expected_wh : 0,
    metering: input.metering,
    verdict: hasEnough ? savings.verdict : 'insufficientData',
  };
  return {
    savings: stated,
    days: daysOf(input, expected, adjusted),
    findings: [...input.findings, ...savings.findings],
  };
}

type ExpectedDays = readonly ReturnType<typeof expectedDays>[number][];

/** Difference of each known day at the price of its date. */
function costOf(
  { data, prices, timeZone, currency }: PerformanceInput,
  dates: readonly LocalDate[],
  expected: ExpectedDays,
): StoredSavings['cost'] {
  const expectedOn = new Map(expected.map((day) => [day.date, day.expected_wh]));
  const energyOn = new Map(data.dates.map((date, i) => [date, data.energy_wh[i] as number]));
  const amount = costOfDays(
    dates.map((date) => {
      const difference = (energyOn.get(date) ?? Number.NaN) - (expectedOn.get(date) ?? Number.NaN);
      return {
        start_ms: localMidnight_ms(timeZone, date),
        amount: Number.isFinite(difference) ? Math.round(difference) : null,
      };
    }),
    prices,
    timeZone,
  );
  return amount === null ? null : { amount, currency };
}

function monthsOf(
  { model, data, reportingTo, confidence, metering }: PerformanceInput,
  { whole, perDay }: Adjusted,
): StoredMonth[] {
  return monthlyPerformance(model, whole, { confidence, metering }).map((month) => {
    const counts = { n_measured: 0, n_interpolated: 0, n_estimated: 0, n_manual: 0, n_missing: 0 };
    for (const [date, row] of data.energyDays) {
      if (!date.startsWith(month.month) || date >= reportingTo) continue;
      counts.n_measured += row.n_measured;
      counts.n_interpolated += row.n_interpolated;
      counts.n_estimated += row.n_estimated;
      counts.n_manual += row.n_manual;
      counts.n_missing += row.n_missing;
    }
    const isKnown = month.days > 0;
    const added = whole.dates
      .filter((date, i) => date.startsWith(month.month) && Number.isFinite(whole.energy_wh[i]))
      .reduce((sum, date) => sum + (perDay.get(date) ?? 0), 0);
    return {
      month: month.month,
      actual_wh: isKnown ? month.actual_wh + added : null,
      expected_wh: isKnown ? month.expected_wh + added : null,
      halfWidth_wh: isKnown ? month.halfWidth_wh : null,
      quality: qualityShares(counts) ?? {
        measured: 0,
        interpolated: 0,
        estimated: 0,
        manual: 0,
        missing: 1,
      },
    };
  });
}

function daysOf(input: PerformanceInput, expected: ExpectedDays, { reporting }: Adjusted): StoredDay[] {
  const { model, data, reportingFrom, baselineTo, confidence } = input;
  const running = new Map(cusum(model, reporting, confidence).map((day) => [day.date, day]));
  const production = data.variables.get('production_g');
  return expected.map((day, i) => {
    const sum = running.get(day.date);
    return {
      date: day.date,
      phase: day.date < baselineTo ? 'baseline' : day.date < reportingFrom ? 'between' : 'reporting',
      actual_wh: orNull(data.energy_wh[i]),
      expected_wh: orNull(day.expected_wh),
      temperature_c: orNull(data.temperature_c?.[i]),
      production_g: orNull(production?.[i]),
      cusum_wh: sum ? sum.cusum_wh : null,
      cusumBand_wh: sum ? sum.halfWidth_wh : null,
    };
  });
}
