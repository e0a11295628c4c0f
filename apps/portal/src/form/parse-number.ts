/** Text of a number as people write it, with comma or point and spaces between thousands, as plain decimal text. */
export const plainText = (text: string): string =>
  text
    .trim()
    .replace(/[\s\u202f\u00a0]/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');

/** Reads a number as people write it, with comma or point. */
export function parseNumber(text: string): number | null {
  const plain = plainText(text);
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/**
 * Reads an index as it stands on a display, in a unit of 10^`decimals` base units, without rounding: 12 345,678 kWh is
 * 12 345 678 Wh. Null where it is no such number, has more decimals than the base unit can hold, or is too large.
 */
export function parseIndex(text: string, decimals: number): number | null {
  const [, whole = '', part = ''] = plainText(text).match(/^(\d+)(?:\.(\d+))?$/) ?? [];
  if (whole === '' || part.length > decimals) return null;
  const base = Number(whole + part.padEnd(decimals, '0'));
  return Number.isSafeInteger(base) ? base : null;
}

/** Plain text of an index in a unit of 10^`decimals` base units, as an input holds it. */
export function indexText(base: number, decimals: number): string {
  const digits = String(base).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return part === '' ? whole : `${whole}.${part}`;
}
