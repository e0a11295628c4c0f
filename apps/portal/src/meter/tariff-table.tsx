'use client';
import { formatMeasurand, formatPercent, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './meter.module.css';
import { readingOf, statisticMember } from './meter-proof.ts';
import type { TariffRow } from './rare-value.ts';

/** What the meter's tariff counters show, and what each counted over the period. */
export function TariffTable({
  meterId,
  rows,
  isStale,
  timeZone,
  now,
  hrefOf,
}: {
  readonly meterId: number;
  readonly rows: readonly TariffRow[];
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly now: string;
  readonly hrefOf: (measurand: string) => string;
}) {
  const t = useTranslator();
  const energy = (value: number | null | undefined): string =>
    value == null ? '—' : quantityText(formatMeasurand(t.locale, value, 'active_energy_import_wh'));
  const share = (row: TariffRow): string =>
    row.share === null ? '—' : quantityText(formatPercent(t.locale, row.share));
  const name = (row: TariffRow): string => t('meter.tariff', { number: row.number });
  const columns: Column<TariffRow>[] = [
    {
      id: 'tariff',
      head: t('meter.tariffHead'),
      phone: 'title',
      cell: (row) => (
        <Link href={hrefOf(row.value.measurand)} prefetch={false} className={styles.door}>
          {name(row)}
        </Link>
      ),
      text: name,
    },
    {
      id: 'index',
      head: t('meter.index'),
      align: 'right',
      proof: { receipt: (row) => readingOf(meterId, row.value) },
      cell: (row) => energy(row.value.now?.value),
      text: (row) => energy(row.value.now?.value),
    },
    {
      id: 'counted',
      head: t('meter.counted'),
      align: 'right',
      proof: { member: (row) => statisticMember(row.value, 'delta') },
      cell: (row) => energy(row.counted),
      text: (row) => energy(row.counted),
    },
    {
      id: 'share',
      head: t('meter.share'),
      align: 'right',
      proof: { member: 'measurands' },
      cell: share,
      text: share,
    },
    {
      id: 'age',
      head: t('meter.age'),
      cell: ({ value }) =>
        value.now && (
          <Age at={value.now.at} now={now} isStale={isStale} timeZone={timeZone} withTime={false} />
        ),
      text: ({ value }) => value.now?.at ?? '',
    },
  ];
  return (
    <DataTable
      id="tariffs"
      name={t('meter.tariffs')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.value.measurand}
      withTools={false}
    />
  );
}
