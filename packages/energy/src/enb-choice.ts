/**
 * The models that a choice of meters, variables and period allows, ranked on the same rows, each with its statistics,
 * what protocols say of it and what speaks against it. A choice is a form and the names of its variables: the same
 * choice on the same data gives the same bytes.
 */
import {
  type BaselineRows,
  baselineRows,
  energyFindings,
  type Granularity,
  unusable,
} from './baseline-rows.ts';
import { dayOrdinal, type LocalDate } from './calendar.ts';
import { caltrackSufficiency } from './caltrack-sufficiency.ts';
import { caltrackBaseline, changePointBaseline } from './change-point-baseline.ts';
import { designRows, type EnbModel, type EnpiPeriod, expectedOf } from './enb.ts';
import { type LinearModel, linearModels, settingsOf } from './enpi.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { effectiveCount } from './fit-metrics.ts';
import { guideline14, guideline14Findings } from './guideline-14.ts';
import { type FittedBaseline, ratioBaseline } from './ratio-baseline.ts';
import { timeOfWeekBaseline } from './time-of-week-baseline.ts';

export const enbForms = [
  'mean',
  'ratio',
  'modifiedIntensity',
  'linear',
  '2P',
  '3PH',
  '3PC',
  '4P',
  '5P',
  'caltrack',
  'timeOfWeek',
] as const;
export type EnbForm = (typeof enbForms)[number];

export interface ModelChoice {
  readonly form: EnbForm;
  /** Names of given variables, `hdd`, `cdd`. */
  readonly variables: readonly string[];
  /** modifiedIntensity only. */
  readonly baseLoadShare?: number;
}

/** `linear:hdd+production_g`: the same for the same choice. */
export const choiceId = ({ form, variables, baseLoadShare }: ModelChoice): string =>
  [
    form,
    [...variables].sort().join('+'),
    ...(baseLoadShare === undefined ? [] : [String(baseLoadShare)]),
  ].join(':');

const changePoints = ['2P', '3PH', '3PC', '4P', '5P'] as const;
const isChangePoint = (form: EnbForm): form is (typeof changePoints)[number] =>
  (changePoints as readonly string[]).includes(form);

/** The choice that a model stands for. */
export function choiceOf(model: EnbModel): ModelChoice {
  const named = model.variables
    .filter(({ kind }) => kind === 'given' || kind === 'heating' || kind === 'cooling')
    .map(({ name }) => name);
  switch (model.form) {
    case 'linearDaily':
    case 'linearMonthly':
      return named.length === 0 ? { form: 'mean', variables: [] } : { form: 'linear', variables: named };
    case 'caltrackDaily':
    case 'caltrackMonthly':
      return { form: 'caltrack', variables: [] };
    case 'modifiedIntensity': {
      const [base, slope] = model.coefficients;
      const rest = (slope?.value ?? 0) * (model.ranges[0]?.mean ?? 0);
      return {
        form: 'modifiedIntensity',
        variables: named,
        baseLoadShare: (base?.value ?? 0) / ((base?.value ?? 0) + rest),
      };
    }
    case 'ratio':
      return { form: 'ratio', variables: named };
    case 'timeOfWeek':
      return { form: 'timeOfWeek', variables: [] };
    default:
      return { form: model.form, variables: [] };
  }
}

/** Fits one choice, or says why it cannot be fitted; `refused` is not empty where it may not be a baseline. */
export function fitChoice(period: EnpiPeriod, choice: ModelChoice, granularity: Granularity): FittedBaseline {
  const settings = settingsOf(granularity);
  if (choice.form === 'linear' || choice.form === 'mean') {
    const only = choice.form === 'mean' ? [] : choice.variables;
    const found = linearModels(period, settings, { granularity, only });
    if (!found.ok) return found;
    const [model] = found.models;
    return model
      ? { ok: true, ...model }
      : {
          ok: false,
          disqualifications:
            found.impossible.length > 0
              ? found.impossible
              : [finding('choiceNotPossible', 'The data has no such variables', { variables: [...only] })],
        };
  }
  const refused = unusable(period);
  if (refused.length > 0) return { ok: false, disqualifications: refused };
  const rows = baselineRows(period, granularity);
  if (rows.y.length < settings.leastPoints)
    return {
      ok: false,
      disqualifications: [
        finding(
          granularity === 'day' ? 'tooFewPoints' : 'tooFewMonths',
          granularity === 'day'
            ? 'Too few complete days for a baseline'
            : 'Too few complete months for a baseline',
          { n: rows.y.length, least: settings.leastPoints },
        ),
      ],
    };
  return fitOn(rows, choice);
}

function fitOn(rows: BaselineRows, choice: ModelChoice): FittedBaseline {
  if (isChangePoint(choice.form)) return changePointBaseline(rows, choice.form);
  if (choice.form === 'caltrack') return caltrackBaseline(rows);
  if (choice.form === 'timeOfWeek') return timeOfWeekBaseline(rows);
  const [name] = choice.variables;
  if (name === undefined || choice.variables.length !== 1)
    return {
      ok: false,
      disqualifications: [
        finding('ratioNeedsOneOutput', 'A ratio has exactly one output', { n: choice.variables.length }),
      ],
    };
  if (choice.form === 'ratio') return ratioBaseline(rows, name, null);
  return ratioBaseline(rows, name, choice.baseLoadShare ?? 0);
}

export interface EnbStatistics {
  readonly n: number;
  readonly parameters: number;
  readonly dfResidual: number;
  readonly r2: number;
  readonly adjustedR2: number;
  readonly cvRmse: number;
  readonly cvRmseSlopesOnly: number;
  readonly nmbe: number;
  readonly f: number | null;
  readonly fP: number | null;
  readonly autocorrelation: number;
  readonly effectiveN: number;
  readonly sigma_wh: number;
}

/** Coefficients and change points, base temperatures that were searched for included. */
export const parametersOf = (model: EnbModel): number => {
  if (model.parameters !== undefined) return model.parameters;
  const points = model.variables.filter(
    ({ kind }) => kind === 'heatingPoint' || kind === 'coolingPoint',
  ).length;
  const bases = model.variables.filter(({ kind }) => kind === 'heating' || kind === 'cooling').length;
  return model.coefficients.length - points + Math.max(bases, points);
};

/** Σ(actual − model)/((n − k)·ȳ) over the rows of the fit. */
function biasOf(model: EnbModel, rows: BaselineRows): number {
  let sum = 0;
  designRows(model, rows.days).forEach((row, i) => {
    sum += (rows.days.energy_wh[i] as number) - expectedOf(model, row);
  });
  const perRow = rows.weights ? rows.days.dates.length / rows.y.length : 1;
  const fitted = model.parameters ?? model.coefficients.length;
  return sum / perRow / (Math.max(rows.y.length - fitted, 1) * model.yMean_wh);
}

/** √(SSE/(n − what was fitted but the intercept))/ȳ. */
export const cvRmseSlopesOnly = (model: EnbModel): number => {
  const fitted = model.parameters ?? model.coefficients.length;
  const slopes = fitted - (model.hasIntercept === false ? 0 : 1);
  return Math.sqrt(model.sse / Math.max(model.n - slopes, 1)) / model.yMean_wh;
};

export function enbStatistics(model: EnbModel, rows: BaselineRows): EnbStatistics {
  return {
    n: model.n,
    parameters: parametersOf(model),
    dfResidual: model.dfResidual,
    r2: model.r2,
    adjustedR2: model.adjustedR2,
    cvRmse: model.cvRmse,
    cvRmseSlopesOnly: cvRmseSlopesOnly(model),
    nmbe: biasOf(model, rows),
    f: model.f,
    fP: model.fP,
    autocorrelation: model.autocorrelation,
    effectiveN: effectiveCount(model.n, model.autocorrelation),
    sigma_wh: model.sigma_wh,
  };
}

/** Criterion of Schwarz, up to a constant of the data: n·ln(SSE/n) + k·ln n. */
const schwarzOf = (model: EnbModel): number =>
  model.n * Math.log(Math.max(model.sse, Number.MIN_VALUE) / model.n) +
  parametersOf(model) * Math.log(model.n);

export interface ProtocolVerdict {
  readonly protocol: 'sep' | 'guideline14' | 'caltrack';
  readonly passed: boolean;
  readonly findings: readonly Finding[];
}

/** What the protocols say of a model on its rows. Guideline 14: months as calibrated, days as a whole building's. */
export function protocolVerdicts(
  model: EnbModel,
  statistics: EnbStatistics,
  asked: { readonly days: number; readonly known: number },
): readonly ProtocolVerdict[] {
  const limits = guideline14.find(
    ({ id }) => id === (model.granularity === 'month' ? 'calibratedMonthly' : 'wholeBuildingUnder12Months'),
  );
  const g14 = limits ? guideline14Findings(statistics, limits) : [];
  const { baseline_days, greatestMissing_days } = caltrackSufficiency;
  const missing_days = asked.days - asked.known;
  const caltrack = [
    ...(asked.days < baseline_days
      ? [
          finding('baselineLength', 'The baseline is not as long as asked for', {
            days: asked.days,
            asked: baseline_days,
          }),
        ]
      : []),
    ...(missing_days > greatestMissing_days
      ? [
          finding('bothMissing', 'Too many days lack energy or temperature', {
            missing_days,
            allowed_days: greatestMissing_days,
          }),
        ]
      : []),
  ];
  return [
    { protocol: 'sep', passed: model.sep.valid, findings: model.sep.findings },
    { protocol: 'guideline14', passed: g14.length === 0, findings: g14 },
    { protocol: 'caltrack', passed: caltrack.length === 0, findings: caltrack },
  ];
}

export interface RankedCandidate {
  readonly id: string;
  readonly choice: ModelChoice;
  readonly model: EnbModel;
  readonly statistics: EnbStatistics;
  readonly deltaBic: number;
  readonly verdicts: readonly ProtocolVerdict[];
  readonly refused: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export interface CandidateWish {
  readonly granularity: Granularity;
  /** Left out: all. */
  readonly forms?: readonly EnbForm[];
  readonly baseLoadShare?: number;
  /** Whether the model of hours is asked for. */
  readonly hourly?: boolean;
  /** Most linear combinations that are shown; the best by the tests and adjusted R². */
  readonly greatestLinear?: number;
}

export type Candidates =
  | {
      readonly ok: true;
      readonly rows: BaselineRows;
      /** Those that may be a baseline first, then by the criterion of Schwarz. */
      readonly candidates: readonly RankedCandidate[];
      /** About the data, and what could not be fitted. */
      readonly findings: readonly Finding[];
    }
  | Disqualified;

/** Where fits of the outdoor temperature alone may be kept: another choice of variables on the same days has the same. */
export type RememberFit = (id: string, rows: BaselineRows, fit: () => FittedBaseline) => FittedBaseline;

/** Fits and ranks what the data of a period allows. */
export function candidateModels(
  period: EnpiPeriod,
  wish: CandidateWish,
  remember: RememberFit = (_id, _rows, fit) => fit(),
): Candidates {
  const { granularity } = wish;
  const settings = settingsOf(granularity);
  const wanted = (form: EnbForm): boolean => wish.forms === undefined || wish.forms.includes(form);
  const linear = linearModels(period, settings, { granularity });
  if (!linear.ok) return linear;
  const rows = baselineRows(period, granularity);
  const found: { readonly choice: ModelChoice; readonly fitted: LinearModel }[] = [];
  const findings: Finding[] = [...linear.impossible, ...energyFindings(period)];
  for (const fitted of linear.models) {
    const choice = choiceOf(fitted.model);
    if (wanted(choice.form)) found.push({ choice, fitted });
  }
  found.splice(wish.greatestLinear ?? 16);
  const others: ModelChoice[] = [
    // Where hours are asked for and are not there, that is said.
    ...(granularity === 'day' && (period.hours || wish.hourly || wish.forms?.includes('timeOfWeek'))
      ? [{ form: 'timeOfWeek' as const, variables: [] }]
      : []),
    ...(rows.days.temperature_c
      ? [...changePoints, 'caltrack' as const]
          .filter((form) => granularity === 'day' || form === '2P' || form === 'caltrack')
          .map((form) => ({ form, variables: [] }))
      : []),
    ...Object.keys(rows.days.given).flatMap((name): ModelChoice[] => [
      { form: 'ratio', variables: [name] },
      ...(wish.baseLoadShare === undefined
        ? []
        : [{ form: 'modifiedIntensity' as const, variables: [name], baseLoadShare: wish.baseLoadShare }]),
    ]),
  ];
  for (const choice of others) {
    if (!wanted(choice.form)) continue;
    const fitted =
      choice.variables.length === 0
        ? remember(choiceId(choice), rows, () => fitOn(rows, choice))
        : fitOn(rows, choice);
    if (fitted.ok) found.push({ choice, fitted });
    else findings.push(...fitted.disqualifications);
  }
  const first = period.dates[0] as LocalDate;
  const last = period.dates[period.dates.length - 1] as LocalDate;
  const asked = { days: dayOrdinal(last) - dayOrdinal(first) + 1, known: rows.days.dates.length };
  const ranked = found
    .map(({ choice, fitted: { model, refused, warnings } }) => ({
      choice,
      model,
      refused,
      warnings,
      bic: schwarzOf(model),
    }))
    .sort(
      (a, b) =>
        Math.sign(a.refused.length) - Math.sign(b.refused.length) ||
        a.bic - b.bic ||
        (choiceId(a.choice) < choiceId(b.choice) ? -1 : 1),
    );
  const least = ranked[0]?.bic ?? 0;
  return {
    ok: true,
    rows,
    findings: distinct(findings),
    candidates: ranked.map(({ choice, model, refused, warnings, bic }) => {
      const statistics = enbStatistics(model, rows);
      return {
        id: choiceId(choice),
        choice,
        model,
        statistics,
        deltaBic: bic - least,
        verdicts: protocolVerdicts(model, statistics, asked),
        refused,
        warnings,
      };
    }),
  };
}

/** Each finding once. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((found) => {
    const key = JSON.stringify([found.code, found.data]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
