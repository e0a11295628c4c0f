'use client';
import type { Series } from '@wattproof/contracts/api';
import { formatMeasurand, quantityText } from '@wattproof/messages';
import { QualityMark } from '../figure/quality-mark.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './explore.module.css';
import { valuesOf } from './series-chart.tsx';

type Row = { readonly series: Series['series'][number]; readonly color: string };

/** Sum or mean, extremes and quality of each curve. Several means weigh by how long they hold. */
export function SeriesSummary({
  series,
  colors,
}: {
  readonly series: Series;
  readonly colors: readonly string[];
}) {
  const t = useTranslator();
  const isCounter = series.kind === 'counter';
  const text = (value: number | null): string =>
    value === null ? '—' : quantityText(formatMeasurand(t.locale, value, series.measurand));
  const rows: Row[] = series.series.map((s, i) => ({ series: s, color: colors[i] ?? 'var(--ctl)' }));
  const column = (id: string, head: string, value: (row: Row) => number | null): Column<Row> => ({
    id,
    head,
    align: 'right',
    cell: (row) => text(value(row)),
    sort: value,
    text: (row) => text(value(row)),
  });
  const columns: Column<Row>[] = [
    {
      id: 'meter',
      head: t('explore.meters'),
      phone: 'title',
      cell: (row) => (
        <span className={styles.name}>
          <span className={styles.line} style={{ background: row.color }} />
          {row.series.name}
        </span>
      ),
      sort: (row) => row.series.name,
      text: (row) => row.series.name,
    },
    isCounter
      ? column('sum', t('explore.sum'), (row) => sumOf(valuesOf(row.series)))
      : column('mean', t('explore.mean'), (row) => meanOf(row.series)),
    column('lowest', t('explore.lowest'), (row) => extreme(row.series.min ?? valuesOf(row.series), Math.min)),
    column('highest', t('explore.highest'), (row) =>
      extreme(row.series.max ?? valuesOf(row.series), Math.max),
    ),
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      cell: (row) => <QualityMark quality={sharesOf(row.series)} t={t} />,
      text: (row) => String(sharesOf(row.series).measured),
    },
  ];
  return (
    <div className={styles.summary}>
      <DataTable
        id="summary"
        name={t('explore.summary')}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.series.meterId)}
        withTools={false}
      />
    </div>
  );
}

const known = (values: readonly (number | null)[]): number[] => values.filter((v) => v !== null);

const sumOf = (values: readonly (number | null)[]): number | null => {
  const list = known(values);
  return list.length === 0 ? null : list.reduce((a, b) => a + b, 0);
};

const extreme = (
  values: readonly (number | null)[],
  pick: (a: number, b: number) => number,
): number | null => {
  const list = known(values);
  return list.length === 0 ? null : list.reduce((a, b) => pick(a, b));
};

function meanOf(s: Series['series'][number]): number | null {
  let sum = 0;
  let weight = 0;
  for (const [i, value] of valuesOf(s).entries()) {
    if (value === null) continue;
    const w = s.duration_s[i] || 1;
    sum += value * w;
    weight += w;
  }
  return weight === 0 ? null : sum / weight;
}

/** Shares of points by class; the points of one answer have equal length but for months. */
function sharesOf(s: Series['series'][number]) {
  const shares = { measured: 0, interpolated: 0, estimated: 0, manual: 0, missing: 0 };
  const total = s.duration_s.reduce((a, b) => a + (b || 1), 0) || 1;
  for (const [i, quality] of s.quality.entries()) shares[quality] += (s.duration_s[i] || 1) / total;
  return shares;
}
