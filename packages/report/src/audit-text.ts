import type { Finding, Locale } from '@wattproof/energy';
import { roundDecimal } from '@wattproof/energy';
import {
  formatLocalDate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
  isReportKey,
  type PortalTranslator,
  portalTranslator,
  quantityText,
  type ReportTranslator,
  reportTranslator,
} from '@wattproof/messages';
import type { Basis, ReportRow } from './snapshot.ts';

/** Texts and numbers of one document in its language. */
export interface AuditText {
  readonly locale: Locale;
  readonly t: ReportTranslator;
  readonly words: PortalTranslator;
  date(localDate: string): string;
  /** A month `YYYY-MM`. */
  month(month: string): string;
  /** The day before the end of [from, to): the last day of the period. */
  lastDay(to: string): string;
  percent(share: number | null, decimals?: number): string;
  /** Percent that arrives as exact decimal text, printed as it is. */
  exactPercent(percent: string | null): string;
  kwh(decimal: string): string;
  energy(wh: number, signed?: boolean): string;
  money(value: { readonly amount: string; readonly currency: string } | null): string;
  number(value: number, decimals: number): string;
  basis(basis: Basis): string;
  site(row: Pick<ReportRow, 'siteName'>): string;
  finding(finding: Finding): string;
}

/** Site and name of a row; names often begin with their site. */
export const rowName = (row: Pick<ReportRow, 'siteName' | 'name'>): string =>
  row.siteName === null || row.name.startsWith(row.siteName) ? row.name : `${row.siteName} · ${row.name}`;

export function auditText(locale: Locale): AuditText {
  const t = reportTranslator(locale);
  const date = (localDate: string): string => formatLocalDate(locale, localDate, 'date');
  return {
    locale,
    t,
    words: portalTranslator(locale),
    date,
    month: (month) => formatLocalDate(locale, month, 'monthShort'),
    lastDay: (to) => date(new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)),
    percent: (share, decimals = 1) =>
      share === null ? t('report.unknown') : quantityText(formatPercent(locale, share, { decimals })),
    exactPercent: (percent) =>
      percent === null
        ? t('report.unknown')
        : quantityText({ value: formatNumber(locale, percent, { decimals: 2 }), unit: '%' }),
    kwh: (decimal) => formatNumber(locale, roundDecimal(decimal, 0, 'halfEven')),
    energy: (wh, signed = false) => quantityText(formatQuantity(locale, wh, 'Wh', { signed })),
    money: (value) => (value ? formatMoney(locale, value) : '–'),
    number: (value, decimals) => formatNumber(locale, value, { decimals }),
    basis: (basis) => t(`report.basis.${basis}`),
    site: (row) => row.siteName ?? t('report.noSite'),
    finding: (finding) => {
      const key = `report.finding.${finding.code}`;
      return isReportKey(key) ? t(key) : finding.message;
    },
  };
}
