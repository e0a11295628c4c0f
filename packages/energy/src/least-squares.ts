/**
 * min ‖Xb − y‖ by orthogonalisation of X itself, so that the condition of X is not squared as with normal equations.
 *
 * Columns are first scaled to about unit length by powers of two, which changes no digit. Well-conditioned problems are
 * solved by Householder QR in doubles and refined once on their own residual. Small problems, where it costs nothing,
 * and those in which a column keeps less than `preciseBelow` of its length beside those before it, are solved in
 * double-double arithmetic by Gram–Schmidt with reorthogonalisation (Å. Björck, Numerical Methods for Least Squares Problems, 2.4), and columns of
 * which less than `rankTolerance` remains are combinations of the others up to the rounding of the data.
 */
import {
  add2,
  type Column2,
  type Double2,
  divide2,
  dot2,
  double2,
  multiply2,
  negate2,
  squareRoot2,
  subtractMultiple2,
} from './double-double.ts';

export type LeastSquares =
  | {
      readonly ok: true;
      readonly solution: readonly number[];
      /** (XᵀX)⁻¹. */
      readonly inverseGram: readonly (readonly number[])[];
      /** y − Xb. */
      readonly residuals: Float64Array;
    }
  | {
      readonly ok: false /** Columns that are combinations of those before them. */;
      readonly dependent: readonly number[];
    };

const preciseBelow = 1e-3;
const rankTolerance = 1e-13;
/** Elements of X up to which a problem is small: a year of months, a polynomial. */
const smallProblem = 200;

/** Power of two nearest above the length of a column; 1 for a column of zeros. */
function scaleOf(column: Column2): number {
  let greatest = 0;
  for (const value of column.high) greatest = Math.max(greatest, Math.abs(value));
  if (greatest === 0) return 1;
  let square = 0;
  for (const value of column.high) square += (value / greatest) ** 2;
  return 2 ** Math.ceil(Math.log2(greatest * Math.sqrt(square)));
}

function scaled({ high, low }: Column2, scale: number): Column2 {
  const column = { high: new Float64Array(high.length), low: new Float64Array(high.length) };
  for (let i = 0; i < high.length; i++) {
    column.high[i] = (high[i] as number) / scale;
    column.low[i] = (low[i] as number) / scale;
  }
  return column;
}

const copied = (column: Column2): Column2 => ({ high: column.high.slice(), low: column.low.slice() });

/** Applies the reflector stored in `column` from row k on to `target`. */
function reflect(column: Float64Array, k: number, target: Float64Array): void {
  let dot = 0;
  let square = 0;
  for (let i = k; i < column.length; i++) {
    const v = column[i] as number;
    dot += v * (target[i] as number);
    square += v * v;
  }
  const factor = (2 * dot) / square;
  for (let i = k; i < column.length; i++) target[i] = (target[i] as number) - factor * (column[i] as number);
}

interface Factorisation {
  /** Reflectors below the diagonal, R above; one array per column. */
  readonly columns: readonly Float64Array[];
  readonly diagonal: Float64Array;
}

/** Householder QR; null where a column keeps too little of its length for doubles. */
function factorise(source: readonly Column2[]): Factorisation | null {
  const columns = source.map(({ high }) => high.slice());
  const diagonal = new Float64Array(columns.length);
  for (const [k, column] of columns.entries()) {
    let square = 0;
    for (let i = k; i < column.length; i++) square += (column[i] as number) ** 2;
    const norm = Math.sqrt(square);
    if (!(norm > preciseBelow)) return null;
    const alpha = (column[k] as number) > 0 ? -norm : norm;
    column[k] = (column[k] as number) - alpha;
    diagonal[k] = alpha;
    for (let j = k + 1; j < columns.length; j++) reflect(column, k, columns[j] as Float64Array);
  }
  return { columns, diagonal };
}

function solve({ columns, diagonal }: Factorisation, right: Float64Array): Float64Array {
  const rotated = right.slice();
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

/** (RᵀR)⁻¹ = R⁻¹R⁻ᵀ of an upper triangle given by its entries. */
function inverseGramOf(size: number, entry: (row: number, column: number) => Double2): number[][] {
  const inverse = Array.from({ length: size }, () => Array.from({ length: size }, () => double2(0)));
  for (let c = 0; c < size; c++)
    for (let r = c; r >= 0; r--) {
      let rest = double2(r === c ? 1 : 0);
      for (let j = r + 1; j <= c; j++)
        rest = add2(rest, negate2(multiply2(entry(r, j), inverse[j]?.[c] as Double2)));
      (inverse[r] as Double2[])[c] = divide2(rest, entry(r, r));
    }
  return inverse.map((a) =>
    inverse.map(
      (b) => a.reduce((sum, value, j) => add2(sum, multiply2(value, b[j] as Double2)), double2(0)).high,
    ),
  );
}

function doubleSolution(
  factorisation: Factorisation,
  columns: readonly Column2[],
  y: Float64Array,
): LeastSquares {
  const solution = solve(factorisation, y);
  const residualOf = (): Float64Array => {
    const rest = y.slice();
    columns.forEach(({ high }, k) => {
      const b = solution[k] as number;
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - (high[i] as number) * b;
    });
    return rest;
  };
  solve(factorisation, residualOf()).forEach((correction, k) => {
    solution[k] = (solution[k] as number) + correction;
  });
  const entry = (row: number, column: number): Double2 =>
    double2(
      row === column
        ? (factorisation.diagonal[row] as number)
        : ((factorisation.columns[column] as Float64Array)[row] as number),
    );
  return {
    ok: true,
    solution: [...solution],
    inverseGram: inverseGramOf(columns.length, entry),
    residuals: residualOf(),
  };
}

/** Takes out of `column` what lies along the orthonormal `basis`, twice, and adds the shares to `shares`. */
function orthogonalise(column: Column2, basis: readonly Column2[], shares: Double2[]): void {
  for (let pass = 0; pass < 2; pass++)
    basis.forEach((unit, j) => {
      const share = dot2(unit, column);
      subtractMultiple2(column, share, unit);
      shares[j] = add2(shares[j] ?? double2(0), share);
    });
}

function preciseSolution(columns: readonly Column2[], y: Column2): LeastSquares {
  const basis: Column2[] = [];
  const upper: Double2[][] = [];
  const dependent: number[] = [];
  columns.forEach((source, k) => {
    const column = copied(source);
    const shares: Double2[] = [];
    orthogonalise(column, basis, shares);
    const norm = squareRoot2(dot2(column, column));
    const length = squareRoot2(dot2(source, source));
    if (!(norm.high > rankTolerance * length.high)) {
      dependent.push(k);
      return;
    }
    const inverse = divide2(double2(1), norm);
    const unit: Column2 = { high: new Float64Array(y.high.length), low: new Float64Array(y.high.length) };
    subtractMultiple2(unit, negate2(inverse), column);
    basis.push(unit);
    upper.push([...shares, norm]);
  });
  if (dependent.length > 0) return { ok: false, dependent };
  const residual = copied(y);
  const right: Double2[] = [];
  orthogonalise(residual, basis, right);
  const entry = (row: number, column: number): Double2 => upper[column]?.[row] as Double2;
  const solution: Double2[] = [];
  for (let k = basis.length - 1; k >= 0; k--) {
    let rest = right[k] as Double2;
    for (let j = k + 1; j < basis.length; j++)
      rest = add2(rest, negate2(multiply2(entry(k, j), solution[j] as Double2)));
    solution[k] = divide2(rest, entry(k, k));
  }
  return {
    ok: true,
    solution: solution.map(({ high }) => high),
    inverseGram: inverseGramOf(basis.length, entry),
    residuals: residual.high,
  };
}

/** Solves min ‖Xb − y‖ for the columns of X, or names the columns that are combinations of those before them. */
export function leastSquares(columns: readonly Column2[], y: Column2): LeastSquares {
  const scales = columns.map(scaleOf);
  const unit = columns.map((column, k) => scaled(column, scales[k] as number));
  const isSmall = columns.length * y.high.length <= smallProblem;
  const factorisation = isSmall ? null : factorise(unit);
  const solved = factorisation ? doubleSolution(factorisation, unit, y.high) : preciseSolution(unit, y);
  if (!solved.ok) return solved;
  return {
    ok: true,
    solution: solved.solution.map((value, k) => value / (scales[k] as number)),
    inverseGram: solved.inverseGram.map((row, r) =>
      row.map((value, c) => value / ((scales[r] as number) * (scales[c] as number))),
    ),
    residuals: solved.residuals,
  };
}
