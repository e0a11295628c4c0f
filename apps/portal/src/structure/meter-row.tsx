'use client';
import type { Meter } from '@wattproof/contracts/api';
import { formatMeasurand, type Quantity } from '@wattproof/messages';
import Link from 'next/link';
import { Figure } from '../figure/figure.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import type { LiveMeter } from '../live/live-meters.ts';
import { readingId } from '../meter/meter-proof.ts';
import type { Proof } from '../receipt/proof.ts';
import { sitePath } from '../shell/place.ts';
import styles from './structure.module.css';

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

/** What the columns of meter rows are. */
export function MeterHeads() {
  const t = useTranslator();
  return (
    <div className={styles.heads} aria-hidden="true">
      <span />
      <span className={styles.number}>{t('structure.power')}</span>
      <span className={styles.number}>{t('structure.energy')}</span>
      <span>{t('structure.age')}</span>
    </div>
  );
}

/** One meter with its live values. */
export function MeterRow({
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
  const shownValue = (
    names: readonly string[],
  ): { readonly quantity: Quantity; readonly proof: Proof } | null => {
    const name = names.find((n) => live?.values.has(n));
    const found = name === undefined ? undefined : live?.values.get(name);
    if (name === undefined || found === undefined) return null;
    const { value, at } = found;
    const proof = { receipt: readingId(meter.id, name, at) };
    if (name === 'breaker_position')
      return {
        quantity: {
          value: t(value === 2 ? 'breaker.fault' : value === 1 ? 'breaker.closed' : 'breaker.open'),
          unit: '',
        },
        proof,
      };
    return { quantity: formatMeasurand(t.locale, value, name), proof };
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
      <span className={styles.number}>
        {moment && <Figure quantity={moment.quantity} proof={moment.proof} tone={tone} />}
      </span>
      <span className={styles.number}>
        {index && <Figure quantity={index.quantity} proof={index.proof} tone={tone} />}
      </span>
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
