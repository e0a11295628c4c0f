import type { Locale } from '@wattproof/energy';

/** A number with all the digits that a double holds, as a reader of the locale writes it; never rounded away. */
export function allDigits(locale: Locale, value: number): string {
  const magnitude = Math.abs(value);
  const isPlain = value === 0 || (magnitude >= 1e-4 && magnitude < 1e12);
  return new Intl.NumberFormat(locale, {
    maximumSignificantDigits: 15,
    useGrouping: false,
    notation: isPlain ? 'standard' : 'scientific',
  })
    .format(value)
    .replaceAll('-', '−');
}

/** A difference with two digits: only its size matters. */
export const sizeOf = (locale: Locale, value: number): string =>
  value === 0
    ? '0'
    : new Intl.NumberFormat(locale, { maximumSignificantDigits: 2, notation: 'scientific' })
        .format(value)
        .replaceAll('-', '−');
