'use client';
import { rareSubject } from '@wattproof/energy';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatInstant,
  formatMeasurand,
  formatPercent,
  measurandText,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { QualityMark } from '../figure/quality-mark.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './meter.module.css';
import { readingOf } from './meter-proof.ts';
import type { MeterValue } from './meter-value.ts';

const readingWords = new Set([
  'good',
  'stale',
  'timeout',
  'exception',
  'outOfRange',
  'notAvailable',
  'wiringSuspect',
  'counterReset',
]);

export const readingQualityText = (t: PortalTranslator, quality: string): string =>
  readingWords.has(quality) ? t(`readingQuality.${quality}` as 'readingQuality.good') : quality;

/** A value as people read it; the position of a breaker and the state of a contact are words. */
export function measuredText(t: PortalTranslator, value: number, measurand: string): string {
  if (measurand === 'breaker_position')
    return t(value === 2 ? 'breaker.fault' : value === 1 ? 'breaker.closed' : 'breaker.open');
  const rare = rareSubject(measurand)?.of;
  if (rare === 'input' || rare === 'output') return t(value === 0 ? 'contact.open' : 'contact.closed');
  return quantityText(formatMeasurand(t.locale, value, measurand));
}

/** Every value of a meter: now with its age, and over the period its lowest, mean and highest, or what was counted. */
export function StatisticsTable({
  meterId,
  values,
  isStale,
  timeZone,
  now,
  hrefOf,
}: {
  readonly meterId: number;
  readonly values: readonly MeterValue[];
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly now: string;
  readonly hrefOf: (measurand: string) => string;
}) {
  const t = useTranslator();
  const name = (v: MeterValue): string => measurandText(t, v.measurand);
  const text = (v: MeterValue, value: number | null | undefined): string =>
    value == null ? '—' : measuredText(t, value, v.measurand);
  const extreme = (id: string, head: string, which: 'min' | 'max'): Column<MeterValue> => ({
    id,
    head,
    align: 'right',
    proof: { member: (v) => (v.statistic?.[which] ? `${which}.value` : null) },
    cell: (v) => {
      const found = v.statistic?.[which];
      return found ? (
        <span className={styles.stack}>
          {text(v, found.value)}
          <small>{formatInstant(t.locale, timeZone, found.at, 'dateTimeShort')}</small>
        </span>
      ) : (
        ''
      );
    },
    text: (v) => (v.statistic?.[which] ? text(v, v.statistic[which]?.value) : ''),
  });
  const counted = (v: MeterValue): string => (v.kind === 'counter' ? text(v, v.statistic?.delta) : '');
  const columns: Column<MeterValue>[] = [
    {
      id: 'measurand',
      head: t('meter.measurand'),
      phone: 'title',
      cell: (v) => (
        <Link href={hrefOf(v.measurand)} prefetch={false} className={styles.door}>
          {name(v)}
        </Link>
      ),
      sort: name,
      text: name,
    },
    {
      id: 'value',
      head: t('meter.value'),
      align: 'right',
      proof: { receipt: (v) => readingOf(meterId, v) },
      cell: (v) => text(v, v.now?.value),
      text: (v) => text(v, v.now?.value),
    },
    {
      id: 'age',
      head: t('meter.age'),
      cell: (v) =>
        v.now && <Age at={v.now.at} now={now} isStale={isStale} timeZone={timeZone} withTime={false} />,
      sort: (v) => v.now?.at ?? null,
      text: (v) => v.now?.at ?? '',
    },
    {
      id: 'quality',
      head: t('meter.quality'),
      phone: 'hidden',
      cell: (v) => (v.now ? readingQualityText(t, v.now.quality) : '—'),
      sort: (v) => v.now?.quality ?? null,
      text: (v) => (v.now ? readingQualityText(t, v.now.quality) : ''),
    },
    extreme('lowest', t('explore.lowest'), 'min'),
    {
      id: 'mean',
      head: t('explore.mean'),
      align: 'right',
      proof: { member: (v) => (v.kind === 'gauge' && v.statistic ? 'mean' : null) },
      cell: (v) => (v.kind === 'gauge' && v.statistic ? text(v, v.statistic.mean) : ''),
      text: (v) => (v.kind === 'gauge' && v.statistic ? text(v, v.statistic.mean) : ''),
    },
    extreme('highest', t('explore.highest'), 'max'),
    {
      id: 'counted',
      head: t('meter.counted'),
      align: 'right',
      proof: { member: (v) => (v.statistic && v.kind === 'counter' ? 'delta' : null) },
      cell: counted,
      text: counted,
    },
    {
      id: 'measured',
      head: t('site.quality'),
      align: 'right',
      proof: { member: (v) => (v.statistic ? 'shares' : null) },
      cell: (v) => v.statistic && <QualityMark quality={v.statistic.shares} t={t} />,
      text: (v) => (v.statistic ? quantityText(formatPercent(t.locale, v.statistic.shares.measured)) : ''),
    },
  ];
  return (
    <DataTable
      id="values"
      name={t('meter.latest')}
      columns={columns}
      rows={values}
      rowMember={(v) => entry('measurands', { measurand: v.measurand })}
      rowKey={(v) => v.measurand}
      withTools={values.length > 6}
      empty={
        <State title={t('meter.none')} level={3}>
          <p>{t('meter.noneText')}</p>
        </State>
      }
    />
  );
}
