'use client';
import type { Meter, SiteStructure } from '@wattproof/contracts/api';
import { formatMeasurand, formatNumber, type Quantity } from '@wattproof/messages';
import Link from 'next/link';
import { type ReactNode, useMemo, useState } from 'react';
import { Figure } from '../figure/figure.tsx';
import { Section } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { Age } from '../live/age.tsx';
import { type LiveMeter, useLiveMeters } from '../live/live-meters.ts';
import { sitePath } from '../shell/place.ts';
import { State } from '../state/state.tsx';
import styles from './structure.module.css';

type Circuit = SiteStructure['zones'][number]['panels'][number]['circuits'][number];

/** Counters that say what went through a meter, in the order of preference. */
const indexMeasurands = [
  'active_energy_import_wh',
  'active_energy_export_wh',
  'thermal_energy_wh',
  'volume_l',
  'production_g',
];
/** Momentary values that say most about a meter. */
const momentMeasurands = ['active_power_w', 'breaker_position', 'outdoor_temperature_c', 'temperature_c'];

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
  const circuitRows = (circuit: Circuit, path: readonly string[]): ReactNode => {
    const rows = circuit.meterIds.map((id) => meterRow(id, [...path, circuit.name])).filter(Boolean);
    if (rows.length === 0 && !fits(circuit.name, ...path)) return null;
    return (
      <li key={circuit.id}>
        <div className={styles.circuit}>
          <Icon name="circuit" size={14} />
          <span>{circuit.name}</span>
          {circuit.energyUse && <UseTag use={circuit.energyUse} name={t(`use.${circuit.energyUse}`)} />}
          {circuit.ratedCurrent_a !== null && (
            <small>
              {t('structure.rated', { current: `${formatNumber(t.locale, circuit.ratedCurrent_a)}\u00a0A` })}
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
            <li key={panel.id}>
              <details open>
                <summary className={styles.panel}>
                  <Icon name="panel" size={14} />
                  {panel.name}
                </summary>
                <ul>{circuits}</ul>
              </details>
            </li>,
          ];
    });
    const loose = zone.meterIds.map((id) => meterRow(id, [zone.name])).filter(Boolean);
    return panels.length === 0 && loose.length === 0 && !fits(zone.name)
      ? []
      : [
          <li key={zone.id}>
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
          <div className={styles.heads} aria-hidden="true">
            <span />
            <span className={styles.number}>{t('structure.power')}</span>
            <span className={styles.number}>{t('structure.energy')}</span>
            <span>{t('structure.age')}</span>
          </div>
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

function MeterRow({
  meter,
  live,
  siteId,
  timeZone,
  now,
}: {
  readonly meter: Meter;
  readonly live: LiveMeter | undefined;
  readonly siteId: string;
  readonly timeZone: string;
  readonly now: string;
}) {
  const t = useTranslator();
  const shownValue = (names: readonly string[]): Quantity | null => {
    const name = names.find((n) => live?.values.has(n));
    const value = name === undefined ? undefined : live?.values.get(name)?.value;
    if (name === undefined || value === undefined) return null;
    if (name === 'breaker_position')
      return {
        value: t(value === 2 ? 'breaker.fault' : value === 1 ? 'breaker.closed' : 'breaker.open'),
        unit: '',
      };
    return formatMeasurand(t.locale, value, name);
  };
  const moment = shownValue(momentMeasurands);
  const index = shownValue(indexMeasurands);
  const tone = live?.isStale ? 'stale' : undefined;
  return (
    <li className={styles.meter}>
      <span className={styles.name}>
        {meter.energyUse ? (
          <UseTag use={meter.energyUse} name={t(`use.${meter.energyUse}`)} />
        ) : (
          <CarrierTag carrier={meter.carrier} name={t(`carrier.${meter.carrier}` as 'carrier.gas')} />
        )}
        <Link href={sitePath(siteId, `/meters/${meter.id}`)} prefetch={false}>
          {meter.name}
        </Link>
      </span>
      <span className={styles.number}>{moment && <Figure quantity={moment} tone={tone} />}</span>
      <span className={styles.number}>{index && <Figure quantity={index} tone={tone} />}</span>
      <span className={styles.age}>
        {live ? (
          <Age at={live.at} now={now} isStale={live.isStale} timeZone={timeZone} withTime={false} />
        ) : (
          t('structure.never')
        )}
      </span>
    </li>
  );
}
