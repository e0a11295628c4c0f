'use client';
import type { EnpiSummary, PerformanceSum } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { receiptId } from '@wattproof/evidence/receipt';
import {
  formatInstant,
  formatLocalDate,
  formatMoney,
  formatPercent,
  formatQuantity,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { Figure } from '../figure/figure.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { addDays } from '../shell/period.ts';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './performance.module.css';
import { PortfolioSum } from './portfolio-sum.tsx';
import { intervalReach, SavingInterval } from './saving-interval.tsx';
import { TrendLine } from './trend-line.tsx';

/** Every EnPI on one scale, so that a saving and its twin without one can be compared at a glance. */
export function EnpiList({
  enpis,
  sum,
  openProposals,
  timeZone,
  mayWrite,
}: {
  readonly enpis: readonly EnpiSummary[];
  readonly sum: PerformanceSum;
  /** Reasons to look at a baseline again that nobody has decided on, by EnPI. */
  readonly openProposals: Readonly<Record<string, number>>;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  if (enpis.length === 0)
    return (
      <State
        title={t('performance.empty')}
        action={mayWrite && <LinkButton href="/performance/new">{t('workbench.new')}</LinkButton>}
      >
        <p>{t('performance.emptyText')}</p>
      </State>
    );
  const better = enpis.filter((e) => e.savings?.verdict === 'saving').length;
  const reach = intervalReach(enpis.flatMap((e) => (e.savings ? [e.savings.share] : [])));
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const columns: Column<EnpiSummary>[] = [
    {
      id: 'enpi',
      head: t('performance.enpi'),
      phone: 'title',
      cell: (e) => (
        <span className={styles.name}>
          <Link href={`/performance/${e.id}`}>{e.name}</Link>
          <small>{e.siteName}</small>
        </span>
      ),
      sort: (e) => e.siteName,
      text: (e) => `${e.name}, ${e.siteName}`,
    },
    {
      id: 'against',
      head: t('performance.against'),
      align: 'right',
      proof: 'inCell',
      cell: (e) =>
        e.savings ? (
          <Figure
            quantity={formatPercent(t.locale, e.savings.share.value, { signed: true })}
            half={
              e.savings.share.halfWidth === null
                ? null
                : formatPercent(t.locale, e.savings.share.halfWidth).value
            }
            href={`/performance/${e.id}`}
            proof={{ receipt: receiptId('enpiSaving', { enpiId: e.id, of: 'share' }) }}
          />
        ) : (
          t('performance.notComputed')
        ),
      sort: (e) => e.savings?.share.value ?? null,
      text: (e) =>
        e.savings ? quantityText(formatPercent(t.locale, e.savings.share.value, { signed: true })) : '',
    },
    {
      id: 'scale',
      head: t('performance.onScale', {
        low: quantityText(formatPercent(t.locale, -reach, { decimals: 0, signed: true })),
        high: quantityText(formatPercent(t.locale, reach, { decimals: 0, signed: true })),
      }),
      width: '24%',
      phone: 'hidden',
      cell: (e) => e.savings && <SavingInterval share={e.savings.share} reach={reach} />,
    },
    {
      id: 'energy',
      head: t('performance.energy'),
      align: 'right',
      proof: 'inCell',
      cell: (e) => (
        <Figure
          quantity={
            e.savings ? formatQuantity(t.locale, e.savings.energy_wh.value, 'Wh', { signed: true }) : null
          }
          proof={{ receipt: receiptId('enpiSaving', { enpiId: e.id, of: 'energy' }) }}
        />
      ),
      sort: (e) => e.savings?.energy_wh.value ?? null,
      text: (e) =>
        e.savings
          ? quantityText(formatQuantity(t.locale, e.savings.energy_wh.value, 'Wh', { signed: true }))
          : '',
    },
    {
      id: 'money',
      head: t('performance.money'),
      align: 'right',
      proof: { receipt: (e) => receiptId('enpiSaving', { enpiId: e.id, of: 'cost' }) },
      cell: (e) => (e.savings?.cost ? formatMoney(t.locale, e.savings.cost, { signed: true }) : '—'),
      sort: (e) => (e.savings?.cost ? Number(e.savings.cost.amount) : null),
      text: (e) =>
        e.savings?.cost ? formatMoney(t.locale, e.savings.cost, { signed: true, decimals: 2 }) : '',
    },
    {
      id: 'verdict',
      head: t('performance.verdict'),
      cell: (e) => (
        <span className={styles.verdict} data-verdict={e.savings?.verdict}>
          {t(`savings.${e.savings?.verdict ?? 'insufficientData'}`)}
        </span>
      ),
      sort: (e) => e.savings?.verdict ?? null,
      text: (e) => t(`savings.${e.savings?.verdict ?? 'insufficientData'}`),
    },
    {
      id: 'trend',
      head: t('performance.trend'),
      phone: 'hidden',
      width: '96px',
      cell: (e) => <TrendLine trend={e.trend} />,
      text: (e) =>
        e.trend
          .map(
            (m) =>
              `${m.month} ${m.share === null ? '—' : quantityText(formatPercent(t.locale, m.share, { signed: true }))}`,
          )
          .join(', '),
    },
    {
      id: 'quality',
      head: t('chart.quality'),
      proof: { member: (e) => (e.quality ? `${entry('enpis', { id: e.id })}.quality` : null) },
      cell: (e) => (e.quality ? <QualityMark quality={e.quality} t={t} /> : '—'),
      sort: (e) => (e.quality ? e.quality.measured + e.quality.manual : null),
      text: (e) =>
        e.quality ? quantityText(formatPercent(t.locale, e.quality.measured + e.quality.manual)) : '',
    },
    {
      id: 'baseline',
      head: t('performance.baseline'),
      cell: (e) => (
        <span className={styles.small}>
          {e.baseline
            ? t('performance.version', {
                from: date(e.baseline.from),
                to: date(addDays(e.baseline.to, -1)),
                version: e.baseline.version,
              })
            : '—'}
          {(openProposals[e.id] ?? 0) > 0 && (
            <>
              {' '}
              <Link href={`/performance/${e.id}#baselines`}>{t('performance.inQuestion')}</Link>
            </>
          )}
        </span>
      ),
      text: (e) => (e.baseline ? `${e.baseline.from} – ${addDays(e.baseline.to, -1)}` : ''),
    },
    {
      id: 'computed',
      head: t('performance.computed'),
      cell: (e) => (
        <span className={styles.small}>
          {e.computedAt ? formatInstant(t.locale, timeZone, e.computedAt, 'dateTimeShort') : '—'}
        </span>
      ),
      sort: (e) => e.computedAt,
      text: (e) => e.computedAt ?? '',
    },
  ];
  return (
    <FigureSource path="/enpis">
      <Verdict
        title={
          better > 0
            ? t('performance.titleSome', { count: better, all: enpis.length })
            : t('performance.titleNone')
        }
      >
        {t('performance.lead')}
      </Verdict>
      <div className={styles.lists}>
        <Section
          proof={{ member: 'enpis' }}
          title={t('performance.list')}
          subject={mayWrite && <Link href="/performance/new">{t('workbench.new')}</Link>}
          basis={t('performance.listBasis')}
        >
          <DataTable
            id="enpis"
            name={t('performance.list')}
            columns={columns}
            rows={enpis}
            rowKey={(e) => e.id}
            initialSort={{ column: 'against', descending: false }}
          />
        </Section>
        <PortfolioSum sum={sum} />
      </div>
    </FigureSource>
  );
}
