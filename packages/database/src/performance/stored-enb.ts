import { createHash } from 'node:crypto';
import {
  type Baseline,
  type Candidate,
  dayOrdinal,
  type EnbModel,
  type EnpiPeriod,
  effectiveCount,
  type LocalDate,
  lag1Autocorrelation,
  type VariableDefinition,
  variableColumn,
} from '@wattproof/energy';
import type { EnpiDefinition, StoredCandidate, StoredEnb, StoredStatistics } from './performance-record.ts';

/** `production_g`, `hdd(16)`: the name as people see it in a list of models. */
const nameOf = (variable: VariableDefinition): string =>
  'base_c' in variable ? `${variable.name}(${variable.base_c})` : variable.name;

/** Days on which everything is known, by their place in the period. */
function knownDays(period: EnpiPeriod): { readonly places: number[]; readonly ordinals: number[] } {
  const columns = [
    period.energy_wh,
    ...Object.values(period.given),
    ...(period.temperature_c ? [period.temperature_c] : []),
  ];
  const places: number[] = [];
  for (let i = 0; i < period.dates.length; i++)
    if (columns.every((column) => Number.isFinite(column[i]))) places.push(i);
  return { places, ordinals: places.map((i) => dayOrdinal(period.dates[i] as LocalDate)) };
}

/** Residuals of a candidate on those days. */
function residuals(candidate: Candidate, period: EnpiPeriod, places: readonly number[]): Float64Array {
  const columns = candidate.variables.map((variable) => variableColumn(variable, period));
  const [intercept, ...slopes] = candidate.coefficients.map(({ value }) => value);
  return Float64Array.from(places, (i) => {
    let expected = intercept ?? 0;
    for (let k = 0; k < slopes.length; k++)
      expected += (slopes[k] as number) * ((columns[k] as Float64Array)[i] as number);
    return (period.energy_wh[i] as number) - expected;
  });
}

/** n·ln(SSE/n) + k·ln n (Schwarz 1978, up to a constant of the data). */
const bic = (sse: number, n: number, k: number): number => n * Math.log(sse / n) + k * Math.log(n);

/** Candidates as they are stored: ranked, with statistics of the same days and the distance to the model in use. */
export function storedCandidates(
  baseline: Extract<Baseline, { ok: true }>,
  period: EnpiPeriod,
): readonly StoredCandidate[] {
  const { places, ordinals } = knownDays(period);
  const judged = baseline.candidates.map((candidate) => {
    const values = residuals(candidate, period, places);
    const n = values.length;
    const sse = values.reduce((sum, value) => sum + value * value, 0);
    const correlation = lag1Autocorrelation(values, ordinals);
    const autocorrelation = Number.isNaN(correlation) ? 0 : correlation;
    const statistics: StoredStatistics = {
      n,
      r2: candidate.r2,
      adjustedR2: candidate.adjustedR2,
      cvRmse: candidate.cvRmse,
      autocorrelation,
      effectiveN: effectiveCount(n, autocorrelation),
    };
    return { candidate, statistics, bic: bic(sse, n, candidate.coefficients.length) };
  });
  const inUse = judged[0]?.bic ?? 0;
  return judged.map(({ candidate, statistics, bic: own }, i) => ({
    rank: i + 1,
    variables: candidate.variables.map(nameOf),
    statistics,
    deltaBic: own - inUse,
    inUse: i === 0,
    refused: candidate.disqualifications,
  }));
}

export const storedEnb = (model: EnbModel, definition: EnpiDefinition): StoredEnb => ({
  ...model,
  definition,
});

const sameList = (a: readonly (string | number)[], b: readonly (string | number)[]): boolean =>
  a.length === b.length && [...a].sort().every((value, i) => value === [...b].sort()[i]);

export const sameDefinition = (a: EnpiDefinition, b: EnpiDefinition): boolean =>
  sameList(a.meterIds, b.meterIds) &&
  a.measurand === b.measurand &&
  a.kind === b.kind &&
  a.granularity === b.granularity &&
  sameList(
    a.variables.map(({ id }) => id),
    b.variables.map(({ id }) => id),
  ) &&
  a.baselineFrom === b.baselineFrom &&
  a.baselineTo === b.baselineTo;

/** Whether a choice is fitted to hours. */
export const needsHours = (form: string | undefined): boolean => form === 'timeOfWeek';

/** Fingerprint of everything the fit depends on. */
export function hashPeriod(period: EnpiPeriod): string {
  const list = (values: ArrayLike<number> | undefined): (number | null)[] | null =>
    values ? Array.from(values, (value) => (Number.isNaN(value) ? null : value)) : null;
  const names = Object.keys(period.given).sort();
  return createHash('sha256')
    .update(
      JSON.stringify([
        period.dates,
        list(period.energy_wh),
        ...(names.length === 0 ? [null] : names.map((name) => list(period.given[name]))),
        list(period.temperature_c),
        ...(period.hours
          ? [period.hours.map((day) => [day.start_ms, list(day.energy_wh), list(day.temperature_c)])]
          : []),
      ]),
    )
    .digest('hex');
}
