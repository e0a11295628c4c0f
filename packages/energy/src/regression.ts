/**
 * Linear regression, ordinary and weighted, by orthogonalisation (`least-squares.ts`).
 *
 * Model: y = Xb + e with weights w (default 1), minimising Σ w e². Rows and columns are put in an order of their own
 * first (by ordinal, else by value; columns by name), so that the same data in another order gives the same bytes.
 * Checked against the NIST StRD certified values, the ill-conditioned sets included.
 */
import { fSurvival, studentTwoSided } from './distribution.ts';
import { type Column2, double2, multiply2, productError } from './double-double.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { effectiveCount, lag1Autocorrelation } from './fit-metrics.ts';
import { leastSquares } from './least-squares.ts';

export interface RegressionVariable {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** The variable is this whole power of the values, so that x⁷ of a polynomial is not rounded before it is fitted. */
  readonly power?: number;
}

export interface RegressionInput {
  readonly y: ArrayLike<number>;
  /** Explaining variables, each as long as y. */
  readonly variables: readonly RegressionVariable[];
  /** Default true. */
  readonly intercept?: boolean;
  /** Positive weight per point (days of a billing period). */
  readonly weights?: ArrayLike<number>;
  /** Ordinal of each point (day number), so that autocorrelation looks at true neighbours only. */
  readonly ordinal?: ArrayLike<number>;
}

export interface Coefficient {
  readonly name: string;
  readonly value: number;
  readonly standardError: number;
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
}

export interface RegressionFit {
  readonly ok: true;
  /** Intercept first where there is one, then the variables in their order. */
  readonly coefficients: readonly Coefficient[];
  readonly hasIntercept: boolean;
  readonly n: number;
  /** Number of slopes. */
  readonly slopes: number;
  /** n − number of coefficients. */
  readonly dfResidual: number;
  /** Weighted residual sum of squares. */
  readonly sse: number;
  /** Weighted total sum of squares: about the mean with an intercept, about zero without. */
  readonly sst: number;
  /** √(SSE/dfResidual): residual standard deviation. */
  readonly sigma: number;
  readonly r2: number;
  /** 1 − (1 − R²)(n − i)/dfResidual, i = 1 with an intercept. */
  readonly adjustedR2: number;
  readonly f: number;
  readonly fP: number;
  readonly yMean: number;
  /** √(SSE/dfResidual)/ȳ: slopes and intercept deducted (ASHRAE Guideline 14). */
  readonly cvRmse: number;
  /** √(SSE/(n − slopes))/ȳ: slopes alone deducted (CalTRACK 2.0). */
  readonly cvRmseSlopesOnly: number;
  readonly fitted: Float64Array;
  /** Observed − fitted. */
  readonly residuals: Float64Array;
  /** Lag-1 autocorrelation of the residuals; NaN where it cannot be known. */
  readonly autocorrelation: number;
  /** n' = n(1 − ρ)/(1 + ρ). */
  readonly effectiveCount: number;
  /** (XᵀWX)⁻¹ in the order of the coefficients; times σ² it is their covariance. */
  readonly unscaledCovariance: readonly (readonly number[])[];
}

export type Regression = RegressionFit | Disqualified;

const isWholly =
  (test: (value: number) => boolean) =>
  (values: ArrayLike<number>): boolean => {
    for (let i = 0; i < values.length; i++) if (!test(values[i] as number)) return false;
    return true;
  };
const areFinite = isWholly(Number.isFinite);
const arePositive = isWholly((value) => value > 0);

function disqualify(input: RegressionInput): Finding[] {
  const { y, variables, weights } = input;
  const found: Finding[] = [];
  const parameters = variables.length + (input.intercept === false ? 0 : 1);
  if (parameters === 0) found.push(finding('noVariable', 'A regression needs at least one coefficient'));
  if (y.length <= parameters)
    found.push(
      finding('tooFewPoints', 'A regression needs more points than coefficients', {
        n: y.length,
        coefficients: parameters,
      }),
    );
  const columns = [
    { name: 'y', values: y },
    ...variables,
    ...(weights ? [{ name: 'weights', values: weights }] : []),
  ];
  for (const { name, values } of columns) {
    if (values.length !== y.length)
      found.push(finding('lengthMismatch', 'A column differs in length from y', { name, n: values.length }));
    else if (!areFinite(values))
      found.push(finding('notFinite', 'A column holds a value that is not a number', { name }));
    else if (name === 'weights' && !arePositive(values))
      found.push(finding('weightNotPositive', 'Weights must be positive', { name }));
  }
  return found;
}

/** Row numbers in an order that does not depend on the order in which the rows were given. */
function canonicalRows({ y, variables, weights, ordinal }: RegressionInput): Uint32Array {
  const rows = new Uint32Array(y.length);
  let isAscending = ordinal !== undefined;
  for (let i = 0; i < rows.length; i++) {
    rows[i] = i;
    if (ordinal && i > 0 && !((ordinal[i - 1] as number) < (ordinal[i] as number))) isAscending = false;
  }
  // Most callers give ascending ordinals, each once: then there is nothing to compare.
  if (isAscending) return rows;
  const keys = [
    ...(ordinal ? [ordinal] : []),
    y,
    ...variables.map(({ values }) => values),
    ...(weights ? [weights] : []),
  ];
  return rows.sort((a, b) => {
    for (const key of keys) if (key[a] !== key[b]) return (key[a] as number) - (key[b] as number);
    return a - b;
  });
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** root · values^power, exact to double-double. */
function designColumn(values: ArrayLike<number>, root: Float64Array | null, power: number): Column2 {
  const n = values.length;
  const column = { high: new Float64Array(n), low: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    if (power === 1) {
      const product = root ? value * (root[i] as number) : value;
      column.high[i] = product;
      if (root) column.low[i] = productError(value, root[i] as number, product);
      continue;
    }
    let product = double2(root ? (root[i] as number) : 1);
    for (let p = 0; p < power; p++) product = multiply2(product, double2(value));
    column.high[i] = product.high;
    column.low[i] = product.low;
  }
  return column;
}

/** Fits the regression, or tells every reason why it cannot be fitted. */
export function regress(input: RegressionInput): Regression {
  const refused = disqualify(input);
  if (refused.length > 0) return { ok: false, disqualifications: refused };
  const { y, variables, weights } = input;
  const hasIntercept = input.intercept !== false;
  const n = y.length;
  const rows = canonicalRows(input);
  const pick = (values: ArrayLike<number>): Float64Array => {
    const picked = new Float64Array(n);
    for (let i = 0; i < n; i++) picked[i] = values[rows[i] as number] as number;
    return picked;
  };
  const root = weights ? pick(weights).map(Math.sqrt) : null;
  const order = variables.map((_, k) => k);
  order.sort((a, b) => byCodeUnit(variables[a]?.name ?? '', variables[b]?.name ?? '') || a - b);
  const ones = new Float64Array(n).fill(1);
  const design = [
    ...(hasIntercept ? [designColumn(ones, root, 1)] : []),
    ...order.map((k) => {
      const { values, power } = variables[k] as RegressionVariable;
      return designColumn(pick(values), root, power ?? 1);
    }),
  ];
  const target = pick(y);
  const solved = leastSquares(design, designColumn(target, root, 1));
  const first = hasIntercept ? 1 : 0;
  // Where each coefficient, in the order of the input, stands in the design.
  const place = [...(hasIntercept ? [0] : []), ...variables.map((_, k) => first + order.indexOf(k))];
  const names = [...(hasIntercept ? ['intercept'] : []), ...variables.map(({ name }) => name)];
  if (!solved.ok)
    return {
      ok: false,
      disqualifications: [
        finding('collinear', 'A variable is constant or a combination of the others', {
          variables: names.filter((_, k) => solved.dependent.includes(place[k] as number)),
        }),
      ],
    };
  return summarise({
    input,
    rows,
    names,
    values: place.map((k) => solved.solution[k] as number),
    gram: place.map((r) => place.map((c) => solved.inverseGram[r]?.[c] as number)),
    root: root ?? ones,
    target,
    weighted: solved.residuals,
  });
}

function summarise(solved: {
  readonly input: RegressionInput;
  readonly rows: Uint32Array;
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly gram: readonly (readonly number[])[];
  readonly root: Float64Array;
  /** y and the weighted residuals, in the order of `rows`. */
  readonly target: Float64Array;
  readonly weighted: Float64Array;
}): RegressionFit {
  const { input, rows, names, values, gram, root, target, weighted } = solved;
  const { y } = input;
  const n = y.length;
  const hasIntercept = input.intercept !== false;
  const slopes = names.length - (hasIntercept ? 1 : 0);
  const dfResidual = n - names.length;
  let weightSum = 0;
  let weightedSum = 0;
  for (let i = 0; i < n; i++) {
    weightSum += (root[i] as number) ** 2;
    weightedSum += (root[i] as number) ** 2 * (target[i] as number);
  }
  const yMean = weightedSum / weightSum;
  let sse = 0;
  let sst = 0;
  for (let i = 0; i < n; i++) {
    sse += (weighted[i] as number) ** 2;
    sst += ((root[i] as number) * ((target[i] as number) - (hasIntercept ? yMean : 0))) ** 2;
  }
  const sigma = Math.sqrt(sse / dfResidual);
  const residuals = new Float64Array(n);
  rows.forEach((row, i) => {
    residuals[row] = (weighted[i] as number) / (root[i] as number);
  });
  const r2 = sst > 0 ? 1 - sse / sst : Number.NaN;
  const f = slopes > 0 ? (sst - sse) / slopes / (sse / dfResidual) : Number.NaN;
  const { ordinal } = input;
  const rho = ordinal
    ? lag1Autocorrelation(
        Float64Array.from(rows, (row) => residuals[row] as number),
        Float64Array.from(rows, (row) => ordinal[row] as number),
      )
    : lag1Autocorrelation(residuals);
  return {
    ok: true,
    coefficients: names.map((name, k): Coefficient => {
      const value = values[k] as number;
      const standardError = sigma * Math.sqrt((gram[k] as readonly number[])[k] as number);
      const t = value / standardError;
      return { name, value, standardError, t, p: studentTwoSided(t, dfResidual) };
    }),
    hasIntercept,
    n,
    slopes,
    dfResidual,
    sse,
    sst,
    sigma,
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - (hasIntercept ? 1 : 0))) / dfResidual,
    f,
    fP: fSurvival(f, slopes, dfResidual),
    yMean,
    cvRmse: sigma / yMean,
    cvRmseSlopesOnly: Math.sqrt(sse / (n - slopes)) / yMean,
    fitted: residuals.map((e, i) => (y[i] as number) - e),
    residuals,
    autocorrelation: rho,
    effectiveCount: effectiveCount(n, rho),
    unscaledCovariance: gram,
  };
}
