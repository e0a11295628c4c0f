import type { Locale } from '@wattproof/energy';
import { regionalTags } from './locale.ts';

const formats = new Map<string, Intl.NumberFormat>();

export interface NumberStyle {
  /** Exact number of decimals; without it as many as needed, at most 2. */
  readonly decimals?: number;
  /** Always print the sign, also of positive numbers; zero has none. */
  readonly signed?: boolean;
}

function formatOf(locale: Locale, { decimals, signed }: NumberStyle): Intl.NumberFormat {
  const id = `${locale} ${decimals ?? 'free'} ${signed ?? false}`;
  const known = formats.get(id);
  if (known) return known;
  const made = new Intl.NumberFormat(regionalTags[locale], {
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: decimals ?? 2,
    useGrouping: 'always',
    signDisplay: signed ? 'exceptZero' : 'negative',
  });
  formats.set(id, made);
  return made;
}

/** Narrow no-break space between thousands, true minus, so that columns of every language align. */
export const typesetParts = (parts: readonly Intl.NumberFormatPart[]): string =>
  parts
    .map(({ type, value }) =>
      type === 'group' ? '\u202f' : type === 'minusSign' ? '\u2212' : type === 'literal' ? '\u00a0' : value,
    )
    .join('');

/** A number for people: thousands apart by U+202F, minus U+2212, decimals of the locale. Decimal text stays exact. */
export const formatNumber = (locale: Locale, value: number | string, style: NumberStyle = {}): string =>
  typesetParts(formatOf(locale, style).formatToParts(value as Intl.StringNumericLiteral));

/** Decimals that leave three to four significant figures: 8 015, 226.4, 36.1, 4.12, 0.35. */
export const decimalsOf = (magnitude: number): number =>
  magnitude >= 1000 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : magnitude === 0 ? 0 : 3;
