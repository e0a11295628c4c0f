import type { EnpiDefinition, FindCandidates, Meter, RelevantVariable } from '@wattproof/contracts/api';
import { addDays } from '../shell/period.ts';

/** What a person looks for a baseline of. Periods are half-open, as the API takes them. */
export interface Choice {
  readonly meterIds: readonly number[];
  readonly variableIds: readonly string[];
  readonly granularity: 'day' | 'month';
  readonly baseline: { readonly from: string; readonly to: string };
  readonly reporting: { readonly from: string; readonly to: string };
  readonly confidence: number;
}

/** The month that lies `months` from the month of a date, as its first day. */
const monthFrom = (date: string, months: number): string => {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
};

/** Start of a new EnPI: the site's total, every variable, a year of baseline and what came after it. */
export function firstChoice(
  meters: readonly Meter[],
  variables: readonly RelevantVariable[],
  today: string,
): Choice {
  const start = meters.find((m) => m.role === 'total' && m.carrier === 'electricity') ?? meters[0];
  const reportingFrom = monthFrom(today, -2);
  return {
    meterIds: start ? [start.id] : [],
    variableIds: variables.map((v) => v.id).slice(0, 8),
    granularity: 'day',
    baseline: { from: monthFrom(reportingFrom, -12), to: reportingFrom },
    reporting: { from: reportingFrom, to: today },
    confidence: 0.95,
  };
}

export const choiceOf = (
  { meterIds, variableIds, granularity, baseline, reportingFrom, confidence }: EnpiDefinition,
  today: string,
): Choice => ({
  meterIds,
  variableIds,
  granularity,
  baseline,
  reporting: { from: reportingFrom, to: today > reportingFrom ? today : addDays(reportingFrom, 1) },
  confidence,
});

/** What is asked of the API; null while the choice is not a whole one. */
export function wishOf(siteId: string, choice: Choice, meters: readonly Meter[]): FindCandidates | null {
  const measurand = meters.find((m) => m.id === choice.meterIds[0])?.measurand;
  if (!measurand || choice.baseline.from >= choice.baseline.to) return null;
  return {
    siteId,
    meterIds: [...choice.meterIds],
    measurand,
    variableIds: [...choice.variableIds],
    granularity: choice.granularity,
    baseline: choice.baseline,
    ...(choice.reporting.from < choice.reporting.to ? { reporting: choice.reporting } : {}),
    confidence: choice.confidence,
  };
}
