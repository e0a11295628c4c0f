'use client';
import type { SiteConsumption } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatMoney, formatPercent, formatQuantity, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { Figure } from '../figure/figure.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import type { Proof } from '../receipt/proof.ts';
import { Proved } from '../receipt/proved.tsx';
import { sitePath } from '../shell/place.ts';
import { withQuery } from '../shell/query.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './structure.module.css';

export type ConsumptionRow = SiteConsumption['rows'][number] & {
  /** Computed here as what the parts leave over: it stands in no answer by itself. */
  readonly isRest?: boolean;
};
type Total = SiteConsumption['totals'][number];

/** Curves that one chart can tell apart. */
const mostCurves = 6;

/** Place of a row in the answer; of a rest that was computed here all rows. */
const rowMember = ({ id, carrier }: ConsumptionRow): string => entry('rows', { id, carrier });

/** Consumption and cost of parts, with what no part explains and their sum; each leads to its page and its curve. */
export function PartTable({
  id,
  name,
  head,
  siteId,
  period,
  rows,
  totals,
  hrefOf,
  totalName,
  totalProof,
}: {
  readonly id: string;
  readonly name: string;
  /** What a row is: zone, panel, circuit, meter, use. */
  readonly head: string;
  readonly siteId: string;
  readonly period: string;
  readonly rows: readonly ConsumptionRow[];
  readonly totals: readonly Total[];
  readonly hrefOf: (row: ConsumptionRow) => string | null;
  readonly totalName: string;
  /** What proves a figure of a total. */
  readonly totalProof: (total: Total, member: string) => Proof;
}) {
  const t = useTranslator();
  const quantityOf = (r: ConsumptionRow | Total) => {
    const amount = r.unit === 'l' ? r.volume_l : r.energy_wh;
    return amount === null ? null : formatQuantity(t.locale, amount, r.unit);
  };
  const amountText = (r: ConsumptionRow | Total): string => {
    const quantity = quantityOf(r);
    return quantity ? quantityText(quantity) : '—';
  };
  const nameOf = (r: ConsumptionRow): string =>
    r.id === null ? t('use.unexplained') : (r.name ?? (r.use ? t(`use.${r.use}`) : r.id));
  const share = (r: ConsumptionRow): string =>
    r.share === null ? '—' : quantityText(formatPercent(t.locale, r.share));
  const most = Math.max(0, ...rows.map((r) => r.share ?? 0));
  const columns: Column<ConsumptionRow>[] = [
    {
      id: 'name',
      head,
      phone: 'title',
      cell: (r) => {
        const href = hrefOf(r);
        return (
          <span className={styles.name}>
            {r.use || r.id === null ? (
              <UseTag use={r.use} name={t(`use.${r.use ?? 'unexplained'}`)} />
            ) : (
              <CarrierTag carrier={r.carrier} name={t(`carrier.${r.carrier}`)} />
            )}
            {href ? (
              <Link href={`${href}${withQuery('', { period })}`} prefetch={false}>
                {nameOf(r)}
              </Link>
            ) : (
              nameOf(r)
            )}
          </span>
        );
      },
      sort: nameOf,
      text: nameOf,
    },
    {
      id: 'carrier',
      head: t('site.carrier'),
      phone: 'hidden',
      cell: (r) => t(`carrier.${r.carrier}`),
      sort: (r) => r.carrier,
      text: (r) => t(`carrier.${r.carrier}`),
    },
    {
      id: 'energy',
      head: t('site.energy'),
      align: 'right',
      proof: 'inCell',
      cell: (r) => (
        <Figure
          proof={{
            member: r.isRest ? 'rows' : `${rowMember(r)}.${r.unit === 'l' ? 'volume_l' : 'energy_wh'}`,
          }}
          quantity={quantityOf(r)}
          label={nameOf(r)}
          href={
            r.meterIds.length > 0 && r.lessMeterIds.length === 0
              ? sitePath(
                  siteId,
                  `/explore?period=${period}&meters=${r.meterIds.slice(0, mostCurves).join(',')}`,
                )
              : undefined
          }
        />
      ),
      sort: (r) => (r.unit === 'l' ? r.volume_l : r.energy_wh),
      text: amountText,
    },
    {
      id: 'cost',
      head: t('site.cost'),
      align: 'right',
      proof: { member: 'cost.amount' },
      cell: (r) => (r.cost ? formatMoney(t.locale, r.cost) : '—'),
      sort: (r) => (r.cost ? Number(r.cost.amount) : null),
      text: (r) => (r.cost ? formatMoney(t.locale, r.cost, { decimals: 2 }) : ''),
    },
    {
      id: 'bar',
      head: t('structure.bar'),
      isHeadHidden: true,
      phone: 'hidden',
      cell: (r) =>
        r.share !== null &&
        most > 0 && (
          <svg className={styles.bar} width="100%" height="8" aria-hidden="true">
            <rect width={`${((Math.max(0, r.share) / most) * 100).toFixed(1)}%`} height="8" />
          </svg>
        ),
    },
    {
      id: 'share',
      head: t('structure.ofSite'),
      align: 'right',
      proof: { member: 'share' },
      cell: share,
      sort: (r) => r.share,
      text: share,
    },
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      proof: { member: (r) => (r.isRest || !r.quality ? null : 'quality') },
      cell: (r) => (r.isRest || !r.quality ? '—' : <QualityMark quality={r.quality} t={t} />),
      sort: (r) => r.quality?.measured ?? null,
      text: (r) => (r.quality ? quantityText(formatPercent(t.locale, r.quality.measured)) : ''),
    },
  ];
  return (
    <DataTable
      id={id}
      name={name}
      columns={columns}
      rows={rows}
      rowMember={rowMember}
      rowKey={(r) => `${r.id ?? ''} ${r.carrier}`}
      rowState={(r) => (r.id === null ? 'muted' : undefined)}
      empty={t('structure.partsNone')}
      foot={totals.map((total) => (
        <tr key={total.carrier}>
          <th scope="row" style={{ textAlign: 'left' }}>
            {totalName}
          </th>
          <td>{t(`carrier.${total.carrier}`)}</td>
          <td data-align="right">
            <Proved
              proof={totalProof(total, total.unit === 'l' ? 'volume_l' : 'energy_wh')}
              label={totalName}
            >
              {amountText(total)}
            </Proved>
          </td>
          <td data-align="right">
            {total.cost ? (
              <Proved proof={totalProof(total, 'cost.amount')} label={`${totalName}, ${t('site.cost')}`}>
                {formatMoney(t.locale, total.cost)}
              </Proved>
            ) : (
              '—'
            )}
          </td>
          <td />
          <td />
          <td data-align="right">
            {total.quality ? (
              <Proved proof={totalProof(total, 'quality')} label={t('site.quality')}>
                <QualityMark quality={total.quality} t={t} />
              </Proved>
            ) : (
              '—'
            )}
          </td>
        </tr>
      ))}
    />
  );
}
