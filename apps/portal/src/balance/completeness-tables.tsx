'use client';
import type { Measuring, SiteCompleteness } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatNumber,
  formatPercent,
  formatQuantity,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { Scale } from '../figure/scale.tsx';
import { Section } from '../figure/section.tsx';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { sitePath } from '../shell/place.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { ampere } from './ampere.ts';
import styles from './balance.module.css';

export interface CompletenessProps {
  readonly siteId: string;
  readonly completeness: SiteCompleteness;
  /** Names of the site's meters by id. */
  readonly names: ReadonlyMap<number, string>;
}

const stateIcons = { own: 'check', within: 'warning', none: 'critical' } as const;
/** What is open comes first. */
const stateOrder = { none: 0, within: 1, own: 2 } as const;

/** What is measured below the mains, by which meter, and what is not: feeders, uses, zones. */
export function CompletenessTables(props: CompletenessProps) {
  const t = useTranslator();
  const { completeness } = props;
  const limit = ampere(t, completeness.feederLimit_a);
  const counts = (list: readonly Measuring[]) => ({
    measured: list.filter((m) => m.state === 'own').length,
    count: list.length,
  });
  const share = completeness.measuredShare;
  return (
    <>
      {share !== null && completeness.mains_wh !== null && (
        <Section
          proof={{ member: 'measured_wh' }}
          title={t('balance.seen')}
          subject={t('balance.seenSubject')}
          basis={t('balance.seenBasis', {
            energy: quantityText(formatQuantity(t.locale, completeness.mains_wh, 'Wh')),
          })}
        >
          <Scale
            max={100}
            value={Math.min(100, share * 100)}
            unit="%"
            format={(v) => formatNumber(t.locale, v)}
            label={t('balance.seenSaid', { share: quantityText(formatPercent(t.locale, share)) })}
          />
        </Section>
      )}
      <Section
        proof={{ member: 'feeders' }}
        title={t('balance.feeders', { limit })}
        subject={t('balance.feedersSubject', counts(completeness.feeders))}
      >
        <DataTable
          id="feeders"
          name={t('balance.feeders', { limit })}
          columns={[
            nameColumn<SiteCompleteness['feeders'][number]>(
              t('balance.feeder'),
              (f) => f.name,
              (f) => sitePath(props.siteId, `/structure/circuit/${f.circuitId}`),
            ),
            textColumn<SiteCompleteness['feeders'][number]>('panel', t('balance.panel'), (f) => f.panelName),
            textColumn<SiteCompleteness['feeders'][number]>('zone', t('balance.zone'), (f) => f.zoneName),
            {
              id: 'rated',
              head: t('balance.rated'),
              align: 'right',
              proof: { without: 'stated' },
              cell: (f) => ampere(t, f.ratedCurrent_a),
              sort: (f) => f.ratedCurrent_a,
              text: (f) => ampere(t, f.ratedCurrent_a),
            },
            {
              id: 'use',
              head: t('balance.use'),
              cell: (f) => f.energyUse && <UseTag use={f.energyUse} name={t(`use.${f.energyUse}`)} />,
              sort: (f) => f.energyUse,
              text: (f) => (f.energyUse ? t(`use.${f.energyUse}`) : ''),
            },
            ...measuringColumns<SiteCompleteness['feeders'][number]>(t, props),
          ]}
          rows={openFirst(completeness.feeders)}
          rowMember={(f) => entry('feeders', { circuitId: f.circuitId })}
          rowKey={(f) => f.circuitId}
          empty={t('balance.feedersNone', { limit })}
        />
      </Section>
      <div className={styles.pair}>
        <Section title={t('balance.uses')} subject={t('balance.usesSubject', counts(completeness.uses))}>
          <DataTable
            id="uses-measured"
            name={t('balance.uses')}
            columns={[
              {
                ...nameColumn<SiteCompleteness['uses'][number]>(t('balance.use'), (u) => t(`use.${u.use}`)),
                cell: (u) => (
                  <span className={styles.meter}>
                    <UseTag use={u.use} name={t(`use.${u.use}`)} />
                    {t(`use.${u.use}`)}
                  </span>
                ),
              },
              circuitsColumn(t),
              ...measuringColumns<SiteCompleteness['uses'][number]>(t, props),
            ]}
            rows={openFirst(completeness.uses)}
            rowMember={(u) => entry('uses', { use: u.use })}
            rowKey={(u) => u.use}
            withTools={false}
            empty={t('balance.usesNone')}
          />
        </Section>
        <Section title={t('balance.zones')} subject={t('balance.zonesSubject', counts(completeness.zones))}>
          <DataTable
            id="zones-measured"
            name={t('balance.zones')}
            columns={[
              nameColumn<SiteCompleteness['zones'][number]>(
                t('balance.zone'),
                (z) => z.name,
                (z) => sitePath(props.siteId, `/structure/zone/${z.zoneId}`),
              ),
              circuitsColumn(t),
              ...measuringColumns<SiteCompleteness['zones'][number]>(t, props),
            ]}
            rows={openFirst(completeness.zones)}
            rowMember={(z) => entry('zones', { zoneId: z.zoneId })}
            rowKey={(z) => z.zoneId}
            withTools={false}
            empty={t('balance.zonesNone')}
          />
        </Section>
      </div>
    </>
  );
}

const openFirst = <Row extends Measuring>(rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => stateOrder[a.state] - stateOrder[b.state]);

const nameColumn = <Row,>(
  head: string,
  name: (row: Row) => string,
  href?: (row: Row) => string,
): Column<Row> => ({
  id: 'name',
  head,
  phone: 'title',
  cell: (row) =>
    href ? (
      <span className={styles.meter}>
        <Link href={href(row)} prefetch={false}>
          {name(row)}
        </Link>
      </span>
    ) : (
      name(row)
    ),
  sort: name,
  text: name,
});

const textColumn = <Row,>(id: string, head: string, text: (row: Row) => string): Column<Row> => ({
  id,
  head,
  cell: text,
  sort: text,
  text,
});

function circuitsColumn<Row extends { readonly circuits: number; readonly measuredCircuits: number }>(
  t: PortalTranslator,
): Column<Row> {
  const text = (row: Row): string =>
    t('balance.ofCircuits', { measured: row.measuredCircuits, count: row.circuits });
  return {
    id: 'circuits',
    head: t('balance.circuits'),
    align: 'right',
    proof: { without: 'count' },
    cell: text,
    sort: (row) => row.circuits - row.measuredCircuits,
    text,
  };
}

/** State in words, by which meter, energy and its share: the same for feeders, uses and zones. */
function measuringColumns<Row extends Measuring>(
  t: PortalTranslator,
  { siteId, names }: Pick<CompletenessProps, 'siteId' | 'names'>,
): Column<Row>[] {
  const state = (row: Row): string => t(`balance.state.${row.state}`);
  const energy = (row: Row): string =>
    row.energy_wh === null ? '—' : quantityText(formatQuantity(t.locale, row.energy_wh, 'Wh'));
  const share = (row: Row): string =>
    row.share === null ? '—' : quantityText(formatPercent(t.locale, row.share));
  return [
    {
      id: 'state',
      head: t('balance.state'),
      cell: (row) => (
        <span className={styles.state} data-state={row.state}>
          <Icon name={stateIcons[row.state]} size={14} />
          {state(row)}
        </span>
      ),
      sort: (row) => stateOrder[row.state],
      text: state,
    },
    {
      id: 'by',
      head: t('balance.by'),
      cell: (row) => (
        <span className={styles.by}>
          {row.meterIds.map((id) => (
            <Link key={id} href={sitePath(siteId, `/meters/${id}`)} prefetch={false}>
              {names.get(id) ?? id}
            </Link>
          ))}
        </span>
      ),
      text: (row) => row.meterIds.map((id) => names.get(id) ?? id).join(', '),
    },
    {
      id: 'energy',
      head: t('balance.energy'),
      align: 'right',
      proof: { member: 'energy_wh' },
      cell: energy,
      sort: (row) => row.energy_wh,
      text: energy,
    },
    {
      id: 'share',
      head: t('balance.ofMains'),
      align: 'right',
      proof: { member: 'share' },
      cell: share,
      sort: (row) => row.share,
      text: share,
    },
  ];
}
