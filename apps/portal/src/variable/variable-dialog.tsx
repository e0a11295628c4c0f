'use client';
import type { Meter, WeatherStation } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './variable.module.css';

const sources = ['series', 'meter', 'station'] as const;

/** A key for models from the name that people give: small letters, digits and _. */
export const keyOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 48);

/** A new relevant variable: a series that people and files fill, a meter, or a weather station. */
export function VariableDialog({
  siteId,
  meters,
  stations,
  onClose,
}: {
  readonly siteId: string;
  readonly meters: readonly Meter[];
  readonly stations: readonly WeatherStation[];
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const measured = meters.filter((m) => m.measurand !== null);
  const [source, setSource] = useState<(typeof sources)[number]>('series');
  const [name, setName] = useState('');
  const [unit, setUnit] = useState('t');
  const [combine, setCombine] = useState<'sum' | 'mean'>('sum');
  const [granularity, setGranularity] = useState<'day' | 'month'>('day');
  const [meterId, setMeterId] = useState(measured[0]?.id ?? 0);
  const [stationId, setStationId] = useState(stations[0]?.id ?? '');
  const [isTried, setTried] = useState(false);
  const key = keyOf(name);
  const meter = measured.find((m) => m.id === meterId);
  const isReady =
    key !== '' &&
    (source === 'series' ? unit.trim() !== '' : source === 'meter' ? meter !== undefined : stationId !== '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!isReady) return;
    const common = { key, name: name.trim() };
    const answer = await send(`/sites/${siteId}/variables`, {
      method: 'POST',
      json:
        source === 'series'
          ? { source, ...common, unit: unit.trim(), combine, granularity }
          : source === 'meter'
            ? { source, ...common, meterId, measurand: meter?.measurand }
            : { source, ...common, stationId },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={t('variable.add')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={t('variable.source')}>
          {(control) => (
            <select
              {...control}
              value={source}
              onChange={(e) => setSource(e.target.value as (typeof sources)[number])}
            >
              {sources.map((s) => (
                <option key={s} value={s} disabled={s === 'station' && stations.length === 0}>
                  {t(`variable.source.${s}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label={t('variable.name')}
          help={key === '' ? t('variable.nameHelp') : t('variable.keyHelp', { key })}
          error={isTried && key === '' ? t('variable.nameHelp') : null}
        >
          {(control) => (
            <input {...control} value={name} maxLength={80} onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        {source === 'series' && (
          <div className={styles.three}>
            <Field
              label={t('variable.unit')}
              error={isTried && unit.trim() === '' ? t('form.required') : null}
            >
              {(control) => (
                <input {...control} value={unit} maxLength={20} onChange={(e) => setUnit(e.target.value)} />
              )}
            </Field>
            <Field label={t('workbench.granularity')}>
              {(control) => (
                <select
                  {...control}
                  value={granularity}
                  onChange={(e) => setGranularity(e.target.value as 'day' | 'month')}
                >
                  <option value="day">{t('workbench.days')}</option>
                  <option value="month">{t('workbench.months')}</option>
                </select>
              )}
            </Field>
            <Field label={t('variable.combine')}>
              {(control) => (
                <select
                  {...control}
                  value={combine}
                  onChange={(e) => setCombine(e.target.value as 'sum' | 'mean')}
                >
                  <option value="sum">{t('variable.sum')}</option>
                  <option value="mean">{t('variable.mean')}</option>
                </select>
              )}
            </Field>
          </div>
        )}
        {source === 'meter' && (
          <Field label={t('workbench.meters')}>
            {(control) => (
              <select {...control} value={meterId} onChange={(e) => setMeterId(Number(e.target.value))}>
                {measured.map((m) => (
                  <option key={m.id} value={m.id}>
                    {m.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {source === 'station' && (
          <Field label={t('weather.station')}>
            {(control) => (
              <select {...control} value={stationId} onChange={(e) => setStationId(e.target.value)}>
                {stations.map((s) => (
                  <option key={s.id} value={s.id}>
                    {s.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'variable.add')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
