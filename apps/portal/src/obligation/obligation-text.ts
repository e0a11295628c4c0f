import type { ObligationView, ObligedUnit } from '@wattproof/contracts/api';
import { formatLocalDate, formatMoney, formatNumber, type PortalTranslator } from '@wattproof/messages';
import { daysLeft, percent } from '../audit/audit-text.ts';

type Criterion = ObligationView['criteria'][number];

/** Exact kilowatt-hours: a figure and the limit it barely exceeds must not print alike. */
const kwhText = (t: PortalTranslator, value: string): string =>
  `${formatNumber(t.locale, value, { decimals: 0 })}\u00a0kWh`;

function amountText(t: PortalTranslator, value: string, unit: string): string {
  if (unit === 'kWh') return kwhText(t, value);
  return unit === 'persons'
    ? formatNumber(t.locale, value)
    : formatMoney(t.locale, { amount: value, currency: unit });
}

const yearsText = (years: readonly number[]): string =>
  years.length > 1 ? `${years[0]}\u2013${years.at(-1)}` : String(years[0] ?? '');

/** One comparison in words: what, of which years, against which limit. */
export function criterionText(t: PortalTranslator, c: Criterion): string {
  if (c.criterion === 'energyIntensive')
    return t(
      c.holds === null
        ? 'obligation.listed.unknown'
        : c.holds
          ? 'obligation.listed.yes'
          : 'obligation.listed.no',
    );
  const values = {
    what: t(`obligation.criterion.${c.criterion}`),
    years: yearsText(c.missingYears.length > 0 ? c.missingYears : c.years),
    limit: amountText(t, c.limit ?? '0', c.unit),
  };
  if (c.holds === null || c.value === null) return t('obligation.compared.unknown', values);
  const key =
    c.comparison === 'above'
      ? c.holds
        ? 'obligation.compared.above'
        : 'obligation.compared.notAbove'
      : c.holds
        ? 'obligation.compared.atLeast'
        : 'obligation.compared.below';
  return t(key, { ...values, value: amountText(t, c.value, c.unit) });
}

/** The comparisons that decide: those that hold for what is owed, those that are open where data lacks, else all. */
export function decidingCriteria(o: ObligationView): readonly Criterion[] {
  const holding = o.criteria.filter((c) => c.holds === true);
  const open = o.criteria.filter((c) => c.holds === null);
  if (o.outcome === 'insufficientData' && open.length > 0) return open;
  return (o.outcome === 'obliged' || o.outcome === 'exempt') && holding.length > 0 ? holding : o.criteria;
}

export function exemptionText(t: PortalTranslator, e: ObligationView['exemptions'][number]): string | null {
  if (e.certificate === null) return null;
  const least = formatNumber(t.locale, Number(e.leastShare ?? 0) * 100);
  if (e.holds === null) return t('obligation.exemption.unknown', { certificate: e.certificate, least });
  const share = e.share_percent === null ? '' : formatNumber(t.locale, e.share_percent, { decimals: 2 });
  return e.holds
    ? t('obligation.exemption.yes', {
        certificate: e.certificate,
        share: share === '' ? '' : ` (${share}\u00a0%)`,
      })
    : t('obligation.exemption.no', { certificate: e.certificate, share, least });
}

export function outcomeText(t: PortalTranslator, o: ObligationView): string {
  return o.standing === 'law' ? t(`obligation.outcome.${o.outcome}`) : t(`obligation.asIf.${o.outcome}`);
}

/** What stands below the outcome: how well the rule was checked, and by whom. */
export function checkText(t: PortalTranslator, o: ObligationView): string {
  const check = t(`audit.verification.${o.verification}`);
  if (o.standing !== 'law') return t(`obligation.standing.${o.standing}`);
  if (o.reviewer)
    return t('obligation.reviewedBy', {
      name: o.reviewer.name,
      date: formatLocalDate(t.locale, o.reviewer.date, 'date'),
    });
  return o.isVerdict || o.outcome === 'insufficientData' ? check : `${t('obligation.noVerdict')}, ${check}`;
}

export function stakeTexts(t: PortalTranslator, o: ObligationView): readonly string[] {
  return o.sanctions.flatMap((s) => {
    if (s.percent === null)
      return s.exposure
        ? [t('obligation.stakeAmount', { amount: formatMoney(t.locale, s.exposure, { decimals: 0 }) })]
        : [];
    if (!s.exposure) return [t('obligation.stakeShareUnknown', { percent: s.percent })];
    const first = t('obligation.stakeShare', {
      amount: formatMoney(t.locale, s.exposure, { decimals: 0 }),
      percent: s.percent,
      year: String(s.year),
    });
    return s.repeatExposure
      ? [
          first,
          t('obligation.stakeRepeat', {
            amount: formatMoney(t.locale, s.repeatExposure, { decimals: 0 }),
          }),
        ]
      : [first];
  });
}

export const coverageText = (t: PortalTranslator, o: ObligationView): string =>
  o.coverage
    ? `${percent(t, Number(o.coverage.threshold), 0)}, ${t(`audit.basis.${o.coverage.basis}`)}`
    : t('obligation.coversNone');

/** Days to a date, in words. */
export function daysText(t: PortalTranslator, date: string, today: string): string {
  const days = daysLeft(date, today);
  return days < 0 ? t('obligation.late', { days: -days }) : t('obligation.left', { days });
}

/** The next date of the law over all units, and what is late. */
export function dueSummary(units: readonly ObligedUnit[]): {
  readonly overdue: number;
  readonly next: string | null;
} {
  const owed = units.flatMap((unit) => unit.obligations).filter((o) => o.standing === 'law' && o.isVerdict);
  const dates = units
    .flatMap((unit) => unit.calendar)
    .filter((entry) => entry.kind === 'due' && !entry.isPast)
    .map(({ date }) => date)
    .sort();
  return { overdue: owed.filter((o) => o.isOverdue).length, next: dates[0] ?? null };
}
