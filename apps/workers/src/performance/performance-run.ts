import type { StoredMethod, StoredRun, StoredTarget } from '@wattproof/database';
import { periodOf } from '@wattproof/database';
import {
  type PerformanceInput as BetweenInput,
  choiceOf,
  type EnbModel,
  type EnpiPeriod,
  finding,
  fitChoice,
  meteringHalfWidth_wh,
  monthlyPerformance,
  performanceBetween,
  performanceChanges,
  rollingYear,
  type Savings,
  savingsOver,
  targetState,
  verdictOf,
  yearToDate,
} from '@wattproof/energy';
import { type Adjusted, adjustedBy } from './adjusted.ts';
import type { PerformanceInput } from './performance.ts';

type Stated = NonNullable<StoredMethod['performance']>;

/** Everything beside the headline: the other methods, running sums, changes, targets. */
export function runOf(input: PerformanceInput, headline: Savings, adjusted: Adjusted): StoredRun {
  return {
    methods: [forecastOf(headline), ...otherMethods(input, adjusted)],
    ...runningSums(input, adjusted),
    changes: changesOf(input, adjusted.reporting),
    targets: input.targets.map((target) => targetOf(input, target)),
    adjustments: adjusted.parts,
  };
}

/** The headline figure in the shape of the other methods. */
function forecastOf(savings: Savings): StoredMethod {
  if (savings.days === 0 || !(savings.expected_wh > 0))
    return {
      method: 'forecast',
      performance: null,
      findings: [finding('noKnownDay', 'No day of the period is known')],
    };
  return {
    method: 'forecast',
    performance: {
      adjusted_wh: savings.expected_wh,
      actual_wh: savings.actual_wh,
      savings_wh: savings.savings_wh,
      savings_percent: savings.savings_percent,
      senpi: savings.performanceRatio,
      confidence: savings.confidence,
      modelHalfWidth_wh: savings.modelHalfWidth_wh,
      meteringHalfWidth_wh: savings.meteringHalfWidth_wh,
      halfWidth_wh: savings.halfWidth_wh,
      halfWidth_percent: savings.halfWidth_percent,
      verdict: savings.verdict,
      baseDays: savings.days,
      reportDays: savings.days,
    },
    findings: savings.findings,
  };
}

function otherMethods(input: PerformanceInput, { reporting }: Adjusted): StoredMethod[] {
  const { model, confidence, metering } = input;
  const base = periodOf(input.data, input.baselineFrom, input.baselineTo);
  const state = (wish: Omit<BetweenInput, 'base' | 'report' | 'confidence'>): StoredMethod => {
    const stated = performanceBetween({ ...wish, base, report: reporting, confidence });
    if (!stated.ok) return { method: wish.method, performance: null, findings: stated.disqualifications };
    const { performance } = stated;
    const meteringHalf = meteringHalfWidth_wh(metering, performance.byDay, confidence);
    const halfWidth_wh = Math.hypot(performance.modelHalfWidth_wh, meteringHalf);
    const complete: Stated = {
      adjusted_wh: performance.adjusted_wh,
      actual_wh: performance.actual_wh,
      savings_wh: performance.savings_wh,
      savings_percent: performance.savings_percent,
      senpi: performance.senpi,
      confidence,
      modelHalfWidth_wh: performance.modelHalfWidth_wh,
      meteringHalfWidth_wh: meteringHalf,
      halfWidth_wh,
      halfWidth_percent: (100 * halfWidth_wh) / performance.adjusted_wh,
      verdict: verdictOf(performance.savings_wh, halfWidth_wh),
      baseDays: performance.baseDays,
      reportDays: performance.reportDays,
    };
    return { method: wish.method, performance: complete, findings: [] };
  };
  const own = reportingModel(model, reporting);
  const chaining = state({ method: 'chaining', model });
  if ('findings' in own)
    return [
      { method: 'backcast', performance: null, findings: own.findings },
      chaining,
      { method: 'standard', performance: null, findings: own.findings },
    ];
  return [
    state({ method: 'backcast', model: own.model }),
    chaining,
    state({ method: 'standard', model, reportModel: own.model, conditions: base }),
  ];
}

/** The same choice, fitted to the reporting period. */
function reportingModel(
  model: EnbModel,
  reporting: EnpiPeriod,
): { readonly model: EnbModel } | Pick<StoredMethod, 'findings'> {
  const fitted = fitChoice(reporting, choiceOf(model), model.granularity ?? 'day');
  if (!fitted.ok) return { findings: fitted.disqualifications };
  return fitted.refused.length > 0 ? { findings: fitted.refused } : { model: fitted.model };
}

/** Months of which every day is known, baseline and reporting period alike. */
function runningSums(
  input: PerformanceInput,
  { whole, perDay }: Adjusted,
): Pick<StoredRun, 'rollingYear' | 'yearToDate'> {
  const { model, confidence } = input;
  // Sums alone: their uncertainty is not stated.
  const months = monthlyPerformance(model, whole, { confidence, metering: null }).map((month) => {
    const isWhole = month.unknownDays === 0 && month.days > 0;
    const added = whole.dates
      .filter((date) => date.startsWith(month.month))
      .reduce((sum, date) => sum + (perDay.get(date) ?? 0), 0);
    return {
      month: month.month,
      actual_wh: isWhole ? month.actual_wh + added : null,
      expected_wh: isWhole ? month.expected_wh + added : null,
    };
  });
  return { rollingYear: rollingYear(months), yearToDate: yearToDate(months) };
}

/** A model of months says nothing about single days. */
const changesOf = (input: PerformanceInput, reporting: EnpiPeriod): StoredRun['changes'] =>
  input.model.granularity === 'month' ? [] : performanceChanges(input.model, reporting);

function targetOf(input: PerformanceInput, target: PerformanceInput['targets'][number]): StoredTarget {
  const isOver = target.to < input.reportingTo;
  const to = isOver ? target.to : input.reportingTo;
  const adjusted = adjustedBy(input, target.from, to);
  const { confidence, metering } = input;
  const savings = adjusted.restated(savingsOver(input.model, adjusted.reporting, { confidence, metering }));
  if (savings.days === 0 || !(savings.expected_wh > 0))
    return {
      targetId: target.id,
      days: 0,
      actual_wh: null,
      expected_wh: null,
      halfWidth_wh: null,
      allowed_wh: null,
      margin_wh: null,
      reached_percent: null,
      state: 'unknown',
    };
  const state = targetState(
    { adjusted_wh: savings.expected_wh, actual_wh: savings.actual_wh, halfWidth_wh: savings.halfWidth_wh },
    target.saving_percent,
  );
  return {
    targetId: target.id,
    days: savings.days,
    actual_wh: savings.actual_wh,
    expected_wh: savings.expected_wh,
    halfWidth_wh: savings.halfWidth_wh,
    ...state,
  };
}
