/**
 * Arithmetic with about 32 significant digits: a number is the unevaluated sum of two doubles (high, low). Error-free
 * sum and product of T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18
 * (1971), and D. E. Knuth, TAOCP vol. 2, 4.2.2. Magnitudes must stay below about 1e290.
 */

export interface Double2 {
  readonly high: number;
  readonly low: number;
}

export interface Column2 {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

const splitter = 2 ** 27 + 1;

/** The rounding error of a·b. */
export function productError(a: number, b: number, product: number): number {
  const ca = splitter * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = splitter * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The rounding error of a + b. */
function sumError(a: number, b: number, sum: number): number {
  const part = sum - a;
  return a - (sum - part) + (b - part);
}

const normal = (high: number, low: number): Double2 => {
  const sum = high + low;
  return { high: sum, low: low - (sum - high) };
};

export const double2 = (value: number): Double2 => ({ high: value, low: 0 });

export function add2(a: Double2, b: Double2): Double2 {
  const sum = a.high + b.high;
  return normal(sum, sumError(a.high, b.high, sum) + a.low + b.low);
}

export const negate2 = (a: Double2): Double2 => ({ high: -a.high, low: -a.low });

export function multiply2(a: Double2, b: Double2): Double2 {
  const product = a.high * b.high;
  return normal(product, productError(a.high, b.high, product) + a.high * b.low + a.low * b.high);
}

export function divide2(a: Double2, b: Double2): Double2 {
  const first = a.high / b.high;
  const rest = add2(a, negate2(multiply2(double2(first), b)));
  const second = rest.high / b.high;
  const last = add2(rest, negate2(multiply2(double2(second), b)));
  return add2(normal(first, second), double2(last.high / b.high));
}

export function squareRoot2(a: Double2): Double2 {
  if (a.high <= 0) return double2(0);
  const root = Math.sqrt(a.high);
  const rest = add2(a, negate2(multiply2(double2(root), double2(root))));
  return normal(root, rest.high / (2 * root));
}

/** Σ aᵢbᵢ. */
export function dot2(a: Column2, b: Column2): Double2 {
  let high = 0;
  let low = 0;
  for (let i = 0; i < a.high.length; i++) {
    const x = a.high[i] as number;
    const y = b.high[i] as number;
    const product = x * y;
    const error = productError(x, y, product) + x * (b.low[i] as number) + y * (a.low[i] as number);
    const sum = high + product;
    const rest = low + error + sumError(high, product, sum);
    high = sum + rest;
    low = rest - (high - sum);
  }
  return { high, low };
}

/** a := a − f·b. */
export function subtractMultiple2(a: Column2, f: Double2, b: Column2): void {
  for (let i = 0; i < a.high.length; i++) {
    const y = b.high[i] as number;
    const product = -f.high * y;
    const error = productError(-f.high, y, product) - f.high * (b.low[i] as number) - f.low * y;
    const x = a.high[i] as number;
    const sum = x + product;
    const rest = (a.low[i] as number) + error + sumError(x, product, sum);
    const high = sum + rest;
    a.high[i] = high;
    a.low[i] = rest - (high - sum);
  }
}
