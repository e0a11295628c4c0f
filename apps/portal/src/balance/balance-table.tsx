'use client';
import type { Finding, NodeBalance, SiteBalance } from '@wattproof/contracts/api';
import type { Unit } from '@wattproof/energy';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatPercent,
  formatQuantity,
  type PortalTranslator,
  quantityText,
  unitScaleOf,
} from '@wattproof/messages';
import Link from 'next/link';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section } from '../figure/section.tsx';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { sitePath } from '../shell/place.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './balance.module.css';
import { type BalanceRow, balanceRows, scaleReach } from './balance-rows.ts';
import { ResidualScale } from './residual-scale.tsx';

const indent_px = 20;

/** Red is for what cannot be: more below than above, a reversed conductor. Load without a meter is a warning. */
const toneOf = (balance: NodeBalance): 'crit' | 'warn' | undefined =>
  balance.verdict === 'excess' || balance.verdict === 'suspectedReversal'
    ? 'crit'
    : balance.verdict === 'unmeteredLoad' || balance.verdict === 'clockDrift'
      ? 'warn'
      : undefined;

/** The measured tree of one carrier: each meter against those below it. */
export function BalanceTable({
  siteId,
  period,
  carrier: { carrier, unit, roots },
}: {
  readonly siteId: string;
  /** The period as it stands in the URL, for the doors. */
  readonly period: string;
  readonly carrier: SiteBalance['carriers'][number];
}) {
  const t = useTranslator();
  const rows = balanceRows(roots, entry('carriers', { carrier }));
  const name = t('balance.treeOf', { carrier: t(`carrier.${carrier}`) });
  return (
    <Section title={t('balance.tree')} subject={name} basis={t('balance.basis')}>
      <DataTable
        id={`balance-${carrier}`}
        name={name}
        columns={columnsOf(t, { siteId, period, unit: unit as Unit, rows })}
        rows={rows}
        rowKey={(row) => String(row.node.meterId)}
        rowMember={(row) => row.member}
      />
    </Section>
  );
}

function columnsOf(
  t: PortalTranslator,
  {
    siteId,
    period,
    unit,
    rows,
  }: {
    readonly siteId: string;
    readonly period: string;
    readonly unit: Unit;
    readonly rows: readonly BalanceRow[];
  },
): Column<BalanceRow>[] {
  const reach = scaleReach(rows);
  const names = new Map(rows.map(({ node }) => [node.meterId, node.name]));
  // The figures of a row are compared, so they share a unit.
  const amount = ({ node }: BalanceRow, value: number | null | undefined, signed = false): string =>
    value == null
      ? '—'
      : quantityText(
          formatQuantity(t.locale, value, unit, {
            signed,
            scale: unitScaleOf(unit, Math.abs(node.energy ?? value)),
            ...(unit === 'Wh' ? { decimals: 1 } : {}),
          }),
        );
  const percent = (share: number | null, signed = true): string =>
    share === null ? '—' : quantityText(formatPercent(t.locale, share, { signed }));
  const shareOf = (balance: NodeBalance, value: number | null): number | null =>
    value === null || !balance.inflow_wh ? null : value / balance.inflow_wh;
  const number = (
    id: string,
    head: string,
    value: (row: BalanceRow) => string,
    member: string,
  ): Column<BalanceRow> => ({
    id,
    head,
    align: 'right',
    proof: { member },
    cell: value,
    text: value,
  });
  /** Why, with the meter that is meant by its name. */
  const reasonText = ({ code, message, data = {} }: Finding): string => {
    const key = `balance.reason.${code}`;
    if (!t.has(key)) return message;
    return t(key, {
      meter: names.get(Number(data.meterId)) ?? '—',
      intervals: Math.abs(Number(data.lagIntervals ?? 0)),
    });
  };
  const verdict = ({ node: { balance } }: BalanceRow): string =>
    balance ? t(`balance.verdict.${balance.verdict}`) : '';
  return [
    {
      id: 'meter',
      head: t('balance.meter'),
      phone: 'title',
      cell: ({ node, depth }) => (
        <span
          className={styles.meter}
          data-root={depth === 0 || undefined}
          style={{ paddingLeft: depth * indent_px }}
        >
          {node.energyUse && <UseTag use={node.energyUse} name={t(`use.${node.energyUse}`)} />}
          <Link href={sitePath(siteId, `/meters/${node.meterId}?period=${period}`)} prefetch={false}>
            {node.name}
          </Link>
        </span>
      ),
      text: ({ node, depth }) => `${'  '.repeat(depth)}${node.name}`,
    },
    number('energy', t('balance.energy'), (row) => amount(row, row.node.energy), 'energy'),
    {
      id: 'children',
      head: t('balance.children'),
      align: 'right',
      proof: { member: (row) => (row.node.balance ? 'balance.children_wh' : null) },
      cell: (row) => {
        const { balance } = row.node;
        if (!balance) return '';
        return (
          <span className={styles.stack}>
            {amount(row, balance.children_wh)}
            {balance.inflow_wh !== null && balance.inflow_wh !== row.node.energy && (
              <small>
                {t('balance.ofInflow', {
                  inflow: amount(row, balance.inflow_wh),
                  ...balance.compared,
                })}
              </small>
            )}
          </span>
        );
      },
      text: (row) => (row.node.balance ? amount(row, row.node.balance.children_wh) : ''),
    },
    number(
      'residual',
      t('balance.residual'),
      (row) => (row.node.balance ? amount(row, row.node.balance.residual_wh, true) : ''),
      'balance.residual_wh',
    ),
    number(
      'tolerance',
      t('balance.tolerance'),
      (row) =>
        row.node.balance?.tolerance_wh == null ? '' : `± ${amount(row, row.node.balance.tolerance_wh)}`,
      'balance.tolerance_wh',
    ),
    {
      id: 'scale',
      head: t('balance.share'),
      cell: ({ node: { balance } }) =>
        balance && (
          <ResidualScale
            residual={shareOf(balance, balance.residual_wh)}
            tolerance={shareOf(balance, balance.tolerance_wh)}
            reach={reach}
            label={
              balance.residual_wh === null
                ? t('balance.scaleUnknown')
                : t('balance.scaleSaid', {
                    residual: percent(shareOf(balance, balance.residual_wh)),
                    tolerance: percent(shareOf(balance, balance.tolerance_wh), false),
                  })
            }
          />
        ),
      text: ({ node: { balance } }) => (balance ? percent(shareOf(balance, balance.residual_wh)) : ''),
    },
    {
      id: 'verdict',
      head: t('balance.verdict'),
      cell: (row) => {
        const { balance } = row.node;
        return (
          balance && (
            <span className={styles.verdict} data-tone={toneOf(balance)}>
              <span>{verdict(row)}</span>
              {[balance.reason, ...balance.findings].map((finding) => (
                <small key={finding.code}>{reasonText(finding)}</small>
              ))}
            </span>
          )
        );
      },
      text: (row) => (row.node.balance ? `${verdict(row)}: ${reasonText(row.node.balance.reason)}` : ''),
    },
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      proof: { member: 'quality' },
      cell: ({ node }) => <QualityMark quality={node.quality} t={t} />,
      text: ({ node }) => percent(node.quality.measured, false),
    },
  ];
}
