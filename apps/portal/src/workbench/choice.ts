import type { EnpiDefinition, FindCandidates, Meter, RelevantVariable } from '@wattproof/contracts/api';
import { addDays } from '../shell/period.ts';

/** What a person looks for a baseline of. Periods are half-open, as the API takes them. */
export interface Choice {
  readonly meterIds: readonly number[];
  readonly variableIds: readonly string[];
  readonly granularity: 'day' | 'month';
  /** Whether the model of hours is tried beside those of days. */
  readonly isHourly: boolean;
  readonly baseline: { readonly from: string; readonly to: string };
  readonly reporting: { readonly from: string; readonly to: string };
  readonly confidence: number;
}

/** The month that lies `months` from the month of a date, as its first day. */
const monthFrom = (date: string, months: number): string => {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
};

const mostVariables = 8;

const isFirstTemperature = (variables: readonly RelevantVariable[], at: number): boolean =>
  variables.findIndex((v) => v.quantity === 'temperature') === at;

/** Takes a variable in or out. A model knows one outdoor temperature: another one takes its place. */
export function toggleVariable(
  chosen: readonly string[],
  variable: RelevantVariable,
  variables: readonly RelevantVariable[],
): string[] {
  if (chosen.includes(variable.id)) return chosen.filter((id) => id !== variable.id);
  const isTemperature = (id: string): boolean =>
    variables.find((v) => v.id === id)?.quantity === 'temperature';
  const kept = variable.quantity === 'temperature' ? chosen.filter((id) => !isTemperature(id)) : chosen;
  return kept.length < mostVariables ? [...kept, variable.id] : [...kept];
}

const day_ms = 86_400_000;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / day_ms;

/** Fewer days than this are no report. */
const leastReport_days = 28;

/**
 * Periods of a new EnPI: a year of baseline that ends two months ago, or, where the variables are known for a shorter
 * time only, the first whole year that they are known for.
 */
function firstPeriods(
  variables: readonly RelevantVariable[],
  today: string,
): Pick<Choice, 'baseline' | 'reporting'> {
  const usual = monthFrom(today, -2);
  const known = variables.flatMap((v) => (v.knownFrom === null ? [] : [v.knownFrom])).sort()[0];
  const from = known && known > monthFrom(usual, -12) ? known : monthFrom(usual, -12);
  const yearLater = `${Number(from.slice(0, 4)) + 1}${from.slice(4)}`;
  const to = daysBetween(yearLater, today) >= leastReport_days ? yearLater : usual;
  return { baseline: { from, to }, reporting: { from: to, to: today } };
}

/** Start of a new EnPI: the site's total, its variables, a year of baseline and what came after it. */
export function firstChoice(
  meters: readonly Meter[],
  variables: readonly RelevantVariable[],
  today: string,
): Choice {
  const start = meters.find((m) => m.role === 'total' && m.carrier === 'electricity') ?? meters[0];
  return {
    meterIds: start ? [start.id] : [],
    variableIds: variables
      .filter((v, i) => v.quantity !== 'temperature' || isFirstTemperature(variables, i))
      .map((v) => v.id)
      .slice(0, mostVariables),
    granularity: 'day',
    isHourly: false,
    ...firstPeriods(variables, today),
    confidence: 0.95,
  };
}

export const choiceOf = (
  { meterIds, variableIds, granularity, baseline, reportingFrom, confidence }: EnpiDefinition,
  { today, isHourly }: { readonly today: string; readonly isHourly: boolean },
): Choice => ({
  meterIds,
  variableIds,
  granularity,
  isHourly,
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
    hourly: choice.isHourly && choice.granularity === 'day',
    baseline: choice.baseline,
    ...(choice.reporting.from < choice.reporting.to ? { reporting: choice.reporting } : {}),
    confidence: choice.confidence,
  };
}
