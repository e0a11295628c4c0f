'use client';
import { measurandText } from '@wattproof/messages';
import Link from 'next/link';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './meter.module.css';
import type { MeterValue } from './meter-value.ts';
import { measuredText, readingQualityText } from './statistics-table.tsx';

/** Inputs and outputs of the instrument: open or closed, and how long ago that was read. */
export function ContactTable({
  values,
  isStale,
  timeZone,
  now,
  hrefOf,
}: {
  readonly values: readonly MeterValue[];
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly now: string;
  readonly hrefOf: (measurand: string) => string;
}) {
  const t = useTranslator();
  const name = (v: MeterValue): string => measurandText(t, v.measurand);
  const state = (v: MeterValue): string => (v.now ? measuredText(t, v.now.value, v.measurand) : '—');
  const quality = (v: MeterValue): string => (v.now ? readingQualityText(t, v.now.quality) : '—');
  const columns: Column<MeterValue>[] = [
    {
      id: 'contact',
      head: t('meter.contact'),
      phone: 'title',
      cell: (v) => (
        <Link href={hrefOf(v.measurand)} prefetch={false} className={styles.door}>
          {name(v)}
        </Link>
      ),
      text: name,
    },
    { id: 'state', head: t('meter.state'), cell: state, text: state },
    {
      id: 'age',
      head: t('meter.age'),
      cell: (v) =>
        v.now && <Age at={v.now.at} now={now} isStale={isStale} timeZone={timeZone} withTime={false} />,
      text: (v) => v.now?.at ?? '',
    },
    { id: 'quality', head: t('meter.quality'), phone: 'hidden', cell: quality, text: quality },
  ];
  return (
    <DataTable
      id="contacts"
      name={t('meter.contacts')}
      columns={columns}
      rows={values}
      rowKey={(v) => v.measurand}
      withTools={false}
    />
  );
}
