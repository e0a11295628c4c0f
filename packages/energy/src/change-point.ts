/**
 * Change-point models of energy by temperature (or another driver), ASHRAE Inverse Modeling Toolkit forms:
 *
 *   mean  y = b₀                               2P   y = b₀ + b₁T
 *   3PH   y = b₀ + h·max(Tₕ − T, 0)            3PC  y = b₀ + c·max(T − T꜀, 0)
 *   4P    y = b₀ + b₁T + c·max(T − T꜀, 0)      5P   y = b₀ + h·max(Tₕ − T, 0) + c·max(T − T꜀, 0), Tₕ ≤ T꜀
 *
 * The sum of squares is smooth in a change point between two neighbouring temperatures and bends at them. So the
 * change points are looked for on a grid first, and then exactly: between each pair of neighbouring temperatures the
 * best change point has a closed form (D. J. Hudson, "Fitting segmented curves whose join points have to be
 * estimated", JASA 61 (1966)); where it falls outside, the best is one of the two. With two change points the steps
 * alternate until nothing moves.
 *
 * Change points are estimated parameters: they count in the degrees of freedom, and their standard errors and those of
 * the coefficients come from the model linearised in all of them.
 */
import { type Disqualified, type Finding, finding } from './finding.ts';
import { effectiveCount, lag1Autocorrelation } from './fit-metrics.ts';
import { fitMoments, momentsOf } from './moment-fit.ts';
import { type Regression, type RegressionFit, regress } from './regression.ts';

export const changePointForms = ['mean', '2P', '3PH', '3PC', '4P', '5P'] as const;
export type ChangePointForm = (typeof changePointForms)[number];

export interface ChangePointData {
  readonly energy: ArrayLike<number>;
  readonly temperature: ArrayLike<number>;
  /** Positive weight per point, the days of a bill. */
  readonly weights?: ArrayLike<number>;
  /** Day number of each point, so that autocorrelation looks at true neighbours only. */
  readonly ordinal?: ArrayLike<number>;
}

export interface ChangePointSettings {
  /** Grid of the first search; the exact search follows. */
  readonly gridPoints: number;
  /** Points that must lie beyond a change point, on either side of it. */
  readonly leastBeyond: number;
}

export const defaultChangePointSettings: ChangePointSettings = { gridPoints: 41, leastBeyond: 3 };

export interface Estimate {
  readonly value: number;
  /** null where the data does not tell. */
  readonly standardError: number | null;
}

export interface ChangePointModel {
  readonly form: ChangePointForm;
  readonly formVersion: 1;
  readonly intercept: Estimate;
  /** 2P, 4P: energy per degree (4P: below the change point). */
  readonly slope: Estimate | null;
  /** 3PH, 5P: energy per degree below. */
  readonly heating: { readonly slope: Estimate; readonly changePoint: Estimate } | null;
  /** 3PC, 4P, 5P: energy per degree above (4P: in addition to the slope). */
  readonly cooling: { readonly slope: Estimate; readonly changePoint: Estimate } | null;
  readonly n: number;
  /** Coefficients and change points. */
  readonly parameters: number;
  readonly dfResidual: number;
  /** Weighted. */
  readonly sse: number;
  readonly r2: number;
  /** 1 − (1 − R²)(n − 1)/dfResidual, change points counted. */
  readonly adjustedR2: number;
  /** √(SSE/dfResidual)/ȳ, change points counted. */
  readonly cvRmse: number;
  readonly autocorrelation: number | null;
  readonly effectiveCount: number;
  readonly temperatureRange: readonly [number, number];
}

export type ChangePointFit =
  | { readonly ok: true; readonly model: ChangePointModel; readonly warnings: readonly Finding[] }
  | Disqualified;

type Side = 'heating' | 'cooling';

const sidesOf: Readonly<Record<ChangePointForm, readonly Side[]>> = {
  mean: [],
  '2P': [],
  '3PH': ['heating'],
  '3PC': ['cooling'],
  '4P': ['cooling'],
  '5P': ['heating', 'cooling'],
};
const hasSlope = (form: ChangePointForm): boolean => form === '2P' || form === '4P';

interface Sorted {
  readonly y: Float64Array;
  readonly t: Float64Array;
  readonly weights: Float64Array | null;
  readonly ordinal: Float64Array | null;
}

const hinge = (side: Side, t: Float64Array, at: number): Float64Array =>
  side === 'heating' ? t.map((x) => Math.max(at - x, 0)) : t.map((x) => Math.max(x - at, 0));

const beyond = (side: Side, t: Float64Array, at: number): Float64Array =>
  side === 'heating' ? t.map((x) => (x < at ? 1 : 0)) : t.map((x) => (x > at ? 1 : 0));

/** Sum of squares of a regression on columns; infinite where they are collinear. */
function sseOf(data: Sorted, columns: readonly Float64Array[]): number {
  const fit = fitMoments(
    momentsOf(data.y, columns, data.weights),
    columns.map((_, k) => k),
  );
  return fit?.sse ?? Number.POSITIVE_INFINITY;
}

interface Search {
  readonly data: Sorted;
  readonly form: ChangePointForm;
  readonly settings: ChangePointSettings;
}

const linear = ({ data, form }: Search): readonly Float64Array[] => (hasSlope(form) ? [data.t] : []);

function columnsAt(search: Search, points: readonly number[]): readonly Float64Array[] {
  const sides = sidesOf[search.form];
  return [...linear(search), ...points.map((at, k) => hinge(sides[k] as Side, search.data.t, at))];
}

/** Least and greatest change point that leave enough points on either side. */
function reach({ data, settings }: Search): readonly [number, number] {
  const { t } = data;
  const k = Math.min(settings.leastBeyond, t.length) - 1;
  return [t[k] as number, t[t.length - 1 - k] as number];
}

/** The sum of squares of noisy data has several hollows: the exact search starts from this many points of the grid. */
const starts = 5;

/** The best points of the grid, or pairs of points with heating ≤ cooling. */
function gridSearch(search: Search): readonly (readonly number[])[] {
  const { data, form, settings } = search;
  const [low, high] = reach(search);
  if (!(high > low)) return [];
  const grid = Array.from(
    { length: settings.gridPoints },
    (_, i) => low + ((high - low) * i) / (settings.gridPoints - 1),
  );
  const sides = sidesOf[form];
  const first = linear(search);
  const columns = [...first, ...sides.flatMap((side) => grid.map((at) => hinge(side, data.t, at)))];
  const moments = momentsOf(data.y, columns, data.weights);
  const base = first.map((_, k) => k);
  const found: { readonly sse: number; readonly points: readonly number[] }[] = [];
  const attempt = (places: readonly number[]): void => {
    const fit = fitMoments(moments, [
      ...base,
      ...places.map((place, k) => first.length + k * grid.length + place),
    ]);
    if (fit) found.push({ sse: fit.sse, points: places.map((place) => grid[place] as number) });
  };
  for (let i = 0; i < grid.length; i++)
    if (sides.length === 1) attempt([i]);
    else for (let j = i; j < grid.length; j++) attempt([i, j]);
  return found
    .sort((a, b) => a.sse - b.sse)
    .slice(0, starts)
    .map(({ points }) => points);
}

/** The best change point number `k` within [low, high], the others kept: exact between neighbouring temperatures. */
function exactPoint(
  search: Search,
  points: readonly number[],
  { k, low, high }: { readonly k: number; readonly low: number; readonly high: number },
): number {
  const { data } = search;
  const side = sidesOf[search.form][k] as Side;
  const others = columnsAt(search, points).filter((_, i) => i !== linear(search).length + k);
  const sseAt = (at: number): number => sseOf(data, [...others, hinge(side, data.t, at)]);
  const inside = data.t.filter((x, i) => x > low && x < high && x !== data.t[i - 1]);
  const knots = [low, ...inside, high];
  let best = points[k] as number;
  let least = sseAt(best);
  const keep = (at: number): void => {
    const sse = sseAt(at);
    if (sse >= least) return;
    least = sse;
    best = at;
  };
  knots.forEach((left, i) => {
    keep(left);
    const right = knots[i + 1];
    if (right === undefined || !(right > left)) return;
    const middle = (left + right) / 2;
    // b·(T − T₀) beyond the gap is b·(T − m) − b(T₀ − m): linear in b and in b(T₀ − m).
    const step = beyond(side, data.t, middle);
    const ramp = data.t.map((x, j) => (step[j] as number) * (side === 'heating' ? middle - x : x - middle));
    const columns = [...others, ramp, step];
    const fit = fitMoments(
      momentsOf(data.y, columns, data.weights),
      columns.map((_, c) => c),
    );
    if (!fit) return;
    const slope = fit.values[fit.values.length - 2] as number;
    const offset = (fit.values[fit.values.length - 1] as number) / slope;
    const at = side === 'heating' ? middle + offset : middle - offset;
    if (at > left && at < right) keep(at);
  });
  return best;
}

/** Exact steps from one start until nothing moves. */
function searchFrom(search: Search, start: readonly number[]): readonly number[] {
  const [low, high] = reach(search);
  const step = (2 * (high - low)) / (search.settings.gridPoints - 1);
  const points = [...start];
  // Alternating steps only ever lower the sum of squares; a hundred are more than any data asks for.
  for (let round = 0; round < 100; round++) {
    const before = [...points];
    points.forEach((at, k) => {
      const least = k === 1 ? (points[0] as number) : low;
      const most = k === 0 && points.length === 2 ? (points[1] as number) : high;
      points[k] = exactPoint(search, points, {
        k,
        low: Math.max(least, at - step),
        high: Math.min(most, at + step),
      });
    });
    if (points.every((at, k) => Math.abs(at - (before[k] as number)) <= 1e-9 * (high - low))) break;
  }
  return points;
}

function searchPoints(search: Search): readonly number[] | null {
  let best: readonly number[] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const start of gridSearch(search)) {
    const points = searchFrom(search, start);
    const sse = sseOf(search.data, columnsAt(search, points));
    if (!(sse < least)) continue;
    best = points;
    least = sse;
  }
  return best;
}

function sorted(data: ChangePointData): Sorted {
  const rows = Array.from({ length: data.energy.length }, (_, i) => i).filter(
    (i) => Number.isFinite(data.energy[i]) && Number.isFinite(data.temperature[i]),
  );
  const { weights, ordinal } = data;
  rows.sort(
    (a, b) =>
      (data.temperature[a] as number) - (data.temperature[b] as number) ||
      (data.energy[a] as number) - (data.energy[b] as number) ||
      (weights ? (weights[a] as number) - (weights[b] as number) : 0) ||
      (ordinal ? (ordinal[a] as number) - (ordinal[b] as number) : 0),
  );
  const pick = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(rows, (i) => values[i] as number);
  return {
    y: pick(data.energy),
    t: pick(data.temperature),
    weights: weights ? pick(weights) : null,
    ordinal: ordinal ? pick(ordinal) : null,
  };
}

function warningsOf(model: ChangePointModel, [low, high]: readonly [number, number]): readonly Finding[] {
  const found: Finding[] = [];
  for (const [side, part] of [
    ['heating', model.heating],
    ['cooling', model.cooling],
  ] as const) {
    if (!part) continue;
    const { value, standardError } = part.changePoint;
    if (value <= low || value >= high)
      found.push(
        finding('changePointAtEdge', 'A change point lies at the edge of the data', {
          side,
          value,
          low,
          high,
        }),
      );
    if (standardError === null || 2 * standardError > high - low)
      found.push(
        finding('changePointUncertain', 'The data does not tell where a change point lies', {
          side,
          value,
          standardError,
        }),
      );
    if (model.form !== '4P' && part.slope.value < 0)
      found.push(
        finding('negativeSlope', 'More of a variable cannot need less energy', {
          name: side,
          value: part.slope.value,
        }),
      );
  }
  return found;
}

/** The model linearised in its change points: d/dT₀ of h·max(T₀ − T, 0) is h below T₀, of c·max(T − T₀, 0) −c above. */
function linearised(search: Search, points: readonly number[], slopes: readonly number[]): Regression {
  const { y, t, weights, ordinal } = search.data;
  const sides = sidesOf[search.form];
  return regress({
    y,
    variables: [
      ...linear(search).map((values) => ({ name: 'slope', values })),
      ...sides.map((side, k) => ({ name: side, values: hinge(side, t, points[k] as number) })),
      ...(slopes.length === 0 ? [] : sides).map((side, k) => ({
        name: `${side}Point`,
        values: beyond(side, t, points[k] as number).map(
          (on) => on * (side === 'heating' ? 1 : -1) * (slopes[k] as number),
        ),
      })),
    ],
    ...(weights ? { weights } : {}),
    ...(ordinal ? { ordinal } : {}),
  });
}

const coefficientIn = (fit: RegressionFit, name: string): number =>
  fit.coefficients.find((c) => c.name === name)?.value ?? Number.NaN;

/** Gauss–Newton steps from the exact search, whose sums of squares end at the rounding of the total. */
function polished(search: Search, start: readonly number[]): readonly number[] {
  const sides = sidesOf[search.form];
  let points = start;
  let fit = linearised(search, points, []);
  for (let step = 0; step < 20 && fit.ok; step++) {
    const slopes = sides.map((side) => coefficientIn(fit as RegressionFit, side));
    const tangent = linearised(search, points, slopes);
    if (!tangent.ok) break;
    const moved = points.map((at, k) => at + coefficientIn(tangent, `${sides[k]}Point`));
    const next = linearised(search, moved, []);
    if (!next.ok || !(next.sse < fit.sse)) break;
    const width = (search.data.t.at(-1) as number) - (search.data.t[0] as number);
    const isStill = moved.every((at, k) => Math.abs(at - (points[k] as number)) <= 1e-12 * width);
    points = moved;
    fit = next;
    if (isStill) break;
  }
  return points;
}

function modelAt(search: Search, points: readonly number[]): ChangePointFit {
  const { form } = search;
  const { t, ordinal } = search.data;
  const sides = sidesOf[form];
  const fit = linearised(search, points, []);
  if (!fit.ok) return fit;
  const parameters = fit.coefficients.length + points.length;
  const dfResidual = fit.n - parameters;
  const sigma2 = dfResidual > 0 ? fit.sse / dfResidual : Number.NaN;
  const tangent =
    points.length > 0
      ? linearised(
          search,
          points,
          sides.map((side) => coefficientIn(fit, side)),
        )
      : fit;
  const errorOf = (name: string): number | null => {
    if (!tangent.ok) return null;
    const k = tangent.coefficients.findIndex((c) => c.name === name);
    const error = Math.sqrt(sigma2 * (tangent.unscaledCovariance[k]?.[k] ?? Number.NaN));
    return Number.isFinite(error) ? error : null;
  };
  const estimate = (name: string): Estimate => ({
    value: coefficientIn(fit, name),
    standardError: errorOf(name),
  });
  const part = (side: Side) => {
    const k = sides.indexOf(side);
    if (k === -1) return null;
    const changePoint = { value: points[k] as number, standardError: errorOf(`${side}Point`) };
    return { slope: estimate(side), changePoint };
  };
  const rho = ordinal ? fit.autocorrelation : lag1Autocorrelation(fit.residuals);
  const isMean = form === 'mean';
  const model: ChangePointModel = {
    form,
    formVersion: 1,
    intercept: estimate('intercept'),
    slope: hasSlope(form) ? estimate('slope') : null,
    heating: part('heating'),
    cooling: part('cooling'),
    n: fit.n,
    parameters,
    dfResidual,
    sse: fit.sse,
    r2: isMean ? 0 : fit.r2,
    adjustedR2: isMean ? 0 : 1 - ((1 - fit.r2) * (fit.n - 1)) / dfResidual,
    cvRmse: Math.sqrt(sigma2) / fit.yMean,
    autocorrelation: ordinal && !Number.isNaN(rho) ? rho : null,
    effectiveCount: effectiveCount(fit.n, ordinal ? rho : Number.NaN),
    temperatureRange: [t[0] as number, t[t.length - 1] as number],
  };
  return { ok: true, model, warnings: warningsOf(model, reach(search)) };
}

/** Fits one form. Points with an unknown energy or temperature are left out. */
export function fitChangePoint(
  data: ChangePointData,
  form: ChangePointForm,
  settings: ChangePointSettings = defaultChangePointSettings,
): ChangePointFit {
  const refuse = (...disqualifications: Finding[]): Disqualified => ({ ok: false, disqualifications });
  if (data.temperature.length !== data.energy.length)
    return refuse(finding('lengthMismatch', 'A column differs in length from y', { name: 'temperature' }));
  const known = sorted(data);
  const points = sidesOf[form].length;
  const parameters = 1 + (hasSlope(form) ? 1 : 0) + 2 * points;
  if (known.y.length <= Math.max(parameters, 2 * settings.leastBeyond * points))
    return refuse(
      finding('tooFewPoints', 'A regression needs more points than coefficients', {
        n: known.y.length,
        coefficients: parameters,
      }),
    );
  if (form !== 'mean' && known.t[0] === known.t[known.t.length - 1])
    return refuse(finding('constantVariable', 'A variable never changes', { name: 'temperature' }));
  const search: Search = { data: known, form, settings };
  if (points === 0) return modelAt(search, []);
  const found = searchPoints(search);
  return found
    ? modelAt(search, polished(search, found))
    : refuse(finding('collinear', 'A variable is constant or a combination of the others', { form }));
}

/** Schwarz's criterion n·ln(SSE/n) + k·ln n: adjusted R² hardly ever refuses a further change point, this does. */
export const schwarz = ({ n, sse, parameters }: ChangePointModel): number =>
  n * Math.log(Math.max(sse, Number.MIN_VALUE) / n) + parameters * Math.log(n);

/** Fits every form; the smallest criterion of Schwarz first, those with warnings after those without. */
export function fitChangePoints(
  data: ChangePointData,
  settings: ChangePointSettings = defaultChangePointSettings,
): readonly Extract<ChangePointFit, { readonly ok: true }>[] {
  return changePointForms
    .map((form) => fitChangePoint(data, form, settings))
    .filter((fit) => fit.ok)
    .sort(
      (a, b) =>
        Math.sign(a.warnings.length) - Math.sign(b.warnings.length) || schwarz(a.model) - schwarz(b.model),
    );
}

/** Energy that a model expects at a temperature; NaN where the temperature is unknown. */
export function changePointExpected(model: ChangePointModel, temperature: number): number {
  const { intercept, slope, heating, cooling } = model;
  return (
    intercept.value +
    (slope ? slope.value * temperature : 0) +
    (heating ? heating.slope.value * Math.max(heating.changePoint.value - temperature, 0) : 0) +
    (cooling ? cooling.slope.value * Math.max(temperature - cooling.changePoint.value, 0) : 0) +
    0 * temperature
  );
}
