'use client';
import type { ComparedSeries } from '@wattproof/charts';
import type { Series } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatMeasurand, formatPercent, measurandText, quantityText } from '@wattproof/messages';
import { QualityMark } from '../figure/quality-mark.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { type Compared, valuesOf } from './compared-series.ts';
import styles from './explore.module.css';

type OneSeries = Series['series'][number];
type Row = { readonly series: OneSeries; readonly color: string };

/** Sum or mean, extremes and quality of each curve, and its change against the compared period. */
export function SeriesSummary({
  series,
  colors,
  compared,
}: {
  readonly series: Series;
  readonly colors: readonly string[];
  readonly compared: Compared | null;
}) {
  const t = useTranslator();
  const isCounter = series.kind === 'counter';
  const text = (value: number | null): string =>
    value === null ? '—' : quantityText(formatMeasurand(t.locale, value, series.measurand));
  const rows: Row[] = series.series.map((s, i) => ({ series: s, color: colors[i] ?? 'var(--ctl)' }));
  const hasPhases = new Set(series.series.map((s) => s.measurand)).size > 1;
  const name = ({ series: s }: Row): string => (hasPhases ? measurandText(t, s.measurand) : s.name);
  const total = (s: OneSeries): number | null => (isCounter ? sumOf(valuesOf(s)) : meanOf(s));
  const column = (id: string, head: string, value: (row: Row) => number | null): Column<Row> => ({
    id,
    head,
    align: 'right',
    proof: { member: '' },
    cell: (row) => text(value(row)),
    sort: value,
    text: (row) => text(value(row)),
  });
  const before = ({ series: s }: Row): number | null =>
    both(s, compared?.seriesOf(s), isCounter)?.before ?? null;
  const change = ({ series: s }: Row): number | null => {
    const pair = both(s, compared?.seriesOf(s), isCounter);
    return pair === null || pair.before === 0 ? null : pair.now / pair.before - 1;
  };
  const changeText = (row: Row): string => {
    const share = change(row);
    return share === null ? '—' : quantityText(formatPercent(t.locale, share, { signed: true }));
  };
  const columns: Column<Row>[] = [
    {
      id: 'meter',
      head: hasPhases ? t('explore.measurand') : t('explore.meters'),
      phone: 'title',
      cell: (row) => (
        <span className={styles.name}>
          <span className={styles.line} style={{ background: row.color }} />
          {name(row)}
        </span>
      ),
      sort: name,
      text: name,
    },
    column('total', t(isCounter ? 'explore.sum' : 'explore.mean'), (row) => total(row.series)),
    ...(compared
      ? [
          column('before', t('explore.before'), before),
          {
            id: 'change',
            head: t('explore.change'),
            align: 'right' as const,
            proof: { member: '' } as const,
            cell: changeText,
            sort: change,
            text: changeText,
          },
        ]
      : []),
    column('lowest', t('explore.lowest'), (row) => extreme(row.series.min ?? valuesOf(row.series), Math.min)),
    column('highest', t('explore.highest'), (row) =>
      extreme(row.series.max ?? valuesOf(row.series), Math.max),
    ),
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      proof: { member: 'shares' },
      cell: (row) => <QualityMark quality={row.series.shares} t={t} />,
      text: (row) => quantityText(formatPercent(t.locale, row.series.shares.measured)),
    },
  ];
  return (
    <div className={styles.summary}>
      <DataTable
        id="summary"
        name={t('explore.summary')}
        columns={columns}
        rows={rows}
        rowMember={(row) => seriesMember(row.series)}
        rowKey={(row) => `${row.series.meterId} ${row.series.measurand}`}
        withTools={false}
      />
    </div>
  );
}

/** A series by what identifies it in its answer. */
const seriesMember = ({ meterId, measurand }: OneSeries): string => entry('series', { meterId, measurand });

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

/** Several means weigh by how long they hold. */
function meanOf(s: OneSeries): number | null {
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

/**
 * Sums (counters) or means (gauges) of both periods over the points that both know: a period that is not over yet is
 * held against the same part of the other one.
 */
function both(
  s: OneSeries,
  other: ComparedSeries | undefined,
  isCounter: boolean,
): { readonly now: number; readonly before: number } | null {
  if (!other) return null;
  const index = new Map(other.start_ms.map((at, i) => [at, i]));
  let [now, before, weight] = [0, 0, 0];
  for (const [i, value] of valuesOf(s).entries()) {
    const found = index.get(Date.parse(s.start[i] as string));
    const then = found === undefined ? null : (other.value[found] ?? null);
    if (value === null || then === null) continue;
    const w = isCounter ? 1 : s.duration_s[i] || 1;
    now += value * w;
    before += then * w;
    weight += w;
  }
  if (weight === 0) return null;
  return isCounter ? { now, before } : { now: now / weight, before: before / weight };
}
