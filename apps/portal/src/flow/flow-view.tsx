'use client';
import {
  type ChartContext,
  type EnergyFlowInput,
  energyFlowOption,
  flowHeight,
  type Theme,
} from '@wattproof/charts';
import type { SiteBalance } from '@wattproof/contracts/api';
import type { Carrier, EnergyUse } from '@wattproof/energy';
import { formatNumber, formatPercent, quantityText, type UnitScale, unitScaleOf } from '@wattproof/messages';
import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { Chart } from '../chart/chart.tsx';
import { Section } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { sitePath } from '../shell/place.ts';
import { withQuery } from '../shell/query.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './flow.module.css';
import type { FlowFactors } from './flow-factors.ts';
import { type FlowUnit, type SiteFlow, siteFlow } from './site-flow.ts';

const flowUnits: readonly FlowUnit[] = ['energy', 'cost'];

/** The flow of a site's energy or money in a period: the picture, and the same as a table that keys can read. */
export function FlowView({
  siteId,
  period,
  basis,
  carriers,
  factors,
  unit,
  currency,
}: {
  readonly siteId: string;
  /** The period as it stands in the URL, for the doors. */
  readonly period: string;
  readonly basis: string;
  readonly carriers: SiteBalance['carriers'];
  readonly factors: FlowFactors;
  readonly unit: FlowUnit;
  readonly currency: string;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const make = useCallback(
    (isShort: boolean): SiteFlow =>
      siteFlow(carriers, (carrier) => factors[carrier]?.[unit] ?? null, {
        isShort,
        unexplained: t('use.unexplained'),
        nameOfUse: (use) => t(`use.${use}` as 'use.process'),
      }),
    [carriers, factors, unit, t],
  );
  const whole = useMemo(() => make(false), [make]);
  const flow = useMemo(() => (isNarrow ? make(true) : whole), [isNarrow, make, whole]);
  const supplied = useMemo(() => {
    const supplies = new Set(whole.nodes.filter((n) => n.kind === 'supply').map((n) => n.id));
    return whole.links.filter((l) => supplies.has(l.from)).reduce((sum, l) => sum + l.value, 0);
  }, [whole]);
  const scale: UnitScale = useMemo(
    () => (unit === 'cost' ? { factor: 1, unit: currency } : unitScaleOf('Wh', supplied)),
    [unit, currency, supplied],
  );
  const option = useCallback(
    (context: ChartContext) =>
      energyFlowOption(coloured(flow, scale, context.theme), context, {
        estimated: (share) => t('flow.estimated', { share }),
        unexplained: t('flow.noMeter'),
      }),
    [flow, scale, t],
  );
  const text = (value: number): string => {
    const scaled = value / scale.factor;
    return quantityText({
      value: formatNumber(t.locale, scaled, { decimals: scaled >= 1000 || unit === 'cost' ? 0 : 1 }),
      unit: scale.unit,
    });
  };
  const share = (value: number): string =>
    supplied > 0 ? quantityText(formatPercent(t.locale, value / supplied)) : '—';
  const labels = new Map(whole.nodes.map((n) => [n.id, n]));
  type Row = SiteFlow['links'][number];
  const nameOf = (id: string): string => labels.get(id)?.label ?? '';
  const columns: Column<Row>[] = [
    {
      id: 'from',
      head: t('flow.from'),
      phone: 'title',
      cell: (l) => <NodeName siteId={siteId} period={period} node={labels.get(l.from)} />,
      sort: (l) => nameOf(l.from),
      text: (l) => nameOf(l.from),
    },
    {
      id: 'to',
      head: t('flow.to'),
      cell: (l) => <NodeName siteId={siteId} period={period} node={labels.get(l.to)} />,
      sort: (l) => nameOf(l.to),
      text: (l) => nameOf(l.to),
    },
    {
      id: 'value',
      head: t(`flow.${unit}`),
      align: 'right',
      proof: { member: 'carriers' },
      cell: (l) => text(l.value),
      sort: (l) => l.value,
      text: (l) => text(l.value),
    },
    {
      id: 'share',
      head: t('flow.share'),
      align: 'right',
      proof: { member: 'carriers' },
      cell: (l) => share(l.value),
      sort: (l) => l.value,
      text: (l) => share(l.value),
    },
    {
      id: 'measured',
      head: t('flow.measured'),
      align: 'right',
      proof: { member: 'carriers' },
      cell: (l) =>
        l.isUnexplained ? t('flow.rest') : quantityText(formatPercent(t.locale, 1 - l.estimatedShare)),
      sort: (l) => (l.isUnexplained ? null : 1 - l.estimatedShare),
      text: (l) =>
        l.isUnexplained ? t('flow.rest') : quantityText(formatPercent(t.locale, 1 - l.estimatedShare)),
    },
  ];
  return (
    <>
      <Section title={t('flow.title')} subject={t('flow.subject', { unit: scale.unit })} basis={basis}>
        <UnitSwitch unit={unit} />
        <Chart
          proof={{ member: 'carriers' }}
          key={`${unit} ${isNarrow}`}
          family="line"
          option={option}
          height={flowHeight(flow.nodes, isNarrow ? 320 : 420)}
          timeZone="UTC"
          label={t('flow.label', { supplied: text(supplied) })}
          fileName="energy-flow"
          table={{
            columns: [t('flow.from'), t('flow.to'), t(`flow.${unit}`), t('flow.share')],
            rows: () => flow.links.map((l) => [nameOf(l.from), nameOf(l.to), text(l.value), share(l.value)]),
          }}
          legend={isNarrow ? t('flow.short') : undefined}
        />
        {whole.excess.map((e) => (
          <p key={e.name} className={styles.excess}>
            {t('flow.excess', { name: e.name, value: text(e.value) })}
          </p>
        ))}
        {whole.leftOut.length > 0 && (
          <p className={styles.note}>
            {t('flow.leftOut', {
              carriers: whole.leftOut.map((c) => t(`carrier.${c}` as 'carrier.gas')).join(', '),
            })}
          </p>
        )}
        {unit === 'cost' && <p className={styles.note}>{t('flow.costNote')}</p>}
      </Section>
      <Section title={t('flow.table')} subject={t('flow.tableSubject')} basis={basis}>
        <DataTable
          id="flow"
          name={t('flow.table')}
          columns={columns}
          rows={whole.links}
          rowKey={(l) => `${l.from} ${l.to}`}
          initialSort={{ column: 'value', descending: true }}
        />
      </Section>
    </>
  );
}

const coloured = (flow: SiteFlow, scale: UnitScale, theme: Theme): EnergyFlowInput => ({
  scale,
  nodes: flow.nodes.map((n) => ({
    ...n,
    color:
      n.kind === 'supply'
        ? (theme.carriers[n.carrier as Carrier] ?? theme.colors.ctl)
        : n.kind === 'use'
          ? (theme.uses[n.use as EnergyUse] ?? theme.colors.ctl)
          : null,
  })),
  links: flow.links.map((l) => ({ ...l, color: theme.carriers[l.carrier as Carrier] ?? theme.colors.ctl })),
});

function NodeName({
  siteId,
  period,
  node,
}: {
  readonly siteId: string;
  readonly period: string;
  readonly node: SiteFlow['nodes'][number] | undefined;
}) {
  const t = useTranslator();
  if (!node) return null;
  return (
    <span className={styles.name}>
      {node.kind === 'supply' && node.carrier && (
        <CarrierTag carrier={node.carrier} name={t(`carrier.${node.carrier}` as 'carrier.gas')} />
      )}
      {(node.kind === 'use' || node.kind === 'unexplained') && <UseTag use={node.use} name={node.label} />}
      {node.meterId === null ? (
        node.label
      ) : (
        <Link href={`${sitePath(siteId, `/meters/${node.meterId}`)}?period=${period}`}>{node.label}</Link>
      )}
    </span>
  );
}

/** Widths in energy or in money: the choice stands in the URL. */
function UnitSwitch({ unit }: { readonly unit: FlowUnit }) {
  const t = useTranslator();
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  return (
    <fieldset className={styles.switch} aria-label={t('flow.width')}>
      {flowUnits.map((u) => (
        <button
          key={u}
          type="button"
          aria-pressed={u === unit}
          onClick={() =>
            router.replace(
              `${pathname}${withQuery(search.toString(), { unit: u === 'energy' ? null : u })}`,
              { scroll: false },
            )
          }
        >
          {t(`flow.${u}`)}
        </button>
      ))}
    </fieldset>
  );
}
