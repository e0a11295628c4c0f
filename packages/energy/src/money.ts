/**
 * Exact arithmetic on decimal strings, for money and for everything that is compared with a legal threshold. Values
 * are strings like `-1234.50`; nothing passes through a binary float.
 */
export type Decimal = string;

/** How a value between two neighbours is rounded; `down` is towards zero. */
export type Rounding = 'halfEven' | 'halfUp' | 'down';

/** units / 10^scale. */
interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

/** Digits after the point that a value may have. */
const scaleLimit = 100;
const pattern = /^(-?)(\d+)(?:\.(\d+))?$/;

function parse(value: Decimal): Scaled {
  const match = pattern.exec(value);
  if (!match) throw new RangeError(`Not a decimal number: ${JSON.stringify(value)}`);
  const [, sign, whole, part = ''] = match;
  if (part.length > scaleLimit) throw new RangeError('Too many digits after the point');
  const units = BigInt(`${whole}${part}`);
  return { units: sign === '-' ? -units : units, scale: part.length };
}

function format({ units, scale }: Scaled): Decimal {
  const isNegative = units < 0n;
  const digits = (isNegative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const part = scale > 0 ? `.${digits.slice(digits.length - scale)}` : '';
  return `${isNegative ? '-' : ''}${whole}${part}`;
}

const rescale = ({ units, scale }: Scaled, to: number): bigint => units * 10n ** BigInt(to - scale);

/** Whether the text is a decimal number as used here (no exponent, no thousands separator, point as separator). */
export const isDecimal = (value: string): boolean => pattern.test(value);

/** The exact decimal of what a number prints as. Throws RangeError where it is not finite. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError('Not a finite number');
  const [mantissa = '0', exponent] = String(value).split('e');
  const { units, scale } = parse(mantissa);
  const shift = scale - Number(exponent ?? 0);
  return shift >= 0
    ? format({ units, scale: shift })
    : format({ units: units * 10n ** BigInt(-shift), scale: 0 });
}

export function addDecimal(a: Decimal, b: Decimal): Decimal {
  const left = parse(a);
  const right = parse(b);
  const scale = Math.max(left.scale, right.scale);
  return format({ units: rescale(left, scale) + rescale(right, scale), scale });
}

export const negateDecimal = (a: Decimal): Decimal => {
  const { units, scale } = parse(a);
  return format({ units: -units, scale });
};

export const subtractDecimal = (a: Decimal, b: Decimal): Decimal => addDecimal(a, negateDecimal(b));

export const sumDecimals = (values: Iterable<Decimal>): Decimal => {
  let sum = '0';
  for (const value of values) sum = addDecimal(sum, value);
  return sum;
};

/** Exact product; it has as many digits as both factors together. */
export function multiplyDecimal(a: Decimal, b: Decimal): Decimal {
  const left = parse(a);
  const right = parse(b);
  return format({ units: left.units * right.units, scale: left.scale + right.scale });
}

/** -1, 0 or 1 as a is less than, equal to or greater than b. */
export function compareDecimal(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const left = parse(a);
  const right = parse(b);
  const scale = Math.max(left.scale, right.scale);
  const difference = rescale(left, scale) - rescale(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Quotient of two integers, rounded to an integer. */
function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  let quotient = n / d;
  const twice = 2n * (n % d);
  if (rounding !== 'down' && (twice > d || (twice === d && (rounding === 'halfUp' || quotient % 2n === 1n))))
    quotient += 1n;
  return isNegative ? -quotient : quotient;
}

/** a / b to `digits` after the point. Throws RangeError on division by zero. */
export function divideDecimal(
  a: Decimal,
  b: Decimal,
  to: { readonly digits: number; readonly rounding: Rounding },
): Decimal {
  const left = parse(a);
  const right = parse(b);
  if (right.units === 0n) throw new RangeError('Division by zero');
  const numerator = left.units * 10n ** BigInt(right.scale + to.digits);
  const denominator = right.units * 10n ** BigInt(left.scale);
  return format({ units: divideRounded(numerator, denominator, to.rounding), scale: to.digits });
}

/** The value with `digits` after the point; `halfUp` rounds halves away from zero. */
export const roundDecimal = (value: Decimal, digits: number, rounding: Rounding): Decimal =>
  divideDecimal(value, '1', { digits, rounding });
