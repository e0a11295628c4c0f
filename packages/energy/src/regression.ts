/**
 * Linear regression, ordinary and weighted, by Householder QR.
 *
 * Model: y = Xb + e with weights w (default 1), minimising Σ w e². QR works on X itself, so the condition of X is
 * not squared as with normal equations; columns are scaled to unit length first, and the solution is refined once
 * on its own residual. Checked against the NIST StRD certified values.
 */
import { fSurvival, studentTwoSided } from './distribution.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { effectiveCount, lag1Autocorrelation } from './fit-metrics.ts';

export interface RegressionInput {
  readonly y: ArrayLike<number>;
  /** Explaining variables, each as long as y. */
  readonly variables: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
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

/** Below this share of its length a column is taken to be a combination of those before it. */
const rankTolerance = 1e-11;

interface Factorisation {
  /** Reflectors below the diagonal, R above; one array per column. */
  readonly columns: readonly Float64Array[];
  readonly diagonal: Float64Array;
  /** Columns that are combinations of earlier ones. */
  readonly dependent: readonly number[];
}

/** Householder QR of columns of unit length. */
function factorise(source: readonly Float64Array[]): Factorisation {
  const columns = source.map((column) => Float64Array.from(column));
  const n = columns[0]?.length ?? 0;
  const diagonal = new Float64Array(columns.length);
  const dependent: number[] = [];
  columns.forEach((column, k) => {
    let square = 0;
    for (let i = k; i < n; i++) square += (column[i] as number) ** 2;
    const norm = Math.sqrt(square);
    if (!(norm > rankTolerance)) {
      dependent.push(k);
      return;
    }
    const alpha = (column[k] as number) > 0 ? -norm : norm;
    column[k] = (column[k] as number) - alpha;
    diagonal[k] = alpha;
    for (let j = k + 1; j < columns.length; j++) reflect(column, k, columns[j] as Float64Array);
  });
  return { columns, diagonal, dependent };
}

/** Applies the reflector stored in `column` from row k on to `target`. */
function reflect(column: Float64Array, k: number, target: Float64Array): void {
  let dot = 0;
  let square = 0;
  for (let i = k; i < column.length; i++) {
    dot += (column[i] as number) * (target[i] as number);
    square += (column[i] as number) ** 2;
  }
  const factor = (2 * dot) / square;
  for (let i = k; i < column.length; i++) target[i] = (target[i] as number) - factor * (column[i] as number);
}

function solve({ columns, diagonal }: Factorisation, right: Float64Array): Float64Array {
  const rotated = Float64Array.from(right);
  columns.forEach((column, k) => {
    reflect(column, k, rotated);
  });
  const solution = new Float64Array(columns.length);
  for (let k = columns.length - 1; k >= 0; k--) {
    let rest = rotated[k] as number;
    for (let j = k + 1; j < columns.length; j++)
      rest -= ((columns[j] as Float64Array)[k] as number) * (solution[j] as number);
    solution[k] = rest / (diagonal[k] as number);
  }
  return solution;
}

/** (RᵀR)⁻¹ = R⁻¹R⁻ᵀ. */
function inverseGram({ columns, diagonal }: Factorisation): number[][] {
  const k = columns.length;
  const inverse = Array.from({ length: k }, () => new Float64Array(k));
  for (let c = 0; c < k; c++) {
    for (let r = c; r >= 0; r--) {
      let rest = r === c ? 1 : 0;
      for (let j = r + 1; j <= c; j++)
        rest -= ((columns[j] as Float64Array)[r] as number) * ((inverse[j] as Float64Array)[c] as number);
      (inverse[r] as Float64Array)[c] = rest / (diagonal[r] as number);
    }
  }
  return inverse.map((a) =>
    inverse.map((b) => {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += (a[j] as number) * (b[j] as number);
      return sum;
    }),
  );
}

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

/** Fits the regression, or tells every reason why it cannot be fitted. */
export function regress(input: RegressionInput): Regression {
  const refused = disqualify(input);
  if (refused.length > 0) return { ok: false, disqualifications: refused };
  const { y, variables, weights } = input;
  const hasIntercept = input.intercept !== false;
  const n = y.length;
  const root = new Float64Array(n).fill(1);
  if (weights) for (let i = 0; i < n; i++) root[i] = Math.sqrt(weights[i] as number);
  const names = [...(hasIntercept ? ['intercept'] : []), ...variables.map(({ name }) => name)];
  const design = [
    ...(hasIntercept ? [root] : []),
    ...variables.map(({ values }) => root.map((w, i) => w * (values[i] as number))),
  ];
  const lengths = design.map(lengthOf);
  const scaled = design.map((column, k) => {
    const length = lengths[k] as number;
    const unit = new Float64Array(n);
    if (length > 0) for (let i = 0; i < n; i++) unit[i] = (column[i] as number) / length;
    return unit;
  });
  const factorisation = factorise(scaled);
  if (factorisation.dependent.length > 0)
    return {
      ok: false,
      disqualifications: [
        finding('collinear', 'A variable is constant or a combination of the others', {
          variables: factorisation.dependent.map((k) => names[k]),
        }),
      ],
    };
  const target = root.map((w, i) => w * (y[i] as number));
  const solution = solve(factorisation, target);
  const residualOf = (): Float64Array => {
    const rest = Float64Array.from(target);
    scaled.forEach((column, k) => {
      const b = solution[k] as number;
      for (let i = 0; i < n; i++) rest[i] = (rest[i] as number) - (column[i] as number) * b;
    });
    return rest;
  };
  solve(factorisation, residualOf()).forEach((correction, k) => {
    solution[k] = (solution[k] as number) + correction;
  });
  const weighted = residualOf();
  const values = Array.from(solution, (b, k) => b / (lengths[k] as number));
  const gram = inverseGram(factorisation).map((row, r) =>
    row.map((value, c) => value / ((lengths[r] as number) * (lengths[c] as number))),
  );
  return summarise({ input, names, values, gram, root, weighted });
}

function lengthOf(column: Float64Array): number {
  let square = 0;
  for (let i = 0; i < column.length; i++) square += (column[i] as number) ** 2;
  return Math.sqrt(square);
}

function summarise(solved: {
  readonly input: RegressionInput;
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly gram: readonly (readonly number[])[];
  readonly root: Float64Array;
  readonly weighted: Float64Array;
}): RegressionFit {
  const { input, names, values, gram, root, weighted } = solved;
  const { y } = input;
  const n = y.length;
  const hasIntercept = input.intercept !== false;
  const slopes = names.length - (hasIntercept ? 1 : 0);
  const dfResidual = n - names.length;
  let weightSum = 0;
  let weightedSum = 0;
  for (let i = 0; i < n; i++) {
    weightSum += (root[i] as number) ** 2;
    weightedSum += (root[i] as number) ** 2 * (y[i] as number);
  }
  const yMean = weightedSum / weightSum;
  let sse = 0;
  let sst = 0;
  for (let i = 0; i < n; i++) {
    sse += (weighted[i] as number) ** 2;
    sst += ((root[i] as number) * ((y[i] as number) - (hasIntercept ? yMean : 0))) ** 2;
  }
  const sigma = Math.sqrt(sse / dfResidual);
  const residuals = weighted.map((e, i) => e / (root[i] as number));
  const r2 = sst > 0 ? 1 - sse / sst : Number.NaN;
  const f = slopes > 0 ? (sst - sse) / slopes / (sse / dfResidual) : Number.NaN;
  const rho = lag1Autocorrelation(residuals, input.ordinal);
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
