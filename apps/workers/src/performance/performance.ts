import type { StoredDay, StoredMonth, StoredPerformance, StoredSavings } from '@wattproof/database';
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
  savingsOver,
} from '@wattproof/energy';
import { type DailyData, periodOf } from './daily-data.ts';

export interface PerformanceInput {
  readonly model: EnbModel;
  readonly data: DailyData;
  readonly timeZone: string;
  readonly currency: string;
  readonly prices: readonly DatedPrice[];
  readonly baselineTo: LocalDate;
  readonly reportingFrom: LocalDate;
  /** The day after the last whole day. */
  readonly reportingTo: LocalDate;
  readonly confidence: number;
  readonly metering: MeteringUncertainty | null;
  readonly findings: readonly Finding[];
}

/** Fewer known days than this say nothing about savings. */
export const leastReportingDays = 14;

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** Performance of the reporting period against a baseline, as it is stored and shown. */
export function performanceOf(input: PerformanceInput): StoredPerformance {
  const { model, data, confidence, metering } = input;
  const reporting = periodOf(data, input.reportingFrom, input.reportingTo);
  const settings = { confidence, metering };
  const savings = savingsOver(model, reporting, settings);
  const hasEnough = savings.days >= leastReportingDays;
  const whole = periodOf(data, data.dates[0] ?? input.reportingFrom, input.reportingTo);
  const expected = expectedDays(model, whole, confidence);
  const stored: StoredSavings = {
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
    cost: costOf(input, reporting.dates, expected),
    modelHalfWidth: hasEnough ? savings.modelHalfWidth_wh / savings.expected_wh : 0,
    meteringHalfWidth: hasEnough ? savings.meteringHalfWidth_wh / savings.expected_wh : 0,
    verdict: hasEnough ? savings.verdict : 'insufficientData',
  };
  return {
    reportingTo: input.reportingTo,
    savings: stored,
    months: monthsOf(input),
    days: daysOf(input, expected),
    findings: [...input.findings, ...savings.findings],
  };
}

type ExpectedDays = ReturnType<typeof expectedDays>;

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

function monthsOf({ model, data, reportingFrom, reportingTo, ...input }: PerformanceInput): StoredMonth[] {
  const first = data.dates[0] ?? reportingFrom;
  const settings = { confidence: input.confidence, metering: input.metering };
  return monthlyPerformance(model, periodOf(data, first, reportingTo), settings).map((month) => {
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
    return {
      month: month.month,
      actual_wh: isKnown ? month.actual_wh : null,
      expected_wh: isKnown ? month.expected_wh : null,
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

function daysOf(input: PerformanceInput, expected: ExpectedDays): StoredDay[] {
  const { model, data, reportingFrom, reportingTo, baselineTo, confidence } = input;
  const running = new Map(
    cusum(model, periodOf(data, reportingFrom, reportingTo), confidence).map((day) => [day.date, day]),
  );
  return expected.map((day, i) => {
    const sum = running.get(day.date);
    return {
      date: day.date,
      phase: day.date < baselineTo ? 'baseline' : day.date < reportingFrom ? 'between' : 'reporting',
      actual_wh: orNull(data.energy_wh[i]),
      expected_wh: orNull(day.expected_wh),
      temperature_c: orNull(data.temperature_c?.[i]),
      production_g: orNull(data.production_g?.[i]),
      cusum_wh: sum ? sum.cusum_wh : null,
      cusumBand_wh: sum ? sum.halfWidth_wh : null,
    };
  });
}
