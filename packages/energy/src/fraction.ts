/** Exact fractions of whole numbers: shares of bills by days, compared with thresholds without rounding. */
import { addDecimal, type Decimal, divideDecimal, type Rounding } from './money.ts';

/** numerator / denominator, denominator above zero, in lowest terms. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const zero: Fraction = { numerator: 0n, denominator: 1n };

function reduce(numerator: bigint, denominator: bigint): Fraction {
  let a = numerator < 0n ? -numerator : numerator;
  let b = denominator;
  while (b > 0n) [a, b] = [b, a % b];
  return a > 1n ? { numerator: numerator / a, denominator: denominator / a } : { numerator, denominator };
}

/** value × part / whole. */
export function fractionOf(value: Decimal, part: number, whole: number): Fraction {
  const scale = (value.split('.')[1] ?? '').length;
  // Adding zero refuses what is no decimal number.
  const units = BigInt(addDecimal(value, '0').replace('.', ''));
  return reduce(units * BigInt(part), 10n ** BigInt(scale) * BigInt(whole));
}

export const add = (a: Fraction, b: Fraction): Fraction =>
  reduce(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);

export const negate = (a: Fraction): Fraction => ({ numerator: -a.numerator, denominator: a.denominator });

/** Sign of a − b. */
export function compare(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const multiply = (a: Fraction, b: Fraction): Fraction =>
  reduce(a.numerator * b.numerator, a.denominator * b.denominator);

/** a / b; null where b is zero. */
export function divide(a: Fraction, b: Fraction): Fraction | null {
  if (b.numerator === 0n) return null;
  const sign = b.numerator < 0n ? -1n : 1n;
  return reduce(sign * a.numerator * b.denominator, sign * a.denominator * b.numerator);
}

/** The fraction with `digits` after the point. */
export const toDecimal = (a: Fraction, digits: number, rounding: Rounding): Decimal =>
  divideDecimal(a.numerator.toString(), a.denominator.toString(), { digits, rounding });
