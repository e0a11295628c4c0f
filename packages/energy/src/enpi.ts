/**
 * Fitting a baseline: every combination of candidate variables (production and other given columns, heating and
 * cooling degree days over a grid of base temperatures) is fitted to daily energy by ordinary least squares; the
 * qualified one with the highest adjusted R² is the model. Thresholds are settings, judgements are data.
 */
import { type BasePlace, bestBases } from './base-temperature.ts';
import {
  type BaselineRows,
  baselineRows,
  energyFindings,
  type Granularity,
  unusable,
} from './baseline-rows.ts';
import { dayOrdinal, type LocalDate } from './calendar.ts';
import type { EnbModel, EnpiPeriod, VariableDefinition } from './enb.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { momentsOf } from './moment-fit.ts';
import { type RegressionFit, regress } from './regression.ts';
import { type SepThresholds, sepFindings, sepThresholds, variableRange } from './sep.ts';

export interface BaselineSettings extends SepThresholds {
  /** Base temperatures tried for heating and for cooling; a model with both keeps cooling ≥ heating. */
  readonly heatingBases_c: readonly number[];
  readonly coolingBases_c: readonly number[];
  /** Degree days need this many days above zero and this sum, or they are not tried. */
  readonly leastDegreeDayDays: number;
  readonly leastDegreeDays: number;
  /** Fewer valid days disqualify. */
  readonly leastPoints: number;
  /** Below this share of the period's days a warning. */
  readonly leastCompleteness: number;
  /** A shorter baseline than this many days is warned about: it has not seen every season. */
  readonly fullPeriod_days: number;
  /** CV(RMSE) above these warns and disqualifies. */
  readonly warnCvRmse: number;
  readonly greatestCvRmse: number;
  /** Variance inflation above this warns of collinearity. */
  readonly warnVarianceInflation: number;
  readonly warnAutocorrelation: number;
  /** More given variables than this are refused: 2^n combinations. */
  readonly greatestGiven: number;
}

const steps = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const defaultBaselineSettings: BaselineSettings = {
  heatingBases_c: steps(8, 20),
  coolingBases_c: steps(14, 26),
  leastDegreeDayDays: 10,
  leastDegreeDays: 20,
  leastPoints: 30,
  leastCompleteness: 0.9,
  fullPeriod_days: 365,
  ...sepThresholds,
  warnCvRmse: 0.25,
  greatestCvRmse: 1,
  warnVarianceInflation: 10,
  warnAutocorrelation: 0.5,
  greatestGiven: 6,
};

/** One combination of variables with the best base temperatures found for it. */
export interface Candidate {
  readonly variables: readonly VariableDefinition[];
  readonly coefficients: readonly { readonly name: string; readonly value: number; readonly p: number }[];
  readonly r2: number;
  readonly adjustedR2: number;
  readonly cvRmse: number;
  readonly disqualifications: readonly Finding[];
}

export type Baseline =
  | {
      readonly ok: true;
      readonly model: EnbModel;
      /** Best first; one per combination of variables. */
      readonly candidates: readonly Candidate[];
      readonly warnings: readonly Finding[];
    }
  | (Disqualified & { readonly candidates: readonly Candidate[] });

interface Trial {
  readonly variables: readonly VariableDefinition[];
  readonly columns: readonly Float64Array[];
  readonly fit: RegressionFit;
  readonly disqualifications: readonly Finding[];
}

interface Data {
  readonly rows: BaselineRows;
  readonly settings: BaselineSettings;
}

function judge(fit: RegressionFit, settings: BaselineSettings): readonly Finding[] {
  const found = sepFindings(fit, settings).filter(
    ({ code }) => code !== 'lowR2' && code !== 'noRelevantVariable',
  );
  const negative = fit.coefficients.filter(({ value }, k) => k > 0 && value < 0);
  for (const { name, value } of negative)
    found.push(finding('negativeSlope', 'More of a variable cannot need less energy', { name, value }));
  const intercept = fit.coefficients[0];
  if (intercept && intercept.value < 0 && intercept.p < settings.variableP)
    found.push(
      finding('negativeBaseLoad', 'The base load comes out negative', {
        value: intercept.value,
        p: intercept.p,
      }),
    );
  if (!(fit.cvRmse <= settings.greatestCvRmse))
    found.push(finding('cvRmseTooHigh', 'The model scatters too widely', { cvRmse: fit.cvRmse }));
  return found;
}

function attempt(
  data: Data,
  variables: readonly VariableDefinition[],
  columns: readonly Float64Array[],
): Trial | Finding[] {
  const { y, ordinal, weights } = data.rows;
  const fit = regress({
    y,
    variables: variables.map(({ name }, k) => ({ name, values: columns[k] as Float64Array })),
    ordinal,
    ...(weights ? { weights } : {}),
  });
  if (!fit.ok) return [...fit.disqualifications];
  return { variables, columns, fit, disqualifications: judge(fit, data.settings) };
}

/** A trial beats another when it is qualified and the other not, else by adjusted R². */
const beats = (a: Trial, b: Trial | undefined): boolean => {
  if (!b) return true;
  const qualifiedA = a.disqualifications.length === 0;
  const qualifiedB = b.disqualifications.length === 0;
  return qualifiedA === qualifiedB ? score(a) > score(b) : qualifiedA;
};
/** Adjusted R², 0 for the mean alone. */
const score = ({ fit }: Trial): number => (fit.slopes === 0 ? 0 : fit.adjustedR2);

interface DegreeDayColumn {
  readonly definition: VariableDefinition & { readonly base_c: number };
  readonly column: Float64Array;
}

function degreeDayColumns(
  kind: 'heating' | 'cooling',
  rows: BaselineRows,
  settings: BaselineSettings,
): readonly DegreeDayColumn[] {
  if (!rows.days.temperature_c) return [];
  const bases = kind === 'heating' ? settings.heatingBases_c : settings.coolingBases_c;
  return bases
    .map((base_c): DegreeDayColumn => {
      const definition = { kind, name: kind === 'heating' ? 'hdd' : 'cdd', base_c } as const;
      return { definition, column: rows.column(definition) };
    })
    .filter(({ column }) => {
      const positive = column.filter((value) => value > 0);
      return (
        positive.length >= settings.leastDegreeDayDays &&
        column.reduce((sum, value, i) => sum + value * (rows.weights?.[i] ?? 1), 0) >=
          settings.leastDegreeDays
      );
    });
}

const subsets = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.reduce<(readonly T[])[]>((all, item) => all.concat(all.map((set) => [...set, item])), [[]]);

const isConstant = (column: ArrayLike<number>): boolean =>
  Array.prototype.every.call(column, (value: number) => value === column[0]);

/** Variance inflation factor of each variable: 1/(1 − R²) of its regression on the others. */
function varianceInflation(trial: Trial): readonly number[] {
  return trial.columns.map((column, k) => {
    const others = trial.variables
      .map(({ name }, j) => ({ name, values: trial.columns[j] as Float64Array }))
      .filter((_, j) => j !== k);
    if (others.length === 0) return 1;
    const fit = regress({ y: column, variables: others });
    return fit.ok ? 1 / (1 - fit.r2) : Number.POSITIVE_INFINITY;
  });
}

function warningsOf(
  trial: Trial,
  { days: period }: BaselineRows,
  settings: BaselineSettings,
): readonly Finding[] {
  const { fit } = trial;
  const found: Finding[] = [...energyFindings(period)];
  if (!period.temperature_c)
    found.push(
      finding('noTemperature', 'No outdoor temperature is known, so that no degree days were tried'),
    );
  const dates = period.dates;
  const span_days = dayOrdinal(dates[dates.length - 1] as LocalDate) - dayOrdinal(dates[0] as LocalDate) + 1;
  if (span_days < settings.fullPeriod_days)
    found.push(finding('shortBaseline', 'The baseline is shorter than a year', { span_days }));
  if (dates.length < settings.leastCompleteness * span_days)
    found.push(
      finding('incompleteBaseline', 'Too many days of the baseline are unknown', {
        n: dates.length,
        span_days,
      }),
    );
  if (fit.slopes === 0)
    found.push(finding('noRelevantVariable', 'No variable explains the energy; the model is its mean'));
  else if (fit.r2 < settings.leastR2)
    found.push(finding('lowR2', 'The model explains less than half of the variation', { r2: fit.r2 }));
  if (fit.cvRmse > settings.warnCvRmse)
    found.push(finding('highCvRmse', 'The model scatters widely', { cvRmse: fit.cvRmse }));
  if (fit.autocorrelation > settings.warnAutocorrelation)
    found.push(
      finding('autocorrelated', 'Neighbouring days err alike: something unknown lasts for days', {
        autocorrelation: fit.autocorrelation,
        effectiveCount: fit.effectiveCount,
      }),
    );
  varianceInflation(trial).forEach((factor, k) => {
    if (factor > settings.warnVarianceInflation)
      found.push(
        finding('collinearity', 'A variable moves almost as the others do', {
          name: trial.variables[k]?.name,
          varianceInflation: factor,
        }),
      );
  });
  return found;
}

function modelOf(trial: Trial, rows: BaselineRows, settings: BaselineSettings): EnbModel {
  const { fit } = trial;
  const sep = sepFindings(fit, settings);
  const { dates } = rows.days;
  const isMonthly = rows.granularity === 'month';
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    form: isMonthly ? 'linearMonthly' : 'linearDaily',
    formVersion: 1,
    ...(isMonthly ? { granularity: 'month' as const } : {}),
    baseline: { from: dates[0] as LocalDate, to: dates[dates.length - 1] as LocalDate },
    variables: trial.variables,
    coefficients: fit.coefficients.map(({ name, value, standardError, p }) => ({
      name,
      value,
      standardError,
      p: orNull(p),
    })),
    unscaledCovariance: fit.unscaledCovariance,
    ranges: trial.variables.map(({ name }, k) => variableRange(name, trial.columns[k] as Float64Array)),
    n: fit.n,
    dfResidual: fit.dfResidual,
    sse: fit.sse,
    sigma_wh: fit.sigma,
    yMean_wh: fit.yMean,
    r2: fit.slopes === 0 ? 0 : fit.r2,
    adjustedR2: score(trial),
    cvRmse: fit.cvRmse,
    f: orNull(fit.f),
    fP: orNull(fit.fP),
    autocorrelation: Number.isNaN(fit.autocorrelation) ? 0 : fit.autocorrelation,
    sep: { valid: sep.length === 0, findings: sep },
  };
}

/** Settings of a granularity: months are few, and a month of degree days is more than ten days of them. */
export const settingsOf = (granularity: Granularity): BaselineSettings =>
  granularity === 'day'
    ? defaultBaselineSettings
    : { ...defaultBaselineSettings, leastPoints: 12, leastDegreeDayDays: 3 };

interface Trials {
  readonly ok: true;
  readonly rows: BaselineRows;
  /** Best first. */
  readonly trials: readonly Trial[];
  readonly constants: readonly string[];
  readonly impossible: readonly Finding[];
}

/** What is tried: every combination, or the one that is named (`hdd` and `cdd` for degree days). */
interface TrialWish {
  readonly granularity: Granularity;
  readonly only?: readonly string[];
}

function trialsOf(
  period: EnpiPeriod,
  settings: BaselineSettings,
  { granularity, only }: TrialWish,
): Trials | Disqualified {
  const refuse = (...disqualifications: readonly Finding[]): Disqualified => ({
    ok: false,
    disqualifications,
  });
  const refused = unusable(period);
  if (refused.length > 0) return refuse(...refused);
  const rows = baselineRows(period, granularity);
  const names = Object.keys(rows.days.given);
  if (names.length > settings.greatestGiven)
    return refuse(
      finding('tooManyVariables', 'More given variables than are tried together', { n: names.length }),
    );
  if (rows.y.length < settings.leastPoints)
    return refuse(
      granularity === 'day'
        ? finding('tooFewPoints', 'Too few complete days for a baseline', {
            n: rows.y.length,
            least: settings.leastPoints,
          })
        : finding('tooFewMonths', 'Too few complete months for a baseline', {
            n: rows.y.length,
            least: settings.leastPoints,
          }),
    );
  const columnOf = new Map(names.map((name) => [name, rows.column({ kind: 'given', name })]));
  const constants = names.filter((name) => isConstant(columnOf.get(name) as Float64Array));
  const given = names.filter((name) => !constants.includes(name));
  const heating = degreeDayColumns('heating', rows, settings);
  const cooling = degreeDayColumns('cooling', rows, settings);
  const data: Data = { rows, settings };
  const columns = [
    ...given.map((name) => columnOf.get(name) as Float64Array),
    ...[...heating, ...cooling].map(({ column }) => column),
  ];
  const moments = momentsOf(rows.y, columns, rows.weights);
  const places = (found: readonly DegreeDayColumn[], first: number): readonly BasePlace[] =>
    found.map(({ definition }, k) => ({ place: first + k, base_c: definition.base_c }));
  const heatingPlaces = places(heating, given.length);
  const coolingPlaces = places(cooling, given.length + heating.length);
  const wanted = (set: readonly string[], withHeating: boolean, withCooling: boolean): boolean =>
    only === undefined ||
    (only.length === set.length + (withHeating ? 1 : 0) + (withCooling ? 1 : 0) &&
      set.every((name) => only.includes(name)) &&
      withHeating === only.includes('hdd') &&
      withCooling === only.includes('cdd'));
  const trials: Trial[] = [];
  const impossible: Finding[] = [];
  for (const set of subsets(given)) {
    for (const withHeating of heating.length > 0 ? [false, true] : [false]) {
      for (const withCooling of cooling.length > 0 ? [false, true] : [false]) {
        if (!wanted(set, withHeating, withCooling)) continue;
        const bases = bestBases(
          moments,
          {
            given: set.map((name) => given.indexOf(name)),
            heating: withHeating ? heatingPlaces : [null],
            cooling: withCooling ? coolingPlaces : [null],
          },
          settings,
        );
        // Columns too nearly alike for moments: the regression itself says which, on the first pair of bases.
        const h = withHeating
          ? (heating[heatingPlaces.indexOf(bases?.heating as BasePlace)] ?? heating[0])
          : null;
        const c = withCooling
          ? (cooling[coolingPlaces.indexOf(bases?.cooling as BasePlace)] ?? cooling[cooling.length - 1])
          : null;
        const trial = attempt(
          data,
          [
            ...set.map((name): VariableDefinition => ({ kind: 'given', name })),
            ...(h ? [h.definition] : []),
            ...(c ? [c.definition] : []),
          ],
          [
            ...set.map((name) => columnOf.get(name) as Float64Array),
            ...(h ? [h.column] : []),
            ...(c ? [c.column] : []),
          ],
        );
        if (Array.isArray(trial)) impossible.push(...trial);
        else trials.push(trial);
      }
    }
  }
  trials.sort((a, b) => (beats(a, b) ? -1 : beats(b, a) ? 1 : a.variables.length - b.variables.length));
  return { ok: true, rows, trials, constants, impossible };
}

const constantFindings = (constants: readonly string[]): readonly Finding[] =>
  constants.map((name) => finding('constantVariable', 'A variable never changes and was left out', { name }));

/**
 * Fits the baseline of a period. Days with anything unknown are left out, never filled. The mean alone is the last
 * candidate, so that a site without a relevant variable still gets a baseline, with a warning.
 */
export function fitBaseline(
  period: EnpiPeriod,
  settings: BaselineSettings = defaultBaselineSettings,
  granularity: Granularity = 'day',
): Baseline {
  const tried = trialsOf(period, settings, { granularity });
  if (!tried.ok) return { ...tried, candidates: [] };
  const { rows, trials, constants, impossible } = tried;
  const candidates = trials.map(
    ({ variables, fit, disqualifications }): Candidate => ({
      variables,
      coefficients: fit.coefficients.map(({ name, value, p }) => ({ name, value, p })),
      r2: fit.slopes === 0 ? 0 : fit.r2,
      adjustedR2: fit.slopes === 0 ? 0 : fit.adjustedR2,
      cvRmse: fit.cvRmse,
      disqualifications,
    }),
  );
  const [chosen] = trials;
  if (!chosen || chosen.disqualifications.length > 0)
    return { ok: false, candidates, disqualifications: chosen?.disqualifications ?? impossible };
  const warnings = [...constantFindings(constants), ...warningsOf(chosen, rows, settings)];
  return { ok: true, model: modelOf(chosen, rows, settings), candidates, warnings };
}

/** A linear model with what is said against it; `refused` is not empty where it may not be a baseline. */
export interface LinearModel {
  readonly model: EnbModel;
  readonly refused: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/**
 * Every combination as a whole model, best first, or the one that is named by its variables. Combinations that cannot
 * be fitted (collinear, constant) are told in `impossible`.
 */
export function linearModels(
  period: EnpiPeriod,
  settings: BaselineSettings,
  wish: TrialWish,
):
  | { readonly ok: true; readonly models: readonly LinearModel[]; readonly impossible: readonly Finding[] }
  | Disqualified {
  const tried = trialsOf(period, settings, wish);
  if (!tried.ok) return tried;
  const { rows, trials, constants, impossible } = tried;
  return {
    ok: true,
    models: trials.map((trial) => ({
      model: modelOf(trial, rows, settings),
      refused: trial.disqualifications,
      warnings: warningsOf(trial, rows, settings),
    })),
    impossible: [...constantFindings(constants), ...impossible],
  };
}
