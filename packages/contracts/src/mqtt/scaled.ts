const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** 10^|exponent|; a schema's exponents go from −9 to 9. */
export const power10 = (exponent: number): number => powers[Math.abs(exponent)] as number;

/** A value in units of 10^exponent, rounded. */
export const scaledInteger = (value: number, exponent: number): number =>
  Math.round(exponent < 0 ? value * power10(exponent) : value / power10(exponent));

export const unscaled = (integer: number, exponent: number): number =>
  exponent < 0 ? integer / power10(exponent) : integer * power10(exponent);
