import type { ConstantScale, Point, Scale } from './profile.ts';

/** Looks up the value of another point of the same meter. */
export type PointLookup = (key: string) => number | undefined;

/** A factor kept as a fraction, so that millivolts become volts by one exact division. */
export interface Factor {
  readonly multiply: number;
  readonly divide: number;
}

/** Exponents beyond this are nonsense, not scales. */
const exponentLimit = 10;
/** Resolution kept of values whose scale only the device knows. */
const unknownExponent = -3;

const constant = (scale: ConstantScale): Factor => ({
  multiply: scale.multiply ?? 1,
  divide: scale.divide ?? 1,
});

/** The factor of a scale, or undefined where a point that it follows from is not known. */
export function factorOf(scale: Scale | undefined, lookup: PointLookup): Factor | undefined {
  if (!scale) return { multiply: 1, divide: 1 };
  if ('steps' in scale) {
    const product = productOf(scale.product, lookup);
    if (product === undefined) return undefined;
    const step = scale.steps.find((s) => s.below === undefined || product < s.below);
    return step && constant(step);
  }
  if ('timesPoints' in scale) {
    const product = productOf(scale.timesPoints, lookup);
    return product === undefined ? undefined : { multiply: product, divide: 1 };
  }
  if ('tenTo' in scale) {
    const exponent = lookup(scale.tenTo);
    if (exponent === undefined || !Number.isInteger(exponent) || Math.abs(exponent) > exponentLimit)
      return undefined;
    const { multiply, divide } = constant(scale);
    return exponent < 0
      ? { multiply, divide: divide * 10 ** -exponent }
      : { multiply: multiply * 10 ** exponent, divide };
  }
  return constant(scale);
}

/** Keys of the points that a scale follows from. */
export function pointsOfScale(scale: Scale): readonly string[] {
  if ('steps' in scale) return scale.product;
  if ('timesPoints' in scale) return scale.timesPoints;
  return 'tenTo' in scale ? [scale.tenTo] : [];
}

function productOf(keys: readonly string[], lookup: PointLookup): number | undefined {
  let product = 1;
  for (const key of keys) {
    const value = lookup(key);
    if (value === undefined) return undefined;
    product *= value;
  }
  return product;
}

/** Smallest power of ten that holds every step of a point's scale exactly: −3 for millivolts of a value in volts. */
export function scaleExponent(point: Point): number {
  const { scale } = point;
  if (!scale || 'timesPoints' in scale) return 0;
  if ('tenTo' in scale) return unknownExponent;
  const constants = 'steps' in scale ? scale.steps : [scale];
  const exponents = constants.map((c) => Math.log10((c.multiply ?? 1) / (c.divide ?? 1)));
  return Math.max(-9, Math.min(0, Math.floor(Math.min(...exponents) + 1e-9)));
}
