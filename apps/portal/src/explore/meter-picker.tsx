'use client';
import type { Meter } from '@wattproof/contracts/api';
import { rareSubject } from '@wattproof/energy';
import { measurandText } from '@wattproof/messages';
import { useMemo, useState } from 'react';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './explore.module.css';

/** Hues that the eye can tell apart in one chart. */
export const mostSeries = 6;

/** Which meters are shown, and what of them. */
export function MeterPicker({
  meters,
  chosen,
  onToggle,
  measurands,
  measurand,
  onMeasurand,
}: {
  readonly meters: readonly Meter[];
  readonly chosen: readonly number[];
  readonly onToggle: (id: number) => void;
  readonly measurands: readonly string[];
  readonly measurand: string;
  readonly onMeasurand: (name: string) => void;
}) {
  const t = useTranslator();
  const [query, setQuery] = useState('');
  const plain = measurands.filter((name) => rareSubject(name) === undefined);
  const rare = measurands.filter((name) => rareSubject(name) !== undefined);
  const shown = useMemo(
    () => meters.filter((m) => m.name.toLowerCase().includes(query.toLowerCase())),
    [meters, query],
  );
  return (
    <div className={styles.picker}>
      <label className={styles.label}>
        {t('explore.measurand')}
        <select value={measurand} onChange={(event) => onMeasurand(event.target.value)}>
          {plain.map((name) => (
            <option key={name} value={name}>
              {measurandText(t, name)}
            </option>
          ))}
          {rare.length > 0 && (
            <optgroup label={t('explore.rare')}>
              {rare.map((name) => (
                <option key={name} value={name}>
                  {measurandText(t, name)}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <label className={styles.label}>
        {t('explore.find')}
        <input type="search" value={query} onChange={(event) => setQuery(event.target.value)} />
      </label>
      {chosen.length >= mostSeries && <p className={styles.note}>{t('explore.most')}</p>}
      <ul className={styles.list}>
        {shown.map((meter) => {
          const isChosen = chosen.includes(meter.id);
          return (
            <li key={meter.id}>
              <label className={styles.option}>
                <input
                  type="checkbox"
                  checked={isChosen}
                  disabled={!isChosen && chosen.length >= mostSeries}
                  onChange={() => onToggle(meter.id)}
                />
                {meter.energyUse ? (
                  <UseTag use={meter.energyUse} name={t(`use.${meter.energyUse}`)} />
                ) : (
                  <CarrierTag carrier={meter.carrier} name={t(`carrier.${meter.carrier}` as 'carrier.gas')} />
                )}
                <span>{meter.name}</span>
              </label>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
