/**
 * Fitting a baseline: every combination of candidate variables (production and other given columns, heating and
 * cooling degree days over a grid of base temperatures) is fitted to daily energy by ordinary least squares; the
 * qualified one with the highest adjusted R² is the model. Thresholds are settings, judgements are data.
 */
import { type BasePlace, bestBases } from './base-temperature.ts';
import { dayOrdinal, type LocalDate } from './calendar.ts';
import { type EnbModel, type EnpiPeriod, type VariableDefinition, variableColumn } from './enb.ts';
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
  readonly y: Float64Array;
  readonly ordinal: Float64Array;
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
  const fit = regress({
    y: data.y,
    variables: variables.map(({ name }, k) => ({ name, values: columns[k] as Float64Array })),
    ordinal: data.ordinal,
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
  period: EnpiPeriod,
  settings: BaselineSettings,
): readonly DegreeDayColumn[] {
  if (!period.temperature_c) return [];
  const bases = kind === 'heating' ? settings.heatingBases_c : settings.coolingBases_c;
  return bases
    .map((base_c): DegreeDayColumn => {
      const definition = { kind, name: kind === 'heating' ? 'hdd' : 'cdd', base_c } as const;
      return { definition, column: variableColumn(definition, period) };
    })
    .filter(({ column }) => {
      const positive = column.filter((value) => value > 0);
      return (
        positive.length >= settings.leastDegreeDayDays &&
        positive.reduce((sum, value) => sum + value, 0) >= settings.leastDegreeDays
      );
    });
}

const subsets = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.reduce<(readonly T[])[]>((all, item) => all.concat(all.map((set) => [...set, item])), [[]]);

/** What makes a period unfit to be looked at at all. */
function unusable(period: EnpiPeriod): readonly Finding[] {
  const n = period.dates.length;
  const columns = [
    { name: 'energy', values: period.energy_wh },
    ...Object.entries(period.given).map(([name, values]) => ({ name, values })),
    ...(period.temperature_c ? [{ name: 'temperature', values: period.temperature_c }] : []),
  ];
  const found = columns
    .filter(({ values }) => values.length !== n)
    .map(({ name, values }) =>
      finding('lengthMismatch', 'A column differs in length from the dates', {
        name,
        n: values.length,
        dates: n,
      }),
    );
  const repeated = new Set(period.dates.filter((date, i) => period.dates.indexOf(date) !== i));
  if (repeated.size > 0)
    found.push(
      finding('duplicateDate', 'A day occurs more than once', { dates: [...repeated].slice(0, 10) }),
    );
  for (const { name, values } of columns)
    if (n > 0 && values.length === n && !Array.prototype.some.call(values, Number.isFinite))
      found.push(finding('columnUnknown', 'Nothing of a column is known', { name }));
  return found;
}

/** Days on which energy and every candidate variable are known, by date; variables by name. */
function completeDays(period: EnpiPeriod): EnpiPeriod {
  const names = Object.keys(period.given).sort();
  const columns = [
    period.energy_wh,
    ...names.map((name) => period.given[name] as ArrayLike<number>),
    ...(period.temperature_c ? [period.temperature_c] : []),
  ];
  const date = (i: number): LocalDate => period.dates[i] as LocalDate;
  const keep = period.dates
    .map((_, i) => i)
    .filter((i) => columns.every((c) => Number.isFinite(c[i])))
    .sort((a, b) => (date(a) < date(b) ? -1 : 1));
  const pick = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(keep, (i) => column[i] as number);
  return {
    dates: keep.map(date),
    energy_wh: pick(period.energy_wh),
    given: Object.fromEntries(names.map((name) => [name, pick(period.given[name] as ArrayLike<number>)])),
    ...(period.temperature_c ? { temperature_c: pick(period.temperature_c) } : {}),
  };
}

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

/** Days whose energy is nothing or less: an outage, an export or a fault, which a person must tell apart. */
function energyFindings({ dates, energy_wh }: EnpiPeriod): readonly Finding[] {
  const such = (test: (wh: number) => boolean): LocalDate[] =>
    dates.filter((_, i) => test(energy_wh[i] as number));
  const negative = such((wh) => wh < 0);
  const zero = such((wh) => wh === 0);
  return [
    ...(negative.length > 0
      ? [
          finding('negativeEnergy', 'Consumption is negative on some days', {
            days: negative.length,
            first: negative[0],
          }),
        ]
      : []),
    ...(zero.length > 0
      ? [finding('zeroEnergy', 'Consumption is zero on some days', { days: zero.length, first: zero[0] })]
      : []),
  ];
}

function warningsOf(trial: Trial, period: EnpiPeriod, settings: BaselineSettings): readonly Finding[] {
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
  if (fit.n < settings.leastCompleteness * span_days)
    found.push(
      finding('incompleteBaseline', 'Too many days of the baseline are unknown', { n: fit.n, span_days }),
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

function modelOf(trial: Trial, period: EnpiPeriod, settings: BaselineSettings): EnbModel {
  const { fit } = trial;
  const sep = sepFindings(fit, settings);
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    form: 'linearDaily',
    formVersion: 1,
    baseline: {
      from: period.dates[0] as LocalDate,
      to: period.dates[period.dates.length - 1] as LocalDate,
    },
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

/**
 * Fits the baseline of a period. Days with anything unknown are left out, never filled. The mean alone is the last
 * candidate, so that a site without a relevant variable still gets a baseline, with a warning.
 */
export function fitBaseline(
  period: EnpiPeriod,
  settings: BaselineSettings = defaultBaselineSettings,
): Baseline {
  const refused = unusable(period);
  if (refused.length > 0) return { ok: false, candidates: [], disqualifications: refused };
  const complete = completeDays(period);
  const names = Object.keys(complete.given);
  if (names.length > settings.greatestGiven)
    return {
      ok: false,
      candidates: [],
      disqualifications: [
        finding('tooManyVariables', 'More given variables than are tried together', { n: names.length }),
      ],
    };
  if (complete.dates.length < settings.leastPoints)
    return {
      ok: false,
      candidates: [],
      disqualifications: [
        finding('tooFewPoints', 'Too few complete days for a baseline', {
          n: complete.dates.length,
          least: settings.leastPoints,
        }),
      ],
    };
  const constants = names.filter((name) => isConstant(complete.given[name] as ArrayLike<number>));
  const given = names.filter((name) => !constants.includes(name));
  const heating = degreeDayColumns('heating', complete, settings);
  const cooling = degreeDayColumns('cooling', complete, settings);
  const data: Data = {
    y: Float64Array.from(complete.energy_wh),
    ordinal: Float64Array.from(complete.dates, dayOrdinal),
    settings,
  };
  const columns = [
    ...given.map((name) => complete.given[name] as Float64Array),
    ...[...heating, ...cooling].map(({ column }) => column),
  ];
  const moments = momentsOf(data.y, columns);
  const places = (found: readonly DegreeDayColumn[], first: number): readonly BasePlace[] =>
    found.map(({ definition }, k) => ({ place: first + k, base_c: definition.base_c }));
  const heatingPlaces = places(heating, given.length);
  const coolingPlaces = places(cooling, given.length + heating.length);
  const trials: Trial[] = [];
  const impossible: Finding[] = [];
  for (const set of subsets(given)) {
    for (const withHeating of heating.length > 0 ? [false, true] : [false]) {
      for (const withCooling of cooling.length > 0 ? [false, true] : [false]) {
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
            ...set.map((name) => complete.given[name] as Float64Array),
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
  const warnings = [
    ...constants.map((name) =>
      finding('constantVariable', 'A variable never changes and was left out', { name }),
    ),
    ...warningsOf(chosen, complete, settings),
  ];
  return { ok: true, model: modelOf(chosen, complete, settings), candidates, warnings };
}
