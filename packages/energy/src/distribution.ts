/**
 * Normal, Student t and F distributions in double precision. Lower tails are called `cdf`, upper tails `survival`;
 * both are computed directly, so that small p values keep their digits.
 * Sources: NIST Digital Library of Mathematical Functions 5.11 (log-gamma), 7.6 and 7.9 (error function),
 * 8.17 (incomplete beta function, continued fraction 8.17.22).
 */

const tiny = 1e-300;
const epsilon = 1e-16;
const maxIterations = 10_000;

/** The part of Stirling's series after its leading terms, x ≥ 12. */
function stirlingRest(x: number): number {
  const inverse = 1 / (x * x);
  return (
    (1 / 12 +
      inverse *
        (-1 / 360 +
          inverse * (1 / 1260 + inverse * (-1 / 1680 + inverse * (1 / 1188 - inverse * (691 / 360360)))))) /
    x
  );
}

/** ln Γ(x) for x > 0: upward recurrence to x ≥ 12, then Stirling's series. */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let product = 1;
  let z = x;
  while (z < 12) {
    product *= z;
    z += 1;
  }
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + stirlingRest(z) - Math.log(product);
}

/** ln B(a, b); for a large argument the growing parts of its two log-gammas are subtracted before they are formed. */
function logBeta(a: number, b: number): number {
  const large = Math.max(a, b);
  const small = Math.min(a, b);
  if (large < 12) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const difference =
    (large - 0.5) * Math.log1p(small / large) +
    small * Math.log(large + small) -
    small +
    stirlingRest(large + small) -
    stirlingRest(large);
  return logGamma(small) - difference;
}

/** Continued fraction of the incomplete beta function, by the modified Lentz method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let value = d;
  for (let m = 1; m <= maxIterations; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 + term * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (Math.abs(c) < tiny) c = tiny;
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < epsilon) break;
  }
  return value;
}

/** Regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1; `y` = 1 − x, given apart to keep its digits. */
function betaRegularized(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const logX = y < 0.5 ? Math.log1p(-y) : Math.log(x);
  const logY = x < 0.5 ? Math.log1p(-x) : Math.log(y);
  const front = Math.exp(a * logX + b * logY - logBeta(a, b));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(y, b, a)) / b;
}

/** Upper tail of the standard normal distribution. */
export function normalSurvival(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 1 - normalSurvival(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 1; k < 200 && Math.abs(term) > epsilon * sum; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k--) fraction = k / (z + fraction);
  return density / (z + fraction);
}
/** P(Z ≤ z) of the standard normal distribution. */
export const normalCdf = (z: number): number => normalSurvival(-z);

/** P(T > t) of Student's t with `df` degrees of freedom. */
export function studentSurvival(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return Number.NaN;
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  if (df === Number.POSITIVE_INFINITY) return normalSurvival(t);
  const x = df / (df + t * t);
  const tail = 0.5 * betaRegularized(x, (t * t) / (df + t * t), df / 2, 0.5);
  return t > 0 ? tail : 1 - tail;
}
/** P(T ≤ t) of Student's t. */
export const studentCdf = (t: number, df: number): number => studentSurvival(-t, df);
/** P(|T| > |t|): the p value of a coefficient. */
export const studentTwoSided = (t: number, df: number): number => 2 * studentSurvival(Math.abs(t), df);

/** P(F > f) with (d1, d2) degrees of freedom: the p value of a regression. */
export function fSurvival(f: number, d1: number, d2: number): number {
  if (Number.isNaN(f) || !(d1 > 0) || !(d2 > 0)) return Number.NaN;
  if (f <= 0) return 1;
  if (f === Number.POSITIVE_INFINITY) return 0;
  const whole = d2 + d1 * f;
  return betaRegularized(d2 / whole, (d1 * f) / whole, d2 / 2, d1 / 2);
}
/** P(F ≤ f) with (d1, d2) degrees of freedom. */
export function fCdf(f: number, d1: number, d2: number): number {
  if (Number.isNaN(f) || !(d1 > 0) || !(d2 > 0)) return Number.NaN;
  if (f <= 0) return 0;
  if (f === Number.POSITIVE_INFINITY) return 1;
  const whole = d2 + d1 * f;
  return betaRegularized((d1 * f) / whole, d2 / whole, d1 / 2, d2 / 2);
}

/** Where a falling tail function takes the value p > 0, on x ≥ 0: doubling, then bisection to the last digit. */
function invertTail(tail: (x: number) => number, p: number): number {
  let low = 0;
  let high = 1;
  while (tail(high) > p && high < 1e300) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tail(middle) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const mirrored = (p: number, upper: (tail: number) => number): number => {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return p < 0.5 ? -upper(p) : p === 0.5 ? 0 : upper(1 - p);
};

/** z with P(Z ≤ z) = p. */
export const normalQuantile = (p: number): number => mirrored(p, (tail) => invertTail(normalSurvival, tail));
/** t with P(T ≤ t) = p. */
export const studentQuantile = (p: number, df: number): number =>
  df > 0 ? mirrored(p, (tail) => invertTail((t) => studentSurvival(t, df), tail)) : Number.NaN;
/** f with P(F ≤ f) = p. */
export function fQuantile(p: number, d1: number, d2: number): number {
  if (!(p >= 0 && p <= 1) || !(d1 > 0) || !(d2 > 0)) return Number.NaN;
  if (p === 0) return 0;
  return p === 1 ? Number.POSITIVE_INFINITY : invertTail((f) => fSurvival(f, d1, d2), 1 - p);
}
/** Half-width factor of a two-sided interval: t with P(|T| ≤ t) = confidence. */
export const studentTwoSidedQuantile = (confidence: number, df: number): number =>
  studentQuantile(1 - (1 - confidence) / 2, df);
