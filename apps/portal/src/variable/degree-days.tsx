'use client';
import { type ChartContext, monthBarsOption } from '@wattproof/charts';
import type { SiteDegreeDays } from '@wattproof/contracts/api';
import { formatLocalDate, formatNumber, type PortalTranslator, quantityText } from '@wattproof/messages';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';
import { Chart } from '../chart/chart.tsx';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { withQuery } from '../shell/query.ts';
import styles from './variable.module.css';

type Convention = SiteDegreeDays['convention'];

/** A convention in words: kind, base, limit where it has one, and how the day's temperature is made. */
export const conventionText = (c: Convention, t: PortalTranslator): string => {
  const degrees = (v: number): string => quantityText({ value: formatNumber(t.locale, v), unit: '°C' });
  return t(c.limit_c === null ? 'degreeDay.convention' : 'degreeDay.conventionLimit', {
    kind: t(`degreeDay.${c.kind}`),
    base: degrees(c.base_c),
    limit: c.limit_c === null ? '' : degrees(c.limit_c),
    day: t(`degreeDay.of.${c.dayTemperature}`),
  });
};

/** Degree days of a site by a named convention, month by month; a month with unknown days says so. */
export function DegreeDays({
  degreeDays,
  source,
  basis,
}: {
  readonly degreeDays: SiteDegreeDays;
  readonly source: NonNullable<SiteDegreeDays['source']>;
  readonly basis: string;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const { convention, conventions, months } = degreeDays;
  const unit = t('degreeDay.unit');
  const option = useCallback(
    (context: ChartContext) =>
      monthBarsOption(
        {
          months: months.map((m) => ({
            month: m.month,
            actual_wh: m.degreeDays,
            // What is missing of a month is hatched above what is known.
            estimatedShare: m.days > 0 ? 1 - m.knownDays / m.days : 0,
            expected_wh: null,
            halfWidth_wh: null,
          })),
          scale: { factor: 1, unit },
          color: convention.kind === 'heating' ? context.theme.uses.heating : context.theme.uses.cooling,
        },
        context,
        { missing: t('quality.missing'), expected: t('enpi.expected') },
      ),
    [months, unit, convention, t],
  );
  return (
    <Section
      title={t('degreeDay.title')}
      subject={
        source.distance_km === null
          ? t('degreeDay.source', { name: source.name })
          : t('degreeDay.sourceFar', {
              name: source.name,
              km: formatNumber(t.locale, source.distance_km, { decimals: 0 }),
            })
      }
      basis={basis}
    >
      <label className={styles.convention}>
        {t('degreeDay.choose')}
        <select
          value={convention.id}
          onChange={(event) =>
            router.replace(`${pathname}${withQuery(search.toString(), { convention: event.target.value })}`, {
              scroll: false,
            })
          }
        >
          {conventions.map((c) => (
            <option key={c.id} value={c.id}>
              {conventionText(c, t)}
            </option>
          ))}
        </select>
      </label>
      <Chart
        proof={{ member: 'months' }}
        key={convention.id}
        family="bar"
        option={option}
        height={isNarrow ? 220 : 240}
        timeZone={degreeDays.timeZone}
        label={t('degreeDay.label', { convention: conventionText(convention, t) })}
        fileName={`degree-days-${convention.id}`}
        table={{
          columns: [t('enpi.month'), unit, t('degreeDay.knownDays')],
          rows: () =>
            months.map((m) => [
              formatLocalDate(t.locale, m.month, 'month'),
              m.degreeDays === null ? '—' : formatNumber(t.locale, m.degreeDays, { decimals: 1 }),
              t('degreeDay.knownOf', { known: m.knownDays, days: m.days }),
            ]),
        }}
      />
      <p className={styles.note} data-receiptless="limit">
        {t('degreeDay.conventionSource', { source: convention.source })}{' '}
        {t(`degreeDay.verification.${convention.verification}`)}
      </p>
      {/* Whether the convention was checked stands in the line above already. */}
      {degreeDays.findings
        .filter((f) => f.code !== 'conventionNotVerified')
        .map((f) => (
          <p key={`${f.code} ${f.message}`} className={styles.note}>
            {findingText(f, t)}
          </p>
        ))}
    </Section>
  );
}
