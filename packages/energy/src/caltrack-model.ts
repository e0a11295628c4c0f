/**
 * The usage-per-day model of CalTRACK 2.0, daily and billing: mean use per day explained by heating and cooling degree
 * days over a grid of balance points. Candidates with a negative coefficient are disqualified, and the one with the
 * highest adjusted R² is the model (3.4). Daily data is fitted by ordinary least squares, bills weighted by their days.
 */
import { type CaltrackRow, coolingPerDay, heatingPerDay } from './caltrack-design.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { lag1Autocorrelation } from './fit-metrics.ts';
import { fitMoments, momentsOf } from './moment-fit.ts';
import { type RegressionFit, regress } from './regression.ts';

export const caltrackIntervals = ['daily', 'billing'] as const;
export type CaltrackInterval = (typeof caltrackIntervals)[number];

export interface CaltrackSettings {
  readonly interval: CaltrackInterval;
  /** Tried for heating and for cooling; empty where the carrier does not serve it (gas: no cooling). */
  readonly heatingBalancePoints: readonly number[];
  readonly coolingBalancePoints: readonly number[];
  /** Rows with degree days that a balance point needs to be tried. */
  readonly leastDegreeDayRows: number;
  /** Sum of degree days that a balance point needs to be tried. */
  readonly leastDegreeDays: number;
}

const grid = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, i) => from + i * step);

/** Balance points 30 to 90 °F by 1 °F, 10 days and 20 degree days (°F) for daily data, 20 degree days for bills (3.2). */
export const caltrackFahrenheit = (interval: CaltrackInterval): CaltrackSettings => ({
  interval,
  heatingBalancePoints: grid(30, 90, 1),
  coolingBalancePoints: grid(30, 90, 1),
  leastDegreeDayRows: interval === 'daily' ? 10 : 0,
  leastDegreeDays: 20,
});

/** The same in °C: −1 to 32 °C by 0.5 K, 20 °F d = 11.1 K d. */
export const caltrackCelsius = (interval: CaltrackInterval): CaltrackSettings => ({
  ...caltrackFahrenheit(interval),
  heatingBalancePoints: grid(-1, 32, 0.5),
  coolingBalancePoints: grid(-1, 32, 0.5),
  leastDegreeDays: 20 / 1.8,
});

export const caltrackKinds = ['interceptOnly', 'hddOnly', 'cddOnly', 'cddHdd'] as const;
export type CaltrackKind = (typeof caltrackKinds)[number];

export interface DegreeDayTerm {
  readonly balancePoint: number;
  /** Energy per degree day. */
  readonly slope: number;
}

export interface CaltrackCandidate {
  readonly kind: CaltrackKind;
  /** Energy per day. */
  readonly intercept: number;
  readonly heating: DegreeDayTerm | null;
  readonly cooling: DegreeDayTerm | null;
  /** 0 for the intercept alone. */
  readonly adjustedR2: number;
  readonly disqualifications: readonly Finding[];
}

/** How the model meets the totals of its own periods (energy, not energy per day). */
export interface CaltrackTotals {
  readonly n: number;
  /** Slopes; the intercept is not counted. */
  readonly slopes: number;
  readonly mean: number;
  /** With n. */
  readonly variance: number;
  readonly sse: number;
  /** Lag-1 autocorrelation of the residuals; null where it cannot be known. */
  readonly autocorrelation: number | null;
  /** √(SSE/(n − slopes))/mean. */
  readonly cvRmse: number;
}

export interface CaltrackModel extends CaltrackCandidate {
  readonly form: 'caltrackUsagePerDay';
  readonly formVersion: 1;
  readonly interval: CaltrackInterval;
  readonly totals: CaltrackTotals;
}

export type CaltrackFit =
  | {
      readonly ok: true;
      readonly model: CaltrackModel;
      /** Best first. */
      readonly candidates: readonly CaltrackCandidate[];
    }
  | (Disqualified & { readonly candidates: readonly CaltrackCandidate[] });

interface BalancePointColumn {
  readonly part: 'hdd' | 'cdd';
  readonly balancePoint: number;
  readonly values: Float64Array;
}

function balancePointColumns(
  rows: readonly CaltrackRow[],
  points: readonly number[],
  rule: { readonly part: 'hdd' | 'cdd'; readonly settings: CaltrackSettings },
): readonly BalancePointColumn[] {
  const perDay = rule.part === 'hdd' ? heatingPerDay : coolingPerDay;
  return points
    .map((balancePoint) => ({
      part: rule.part,
      balancePoint,
      values: Float64Array.from(rows, (row) => perDay(row, balancePoint)),
    }))
    .filter(({ values }) => {
      const positive = values.filter((value) => value > 0).length;
      const total = values.reduce((sum, value, i) => sum + value * (rows[i] as CaltrackRow).days, 0);
      return (
        positive >= rule.settings.leastDegreeDayRows &&
        total >= rule.settings.leastDegreeDays &&
        values.some((value) => value !== values[0])
      );
    });
}

interface Choice {
  readonly heating: BalancePointColumn | null;
  readonly cooling: BalancePointColumn | null;
}

const kindOf = ({ heating, cooling }: Choice): CaltrackKind =>
  heating ? (cooling ? 'cddHdd' : 'hddOnly') : cooling ? 'cddOnly' : 'interceptOnly';

const columnsOf = ({ heating, cooling }: Choice): readonly BalancePointColumn[] =>
  [heating, cooling].filter((column) => column !== null);

function choices(
  heating: readonly BalancePointColumn[],
  cooling: readonly BalancePointColumn[],
): readonly Choice[] {
  return [
    { heating: null, cooling: null },
    ...heating.map((h): Choice => ({ heating: h, cooling: null })),
    ...cooling.map((c): Choice => ({ heating: null, cooling: c })),
    ...heating.flatMap((h) =>
      cooling
        .filter((c) => c.balancePoint >= h.balancePoint)
        .map((c): Choice => ({ heating: h, cooling: c })),
    ),
  ];
}

function candidateOf(choice: Choice, fit: RegressionFit): CaltrackCandidate {
  const [intercept = 0, ...slopes] = fit.coefficients.map(({ value }) => value);
  const { heating, cooling } = choice;
  const negative = fit.coefficients.filter(({ value }) => value < 0);
  return {
    kind: kindOf(choice),
    intercept,
    heating: heating && { balancePoint: heating.balancePoint, slope: slopes[0] as number },
    cooling: cooling && { balancePoint: cooling.balancePoint, slope: slopes[heating ? 1 : 0] as number },
    adjustedR2: slopes.length === 0 ? 0 : fit.adjustedR2,
    disqualifications: negative.map(({ name, value }) =>
      finding('negativeCoefficient', 'A coefficient of the model is negative', { name, value }),
    ),
  };
}

interface Data {
  readonly y: Float64Array;
  readonly weights: Float64Array | null;
  readonly settings: CaltrackSettings;
}

/** The best choice of balance points of each kind of model. */
function bestChoices(rows: readonly CaltrackRow[], data: Data): readonly Choice[] {
  const { settings } = data;
  const heating = balancePointColumns(rows, settings.heatingBalancePoints, { part: 'hdd', settings });
  const cooling = balancePointColumns(rows, settings.coolingBalancePoints, { part: 'cdd', settings });
  const columns = [...heating, ...cooling];
  const place = new Map(columns.map((column, k) => [column, k]));
  const moments = momentsOf(
    data.y,
    columns.map(({ values }) => values),
    data.weights,
  );
  const best = new Map<
    CaltrackKind,
    { readonly choice: Choice; readonly negative: number; readonly score: number }
  >();
  for (const choice of choices(heating, cooling)) {
    const picked = columnsOf(choice);
    const fit = fitMoments(
      moments,
      picked.map((column) => place.get(column) as number),
    );
    if (!fit) continue;
    const negative = fit.values.some((value) => value < 0) ? 1 : 0;
    const score = picked.length === 0 ? 0 : fit.adjustedR2;
    const kind = kindOf(choice);
    const rival = best.get(kind);
    if (!rival || negative < rival.negative || (negative === rival.negative && score > rival.score))
      best.set(kind, { choice, negative, score });
  }
  return [...best.values()].map(({ choice }) => choice);
}

/** Energy per day that a model expects of a period; NaN where it needs temperatures that are not known. */
export function caltrackPerDay(model: CaltrackCandidate, row: CaltrackRow): number {
  const { heating, cooling } = model;
  return (
    model.intercept +
    (heating ? heating.slope * heatingPerDay(row, heating.balancePoint) : 0) +
    (cooling ? cooling.slope * coolingPerDay(row, cooling.balancePoint) : 0)
  );
}

function totalsOf(candidate: CaltrackCandidate, rows: readonly CaltrackRow[]): CaltrackTotals {
  const observed = rows.map((row) => row.usagePerDay * row.days);
  const residuals = rows.map((row, i) => caltrackPerDay(candidate, row) * row.days - (observed[i] as number));
  const n = rows.length;
  const slopes = (candidate.heating ? 1 : 0) + (candidate.cooling ? 1 : 0);
  const mean = observed.reduce((sum, value) => sum + value, 0) / n;
  const sse = residuals.reduce((sum, e) => sum + e * e, 0);
  const rho = lag1Autocorrelation(residuals);
  return {
    n,
    slopes,
    mean,
    variance: observed.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n,
    sse,
    autocorrelation: Number.isNaN(rho) ? null : rho,
    cvRmse: Math.sqrt(sse / (n - slopes)) / mean,
  };
}

/** Qualified first, then the higher adjusted R². */
const better = (a: CaltrackCandidate, b: CaltrackCandidate): number =>
  Math.sign(a.disqualifications.length) - Math.sign(b.disqualifications.length) ||
  b.adjustedR2 - a.adjustedR2;

/** Fits every candidate to the rows whose energy and temperatures are known and chooses. */
export function fitCaltrack(rows: readonly CaltrackRow[], settings: CaltrackSettings): CaltrackFit {
  const known = rows
    .filter((row) => Number.isFinite(row.usagePerDay) && row.dayTemperatures.length > 0)
    .sort((a, b) => a.start_ms - b.start_ms);
  if (known.length < 2)
    return {
      ok: false,
      candidates: [],
      disqualifications: [
        finding('tooFewPoints', 'Too few periods with energy and temperature', { n: known.length, least: 2 }),
      ],
    };
  const y = Float64Array.from(known, (row) => row.usagePerDay);
  const weights =
    settings.interval === 'billing' ? Float64Array.from(known, (row) => row.dayTemperatures.length) : null;
  const ordinal = Float64Array.from(known, (_, i) => i);
  const candidates: CaltrackCandidate[] = [];
  const impossible: Finding[] = [];
  for (const choice of bestChoices(known, { y, weights, settings })) {
    const fit = regress({
      y,
      ordinal,
      variables: columnsOf(choice).map(({ part, values }) => ({ name: part, values })),
      ...(weights ? { weights } : {}),
    });
    if (fit.ok) candidates.push(candidateOf(choice, fit));
    else impossible.push(...fit.disqualifications);
  }
  candidates.sort(better);
  const [chosen] = candidates;
  if (!chosen || chosen.disqualifications.length > 0)
    return { ok: false, candidates, disqualifications: chosen?.disqualifications ?? impossible };
  return {
    ok: true,
    candidates,
    model: {
      ...chosen,
      form: 'caltrackUsagePerDay',
      formVersion: 1,
      interval: settings.interval,
      totals: totalsOf(chosen, known),
    },
  };
}
