/**
 * All-subset selection: every combination of candidate variables is fitted, judged by the SEP tests and ranked. For
 * months and for any other periods; where periods differ in length, energies are per day and weights are days.
 */
import { type Disqualified, type Finding, finding } from './finding.ts';
import { fitMetrics } from './fit-metrics.ts';
import { type RegressionFit, type RegressionVariable, regress } from './regression.ts';
import {
  isWithinRange,
  type SepThresholds,
  sepFindings,
  sepThresholds,
  type VariableRange,
  variableRange,
} from './sep.ts';

export interface SelectionInput {
  readonly y: ArrayLike<number>;
  readonly variables: readonly RegressionVariable[];
  readonly weights?: ArrayLike<number>;
  readonly ordinal?: ArrayLike<number>;
}

export interface SelectionSettings extends SepThresholds {
  /** Most variables in one model. */
  readonly greatestSize: number;
  /** Most candidate variables: 2ⁿ combinations. */
  readonly greatestCandidates: number;
}

export const defaultSelectionSettings: SelectionSettings = {
  ...sepThresholds,
  greatestSize: 4,
  greatestCandidates: 12,
};

export interface SubsetModel {
  readonly variables: readonly string[];
  readonly fit: RegressionFit;
  readonly ranges: readonly VariableRange[];
  /** Σ residuals/((n − p)·ȳ), slopes and intercept deducted. */
  readonly nmbe: number;
  /** SEP tests that the model does not pass, and slopes that work the wrong way. */
  readonly findings: readonly Finding[];
}

export type Selection =
  | {
      readonly ok: true;
      /** Valid first, then by adjusted R², then the fewer variables. */
      readonly models: readonly SubsetModel[];
      /** Combinations that could not be fitted, with the reason. */
      readonly impossible: readonly Finding[];
    }
  | Disqualified;

const subsets = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.reduce<(readonly T[])[]>((all, item) => all.concat(all.map((set) => [...set, item])), [[]]);

function modelOf(
  input: SelectionInput,
  chosen: readonly RegressionVariable[],
  settings: SelectionSettings,
): SubsetModel | readonly Finding[] {
  const fit = regress({ ...input, variables: chosen });
  if (!fit.ok) return fit.disqualifications;
  const negative = fit.coefficients.filter(({ value }, k) => k > 0 && value < 0);
  return {
    variables: chosen.map(({ name }) => name),
    fit,
    ranges: chosen.map(({ name, values }) => variableRange(name, values)),
    nmbe: fitMetrics(input.y, fit.fitted, fit.coefficients.length).nmbeAdjusted,
    findings: [
      ...sepFindings(fit, settings),
      ...negative.map(({ name, value }) =>
        finding('negativeSlope', 'More of a variable cannot need less energy', { name, value }),
      ),
    ],
  };
}

/** Fits and ranks every combination of at most `greatestSize` variables. */
export function selectSubset(
  input: SelectionInput,
  settings: SelectionSettings = defaultSelectionSettings,
): Selection {
  const { variables } = input;
  if (variables.length > settings.greatestCandidates)
    return {
      ok: false,
      disqualifications: [
        finding('tooManyVariables', 'More given variables than are tried together', { n: variables.length }),
      ],
    };
  const ordered = [...variables].sort((a, b) => (a.name < b.name ? -1 : 1));
  const models: SubsetModel[] = [];
  const impossible: Finding[] = [];
  for (const chosen of subsets(ordered)) {
    if (chosen.length === 0 || chosen.length > settings.greatestSize) continue;
    const model = modelOf(input, chosen, settings);
    if ('fit' in model) models.push(model);
    else impossible.push(...model);
  }
  if (models.length === 0)
    return {
      ok: false,
      disqualifications:
        impossible.length > 0
          ? impossible
          : [finding('noVariable', 'A regression needs at least one coefficient')],
    };
  models.sort(
    (a, b) =>
      Math.sign(a.findings.length) - Math.sign(b.findings.length) ||
      b.fit.adjustedR2 - a.fit.adjustedR2 ||
      a.variables.length - b.variables.length,
  );
  return { ok: true, models, impossible };
}

/** What a model expects of each row; NaN where a variable is unknown. Throws RangeError where a variable is absent. */
export function expectedBySubset(
  model: SubsetModel,
  columns: Readonly<Record<string, ArrayLike<number>>>,
): Float64Array {
  const used = model.variables.map((name) => {
    const column = columns[name];
    if (!column) throw new RangeError(`There is no column of ${name}`);
    return column;
  });
  const [intercept = 0, ...slopes] = model.fit.coefficients.map(({ value }) => value);
  const expected = new Float64Array(used[0]?.length ?? 0);
  for (let i = 0; i < expected.length; i++)
    expected[i] = used.reduce(
      (sum, column, k) => sum + (slopes[k] as number) * (column[i] as number),
      intercept,
    );
  return expected;
}

/** SEP range test of a model for the periods that it is applied to (baseline and reporting period); failures only. */
export function subsetRangeFindings(
  model: SubsetModel,
  periods: readonly Readonly<Record<string, ArrayLike<number>>>[],
): readonly Finding[] {
  return model.ranges.flatMap((range) =>
    periods.flatMap((columns) => {
      const column = columns[range.name];
      const { mean } = variableRange(range.name, column ?? []);
      return isWithinRange(range, mean)
        ? []
        : [
            finding('outsideBaselineRange', 'The mean of a variable lies outside the range of the baseline', {
              ...range,
              periodMean: mean,
            }),
          ];
    }),
  );
}
