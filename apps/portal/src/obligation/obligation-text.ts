import type { ObligationView, ObligedUnit } from '@wattproof/contracts/api';
import { formatLocalDate, formatMoney, formatNumber, type PortalTranslator } from '@wattproof/messages';
import { daysLeft, percent } from '../audit/audit-text.ts';

type Criterion = ObligationView['criteria'][number];

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

/** Nothing is at stake where nothing is owed. */
export const isAtStake = (o: ObligationView): boolean =>
  o.outcome === 'obliged' || o.outcome === 'insufficientData';

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
