import type { Locale } from '@wattproof/energy';
import { regionalTags } from './locale.ts';
import { typesetParts } from './number.ts';

/** Exact amount as the API sends it. */
export interface MoneyValue {
  readonly amount: string;
  readonly currency: string;
}

const formats = new Map<string, Intl.NumberFormat>();

export interface MoneyStyle {
  /** Decimals; figures of a dashboard have none, bills have 2. */
  readonly decimals?: number;
  readonly signed?: boolean;
}

/** Money from exact decimal text, the symbol where the language puts it, always a space apart: € 1 812, 1 812 €. */
export function formatMoney(
  locale: Locale,
  { amount, currency }: MoneyValue,
  { decimals = 0, signed = false }: MoneyStyle = {},
): string {
  const id = `${locale} ${currency} ${decimals} ${signed}`;
  let format = formats.get(id);
  if (!format) {
    format = new Intl.NumberFormat(regionalTags[locale], {
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: 'always',
      signDisplay: signed ? 'exceptZero' : 'negative',
    });
    formats.set(id, format);
  }
  const text = typesetParts(format.formatToParts(amount as Intl.StringNumericLiteral));
  return text.replace(/(\p{Sc}|[A-Z]{3})(?=\d)/u, '$1\u00a0');
}
