'use client';
import type { SiteStructure } from '@wattproof/contracts/api';
import { formatNumber } from '@wattproof/messages';
import Link from 'next/link';
import { type ReactNode, useMemo, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { useLiveMeters } from '../live/live-meters.ts';
import { sitePath } from '../shell/place.ts';
import { State } from '../state/state.tsx';
import { MeterHeads, MeterRow } from './meter-row.tsx';
import styles from './structure.module.css';

type Circuit = SiteStructure['zones'][number]['panels'][number]['circuits'][number];

/** Zone → panel → circuit → meter with live values. */
export function StructureTree({
  siteId,
  timeZone,
  now,
  structure,
}: {
  readonly siteId: string;
  readonly timeZone: string;
  readonly now: string;
  readonly structure: SiteStructure;
}) {
  const t = useTranslator();
  const [query, setQuery] = useState('');
  const { latest, state } = useLiveMeters(siteId, structure.meters);
  const meters = useMemo(() => new Map(structure.meters.map((m) => [m.id, m])), [structure]);
  const wanted = query.trim().toLowerCase();
  const fits = (...texts: (string | undefined)[]): boolean =>
    wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted));

  const meterRow = (id: number, path: readonly string[]): ReactNode => {
    const meter = meters.get(id);
    if (!meter || !fits(meter.name, meter.serialNumber, ...path)) return null;
    return (
      <MeterRow key={id} meter={meter} live={latest.get(id)} siteId={siteId} timeZone={timeZone} now={now} />
    );
  };
  /** Beside the summary, not in it: what folds and what leads away are two things. */
  const pageOf = (kind: 'zone' | 'panel', { id, name }: { readonly id: string; readonly name: string }) => (
    <Link className={styles.page} href={sitePath(siteId, `/structure/${kind}/${id}`)} prefetch={false}>
      {t('structure.page')}
      <span className="visually-hidden"> {name}</span>
    </Link>
  );
  const circuitRows = (circuit: Circuit, path: readonly string[]): ReactNode => {
    const rows = circuit.meterIds.map((id) => meterRow(id, [...path, circuit.name])).filter(Boolean);
    if (rows.length === 0 && !fits(circuit.name, ...path)) return null;
    return (
      <li key={circuit.id}>
        <div className={styles.circuit}>
          <Icon name="circuit" size={14} />
          <Link href={sitePath(siteId, `/structure/circuit/${circuit.id}`)} prefetch={false}>
            {circuit.name}
          </Link>
          {circuit.energyUse && <UseTag use={circuit.energyUse} name={t(`use.${circuit.energyUse}`)} />}
          {circuit.ratedCurrent_a !== null && (
            <small>
              <span data-receiptless="stated">
                {t('structure.rated', {
                  current: `${formatNumber(t.locale, circuit.ratedCurrent_a)}\u00a0A`,
                })}
              </span>
            </small>
          )}
          {circuit.meterIds.length === 0 && <em>{t('structure.notMeasured')}</em>}
        </div>
        <ul>{rows}</ul>
      </li>
    );
  };
  const zones = structure.zones.flatMap((zone) => {
    const panels = zone.panels.flatMap((panel) => {
      const circuits = panel.circuits.map((c) => circuitRows(c, [zone.name, panel.name])).filter(Boolean);
      return circuits.length === 0 && !fits(panel.name, zone.name)
        ? []
        : [
            <li key={panel.id} className={styles.branch}>
              <details open>
                <summary className={styles.panel}>
                  <Icon name="panel" size={14} />
                  {panel.name}
                </summary>
                <ul>{circuits}</ul>
              </details>
              {pageOf('panel', panel)}
            </li>,
          ];
    });
    const loose = zone.meterIds.map((id) => meterRow(id, [zone.name])).filter(Boolean);
    return panels.length === 0 && loose.length === 0 && !fits(zone.name)
      ? []
      : [
          <li key={zone.id} className={styles.branch}>
            <details open>
              <summary className={styles.zone}>
                <Icon name="zone" size={14} />
                {zone.name}
              </summary>
              <ul>
                {loose}
                {panels}
              </ul>
            </details>
            {pageOf('zone', zone)}
          </li>,
        ];
  });
  const siteMeters = structure.meterIds.map((id) => meterRow(id, [])).filter(Boolean);
  return (
    <Section
      title={t('structure.tree')}
      subject={state === 'lost' ? t('live.lost') : state === 'connecting' ? t('live.connecting') : undefined}
      basis={t('structure.basis', { zone: timeZone })}
    >
      <input
        type="search"
        className={styles.search}
        placeholder={t('structure.search')}
        aria-label={t('structure.search')}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {structure.zones.length === 0 && structure.meters.length === 0 ? (
        <State title={t('structure.none')} level={3}>
          <p>{t('structure.noneText')}</p>
        </State>
      ) : zones.length === 0 && siteMeters.length === 0 ? (
        <p>{t('structure.noMatch', { query })}</p>
      ) : (
        <>
          <MeterHeads />
          <ul className={styles.tree}>
            {siteMeters.length > 0 && (
              <li>
                <div className={styles.zone}>{t('structure.siteMeters')}</div>
                <ul>{siteMeters}</ul>
              </li>
            )}
            {zones}
          </ul>
        </>
      )}
    </Section>
  );
}
