import type { AuditDetail, AuditSummary } from '@wattproof/contracts/api';
import { type Carrier, drawnFrom, type EnergyUse } from '@wattproof/energy';
import { formatLocalDate, formatPercent, type PortalTranslator, quantityText } from '@wattproof/messages';

const day_ms = 86_400_000;

export const percent = (t: PortalTranslator, share: number | null, decimals = 1): string =>
  share === null ? '—' : quantityText(formatPercent(t.locale, share, { decimals }));

const mostDecimals = 6;

/** A share that a threshold decides about, with the digits that tell it from it: 79.96 of 80 % is never written as 80.0. */
export function shareOf(t: PortalTranslator, share: number | null, threshold: number): string {
  const isBelow = share !== null && share < threshold;
  const seemsReached = (decimals: number): boolean =>
    Number(((share ?? 0) * 100).toFixed(decimals)) >= threshold * 100;
  let decimals = 1;
  while (isBelow && decimals < mostDecimals && seemsReached(decimals)) decimals++;
  return percent(t, share, decimals);
}

/** The page's title is the verdict in a sentence. */
export function verdictTitle(audit: AuditSummary, t: PortalTranslator): string {
  const threshold = Number(audit.rule.threshold);
  const values = {
    share: shareOf(t, audit.coverage.share, threshold),
    threshold: percent(t, threshold, 0),
  };
  return audit.verdict === 'insufficientData'
    ? t('audit.insufficientData')
    : t(`audit.${audit.verdict}`, values);
}

/** Days to the due date; negative when it is late. */
export const daysLeft = (dueOn: string, today: string): number =>
  Math.round((Date.parse(dueOn) - Date.parse(today)) / day_ms);

export function dueText(audit: AuditSummary, t: PortalTranslator, today: string): string {
  if (!audit.dueOn) return t('portfolio.dueNone');
  const days = daysLeft(audit.dueOn, today);
  return `${t('audit.dueLine', { date: formatLocalDate(t.locale, audit.dueOn, 'date') })}, ${
    days < 0 ? t('audit.daysLate', { days: -days }) : t('audit.daysLeft', { days })
  }`;
}

/** Last day of a half-open period. */
export const lastDay = (periodTo: string): string =>
  new Date(Date.parse(periodTo) - day_ms).toISOString().slice(0, 10);

export const periodOf = (audit: AuditSummary, t: PortalTranslator): string =>
  t('audit.period', {
    from: formatLocalDate(t.locale, audit.periodFrom, 'date'),
    to: formatLocalDate(t.locale, lastDay(audit.periodTo), 'date'),
  });

/** Of a row that is left out, whether uses that draw from it are audited by themselves. */
export const isPartlyAudited = (
  { uses }: Pick<AuditDetail, 'uses'>,
  { siteId, carrier, included }: AuditDetail['rows'][number],
): boolean => !included && uses.some((use) => use.siteId === siteId && use.carrier === drawnFrom(carrier));

/** A use of a site, and what it draws from where that is not electricity. */
export const siteUseName = (
  t: PortalTranslator,
  siteName: string,
  { energyUse, carrier }: { readonly energyUse: EnergyUse; readonly carrier: Carrier },
): string =>
  [siteName, t(`use.${energyUse}`), ...(carrier === 'electricity' ? [] : [t(`carrier.${carrier}`)])]
    .filter(Boolean)
    .join(' · ');
