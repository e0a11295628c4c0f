/**
 * Many regressions on the same data, for choosing: centred moments are summed once, and each choice of columns is then
 * a small system that does not touch the data again. Normal equations square the condition of the data, so the figures
 * serve to compare candidates (about ten digits); the chosen one is fitted again by `regress`.
 */
export interface Moments {
  readonly n: number;
  readonly weightSum: number;
  readonly yMean: number;
  readonly means: Float64Array;
  /** Σ w(xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ). */
  readonly gram: readonly Float64Array[];
  /** Σ w(xᵢ − x̄ᵢ)(y − ȳ). */
  readonly cross: Float64Array;
  /** Σ w(y − ȳ)². */
  readonly sst: number;
}

export interface MomentFit {
  /** Intercept first. */
  readonly values: readonly number[];
  readonly standardErrors: readonly number[];
  readonly dfResidual: number;
  readonly sse: number;
  readonly r2: number;
  readonly adjustedR2: number;
}

/** A column that keeps less than this share of its variance beside the others is left to `regress`. */
const leastPivot = 1e-9;

function centred(values: ArrayLike<number>, root: Float64Array, mean: number): Float64Array {
  const column = new Float64Array(root.length);
  for (let i = 0; i < column.length; i++) column[i] = (root[i] as number) * ((values[i] as number) - mean);
  return column;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Moments of y and columns of equal length, weighted where weights are given. */
export function momentsOf(
  y: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
  weights?: ArrayLike<number> | null,
): Moments {
  const n = y.length;
  const root = new Float64Array(n);
  let weightSum = 0;
  for (let i = 0; i < n; i++) {
    root[i] = weights ? Math.sqrt(weights[i] as number) : 1;
    weightSum += (root[i] as number) ** 2;
  }
  const meanOf = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (root[i] as number) ** 2 * (values[i] as number);
    return sum / weightSum;
  };
  const yMean = meanOf(y);
  const target = centred(y, root, yMean);
  const means = Float64Array.from(columns, meanOf);
  const about = columns.map((column, k) => centred(column, root, means[k] as number));
  const gram = about.map(() => new Float64Array(about.length));
  about.forEach((a, r) => {
    for (let c = 0; c <= r; c++) {
      const value = dot(a, about[c] as Float64Array);
      (gram[r] as Float64Array)[c] = value;
      (gram[c] as Float64Array)[r] = value;
    }
  });
  return {
    n,
    weightSum,
    yMean,
    means,
    gram,
    cross: Float64Array.from(about, (a) => dot(a, target)),
    sst: dot(target, target),
  };
}

/** Inverse of the correlation-scaled Gram matrix of a choice by Gauss and Jordan; null where it is nearly singular. */
function invert(matrix: number[][]): number[][] | null {
  const k = matrix.length;
  const inverse = matrix.map((_, r) => matrix.map((_row, c) => (r === c ? 1 : 0)));
  for (let p = 0; p < k; p++) {
    const pivotRow = matrix[p] as number[];
    const inverseRow = inverse[p] as number[];
    const pivot = pivotRow[p] as number;
    if (!(pivot > leastPivot)) return null;
    for (let c = 0; c < k; c++) {
      pivotRow[c] = (pivotRow[c] as number) / pivot;
      inverseRow[c] = (inverseRow[c] as number) / pivot;
    }
    for (let r = 0; r < k; r++) {
      if (r === p) continue;
      const row = matrix[r] as number[];
      const other = inverse[r] as number[];
      const factor = row[p] as number;
      for (let c = 0; c < k; c++) {
        row[c] = (row[c] as number) - factor * (pivotRow[c] as number);
        other[c] = (other[c] as number) - factor * (inverseRow[c] as number);
      }
    }
  }
  return inverse;
}

/** Regression with an intercept on the columns `choice`; null where they are constant or nearly collinear. */
export function fitMoments(moments: Moments, choice: readonly number[]): MomentFit | null {
  const { gram, cross, means, n, sst, weightSum, yMean } = moments;
  const k = choice.length;
  const dfResidual = n - k - 1;
  if (dfResidual <= 0) return null;
  const scale = choice.map((c) => Math.sqrt(gram[c]?.[c] as number));
  if (scale.some((s) => !(s > 0))) return null;
  const inverse = invert(
    choice.map((r, i) =>
      choice.map((c, j) => (gram[r]?.[c] as number) / ((scale[i] as number) * (scale[j] as number))),
    ),
  );
  if (!inverse) return null;
  const right = choice.map((c, i) => (cross[c] as number) / (scale[i] as number));
  const slopes: number[] = [];
  let explained = 0;
  let intercept = yMean;
  for (let i = 0; i < k; i++) {
    let value = 0;
    for (let j = 0; j < k; j++) value += (inverse[i]?.[j] as number) * (right[j] as number);
    explained += value * (right[i] as number);
    slopes[i] = value / (scale[i] as number);
    intercept -= (slopes[i] as number) * (means[choice[i] as number] as number);
  }
  const sse = Math.max(sst - explained, 0);
  const sigma2 = sse / dfResidual;
  let atZero = 1 / weightSum;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++)
      atZero +=
        (((means[choice[i] as number] as number) / (scale[i] as number)) *
          (inverse[i]?.[j] as number) *
          (means[choice[j] as number] as number)) /
        (scale[j] as number);
  const r2 = sst > 0 ? 1 - sse / sst : Number.NaN;
  return {
    values: [intercept, ...slopes],
    standardErrors: [
      Math.sqrt(sigma2 * atZero),
      ...scale.map((s, i) => Math.sqrt(sigma2 * (inverse[i]?.[i] as number)) / s),
    ],
    dfResidual,
    sse,
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - 1)) / dfResidual,
  };
}
