'use client';
import type { Meter, Series, SiteConsumption } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatMoney, formatNumber, formatPercent, formatQuantity, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { Fragment } from 'react';
import { resolutionText } from '../explore/resolution-text.ts';
import { SeriesChart } from '../explore/series-chart.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useLiveMeters } from '../live/live-meters.ts';
import { FigureSource } from '../receipt/figure-source.tsx';
import { sitePath } from '../shell/place.ts';
import { withQuery } from '../shell/query.ts';
import { State } from '../state/state.tsx';
import { MeterHeads, MeterRow } from './meter-row.tsx';
import { residualOf, type StructureNode } from './node.ts';
import { type ConsumptionRow, PartTable } from './part-table.tsx';
import styles from './structure.module.css';

export interface NodeViewProps {
  readonly siteId: string;
  readonly timeZone: string;
  readonly now: string;
  readonly period: string;
  readonly periodName: string;
  readonly node: StructureNode;
  /** Its own rows, one for each carrier. */
  readonly own: readonly ConsumptionRow[];
  readonly parts: readonly ConsumptionRow[];
  readonly partsKind: 'panel' | 'circuit' | 'meter';
  readonly totals: SiteConsumption['totals'];
  /** The answers that its own rows, its parts and its load were read from. */
  readonly wholePath: string;
  readonly partsPath: string;
  readonly seriesPath: string | null;
  readonly series: Series | null;
  /** Its meters and those below them. */
  readonly meters: readonly Meter[];
}

/** A zone, a panel or a circuit: what it used, what it cost, what it is made of, its load, its meters. */
export function NodeView({
  siteId,
  timeZone,
  now,
  period,
  periodName,
  node,
  own,
  parts,
  partsKind,
  wholePath,
  partsPath,
  seriesPath,
  series,
  meters,
}: NodeViewProps) {
  const t = useTranslator();
  const { latest } = useLiveMeters(siteId, meters);
  const [first] = own;
  const ownMember = (carrier: string): string =>
    entry('rows', { id: own.find((r) => r.carrier === carrier)?.id ?? null, carrier });
  const amount = (r: ConsumptionRow): string => {
    const value = r.unit === 'l' ? r.volume_l : r.energy_wh;
    return value === null ? '—' : quantityText(formatQuantity(t.locale, value, r.unit));
  };
  const kept = withQuery('', { period });
  const rest = own.flatMap((row): ConsumptionRow[] => {
    // What a zone hands on to others is in its parts, not in its own figure: the two cannot be compared.
    const residual = row.lessMeterIds.length > 0 ? null : residualOf(row, parts, meters);
    // What rounds to nothing is no residual.
    if (residual === null || Math.abs(residual) < 500) return [];
    return [
      {
        ...row,
        id: null,
        name: null,
        use: null,
        energy_wh: row.unit === 'Wh' ? residual : null,
        volume_l: row.unit === 'l' ? residual : null,
        cost: null,
        share: null,
        meterIds: [],
        isRest: true,
      },
    ];
  });
  const handedOn = first?.lessMeterIds.length ?? 0;
  const facts = [
    ...own
      .slice(1)
      .map((r) => t('structure.alsoCarrier', { carrier: t(`carrier.${r.carrier}`), amount: amount(r) })),
    ...(first?.cost ? [t('structure.cost', { cost: formatMoney(t.locale, first.cost) })] : []),
    ...(node.circuit?.ratedCurrent_a
      ? [t('structure.rated', { current: `${formatNumber(t.locale, node.circuit.ratedCurrent_a)}\u00a0A` })]
      : []),
  ];
  return (
    <FigureSource path={wholePath}>
      <Verdict
        proof={first ? { member: ownMember(first.carrier) } : undefined}
        title={
          first && (first.energy_wh !== null || first.volume_l !== null)
            ? first.share === null
              ? t('structure.nodeTitle', { name: node.name, amount: amount(first) })
              : t('structure.nodeTitleShare', {
                  name: node.name,
                  amount: amount(first),
                  share: quantityText(formatPercent(t.locale, first.share)),
                })
            : t('structure.nodeUnknown', { name: node.name })
        }
        aside={periodName}
      >
        <span className={styles.path}>
          <Link href={sitePath(siteId, `/structure${kept}`)}>{t('nav.structure')}</Link>
          {node.path.map((above) => (
            <Fragment key={above.id}>
              {' / '}
              <Link href={sitePath(siteId, `/structure/${above.kind}/${above.id}${kept}`)}>{above.name}</Link>
            </Fragment>
          ))}
          {` / ${t(`structure.one.${node.kind}`)}`}
        </span>{' '}
        {node.circuit?.energyUse && (
          <UseTag use={node.circuit.energyUse} name={t(`use.${node.circuit.energyUse}`)} />
        )}{' '}
        {facts.length > 0 && `${facts.join(', ')}.`}{' '}
        {handedOn > 0 && t('structure.handedOn', { count: handedOn })}
      </Verdict>
      <div className={styles.sections}>
        {meters.length === 0 ? (
          <State title={t('structure.noMeter')} level={2}>
            <p>{t('structure.noMeterText')}</p>
          </State>
        ) : (
          <>
            <Section
              title={t(`structure.partsOf.${partsKind}`)}
              subject={t('structure.partsSubject', { name: node.name })}
              basis={t('site.consumptionBasis')}
            >
              <FigureSource path={partsPath}>
                <PartTable
                  id="parts"
                  name={t(`structure.partsOf.${partsKind}`)}
                  head={t(`structure.one.${partsKind}`)}
                  siteId={siteId}
                  period={period}
                  rows={[...parts, ...rest]}
                  totals={own}
                  totalName={node.name}
                  totalProof={({ carrier }, member) => ({
                    member: `${ownMember(carrier)}.${member}`,
                    of: wholePath,
                  })}
                  hrefOf={(r) =>
                    r.id === null
                      ? null
                      : sitePath(
                          siteId,
                          partsKind === 'meter' ? `/meters/${r.id}` : `/structure/${partsKind}/${r.id}`,
                        )
                  }
                />
              </FigureSource>
            </Section>
            {series && seriesPath && (
              <Section
                title={t('structure.load')}
                subject={t('structure.loadSubject', { count: series.series.length })}
                basis={t('explore.basis', {
                  resolution: resolutionText(t, series.resolution, series.series[0]?.base_s),
                  zone: timeZone,
                })}
              >
                <FigureSource path={seriesPath}>
                  <SeriesChart series={series} meters={meters} timeZone={timeZone} isNamed />
                </FigureSource>
              </Section>
            )}
            <Section title={t('structure.metersBelow')} basis={t('structure.basis', { zone: timeZone })}>
              <MeterHeads />
              <ul>
                {meters.map((meter) => (
                  <MeterRow
                    key={meter.id}
                    meter={meter}
                    live={latest.get(meter.id)}
                    siteId={siteId}
                    timeZone={timeZone}
                    now={now}
                  />
                ))}
              </ul>
            </Section>
          </>
        )}
      </div>
    </FigureSource>
  );
}
