/**
 * Validity of a model by the Superior Energy Performance protocol of the US Department of Energy, as
 * <https://enpilite.lbl.gov/valid-model-requirements> states it. Thresholds are settings, judgements are data.
 */
import { type Finding, finding } from './finding.ts';
import type { RegressionFit } from './regression.ts';

export interface SepThresholds {
  /** Largest p of the F test, of every variable, and of the best variable; the intercept is not tested. */
  readonly modelP: number;
  readonly variableP: number;
  readonly bestVariableP: number;
  readonly leastR2: number;
}

export const sepThresholds: SepThresholds = { modelP: 0.1, variableP: 0.2, bestVariableP: 0.1, leastR2: 0.5 };

export type JudgedFit = Pick<RegressionFit, 'fP' | 'r2'> & {
  /** Intercept first. */
  readonly coefficients: readonly { readonly name: string; readonly value: number; readonly p: number }[];
};

/** What the tests find; empty where the model passes. */
export function sepFindings(fit: JudgedFit, settings: SepThresholds = sepThresholds): readonly Finding[] {
  const found: Finding[] = [];
  const slopes = fit.coefficients.filter((_, k) => k > 0);
  if (slopes.length === 0) {
    found.push(finding('noRelevantVariable', 'The model has no variable'));
    return found;
  }
  if (!(fit.fP < settings.modelP))
    found.push(finding('modelNotSignificant', 'The model as a whole is not significant', { p: fit.fP }));
  for (const { name, p } of slopes)
    if (!(p < settings.variableP))
      found.push(finding('variableNotSignificant', 'A variable is not significant', { name, p }));
  if (!slopes.some(({ p }) => p < settings.bestVariableP))
    found.push(finding('noSignificantVariable', 'No variable is significant enough'));
  if (!(fit.r2 >= settings.leastR2))
    found.push(finding('lowR2', 'The model explains less than half of the variation', { r2: fit.r2 }));
  return found;
}

/** Range of a variable over the model year. */
export interface VariableRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** With n − 1. */
  readonly standardDeviation: number;
}

export function variableRange(name: string, values: ArrayLike<number>): VariableRange {
  const n = values.length;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += ((values[i] as number) - mean) ** 2;
  return { name, min, max, mean, standardDeviation: Math.sqrt(square / (n - 1)) };
}

/**
 * Range test: the mean of a variable over the period that the model is applied to must lie within the least and the
 * greatest value of the model year, or within its mean ± 3 standard deviations.
 */
export const isWithinRange = (range: VariableRange, appliedMean: number): boolean =>
  (appliedMean >= range.min && appliedMean <= range.max) ||
  Math.abs(appliedMean - range.mean) <= 3 * range.standardDeviation;
