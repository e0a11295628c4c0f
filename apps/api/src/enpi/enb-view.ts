import type { EnbCandidate, EnbVersion } from '@wattproof/contracts/api';
import type { EnbRow } from '@wattproof/database/queries';
import {
  choiceOf,
  cvRmseSlopesOnly,
  type EnbModel,
  type EnbStatistics,
  effectiveCount,
  enbTerms,
  type Finding,
  findMeasurand,
  type ModelChoice,
  parametersOf,
  type VariableDefinition,
} from '@wattproof/energy';

type TermView = EnbVersion['terms'][number];
type FindingView = EnbVersion['findings'][number];

export const findingsView = (findings: readonly Finding[] | null): FindingView[] =>
  (findings ?? []).map(({ code, message, data }) => ({
    code,
    message,
    ...(data ? { data: { ...data } } : {}),
  }));

export const choiceView = ({ form, variables, baseLoadShare }: ModelChoice): EnbCandidate['choice'] => ({
  form,
  variables: [...variables],
  ...(baseLoadShare === undefined ? {} : { baseLoadShare }),
});

const orNull = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;

/** Unit of a coefficient: energy a day per unit of its variable. */
export function termUnit(
  definition: VariableDefinition | null,
  unitOf: (key: string) => string | undefined,
): string {
  if (definition === null) return 'Wh';
  if (definition.kind !== 'given') return 'Wh/(K·d)';
  const unit = unitOf(definition.name) ?? findMeasurand(definition.name)?.unit;
  return unit ? `Wh/${unit}` : 'Wh';
}

/** The months of an hourly model; null for the others. */
export function hourlyView(model: EnbModel): EnbVersion['hourly'] {
  const profile = model.variables.find((definition) => definition.kind === 'timeOfWeek');
  if (profile?.kind !== 'timeOfWeek') return null;
  return profile.segments.map((segment) => ({
    month: segment.month,
    hourEffects: [...segment.hourEffects],
    occupied: [...segment.occupied],
    occupiedEndPoints: [...segment.occupiedEndPoints],
    occupiedSlopes: [...segment.occupiedSlopes],
    unoccupiedEndPoints: [...segment.unoccupiedEndPoints],
    unoccupiedSlopes: [...segment.unoccupiedSlopes],
  }));
}

export const termsView = (model: EnbModel, unitOf: (key: string) => string | undefined): TermView[] =>
  enbTerms(model)
    .filter(({ definition }) => definition?.kind !== 'timeOfWeek')
    .map((term) => ({
      variable: term.name,
      unit: termUnit(term.definition, unitOf),
      coefficient: term.value,
      standardError: orNull(term.standardError),
      t: term.standardError > 0 ? orNull(term.value / term.standardError) : null,
      p: orNull(term.p),
      base_c: term.base_c,
      baseStandardError_c: term.baseStandardError_c,
      range: term.range && { min: term.range.min, max: term.range.max, mean: term.range.mean },
    }));

export const statisticsView = (statistics: EnbStatistics): EnbCandidate['statistics'] => ({
  ...statistics,
  r2: orNull(statistics.r2) ?? 0,
  adjustedR2: orNull(statistics.adjustedR2) ?? 0,
  f: orNull(statistics.f),
  fP: orNull(statistics.fP),
});

/** Statistics of a version that is stored. */
const storedStatistics = (model: EnbModel): EnbVersion['statistics'] =>
  statisticsView({
    n: model.n,
    parameters: parametersOf(model),
    dfResidual: model.dfResidual,
    r2: model.r2,
    adjustedR2: model.adjustedR2,
    cvRmse: model.cvRmse,
    cvRmseSlopesOnly: cvRmseSlopesOnly(model),
    nmbe: model.nmbe ?? 0,
    f: model.f,
    fP: model.fP,
    autocorrelation: model.autocorrelation,
    effectiveN: effectiveCount(model.n, model.autocorrelation),
    sigma_wh: model.sigma_wh,
  });

export function enbView(row: EnbRow, inForceId: string | null): EnbVersion {
  const { definition } = row.model;
  const units = new Map(definition.variables.map(({ key, unit }) => [key, unit]));
  return {
    id: row.id,
    version: row.version,
    state: row.state,
    isInForce: row.id === inForceId,
    choice: choiceView(row.choice ?? choiceOf(row.model)),
    baseline: { from: definition.baselineFrom, to: definition.baselineTo },
    meterIds: [...definition.meterIds],
    terms: termsView(row.model, (key) => units.get(key)),
    hourly: hourlyView(row.model),
    statistics: storedStatistics(row.model),
    findings: findingsView(row.findings),
    inputSha256: row.inputSha256,
    computedAt: row.computedAt.toISOString(),
    reason: row.reason,
    proposedBy: row.proposedBy,
    proposedAt: row.proposedAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionReason: row.decisionReason,
    result: row.result && { ...row.result, findings: findingsView(row.result.findings) },
  };
}
