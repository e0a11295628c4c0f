'use client';
import { carriers, energyUses, measurands } from '@wattproof/energy';
import { measurandText } from '@wattproof/messages';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './field.module.css';

/** A meter to be made with its gateway. */
export interface MeterWish {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly carrier: string;
  readonly measurand: string;
  readonly energyUse: string;
}

export const newMeter = (id: number): MeterWish => ({
  id,
  key: `M${id + 1}`,
  name: '',
  carrier: 'electricity',
  measurand: 'active_energy_import_wh',
  energyUse: '',
});

const volumes = new Set(['gas', 'lpg', 'diesel', 'water', 'compressedAir', 'biomass']);

/** The counter that meters of a carrier mostly have. */
export const usualCounter = (carrier: string): string =>
  carrier === 'electricity'
    ? 'active_energy_import_wh'
    : carrier === 'pv'
      ? 'active_energy_export_wh'
      : volumes.has(carrier)
        ? 'volume_l'
        : 'thermal_energy_wh';

const counters = measurands.filter((m) => m.kind === 'counter');

export function MeterFields({
  number,
  meter,
  isTried,
  isKeyTaken,
  onChange,
  onRemove,
}: {
  readonly number: number;
  readonly meter: MeterWish;
  readonly isTried: boolean;
  readonly isKeyTaken: boolean;
  readonly onChange: (meter: MeterWish) => void;
  readonly onRemove: (() => void) | undefined;
}) {
  const t = useTranslator();
  const missing = (text: string): string | null =>
    isTried && text.trim() === '' ? t('form.required') : null;
  return (
    <fieldset className={styles.meterRow}>
      <legend>{t('field.meter', { number })}</legend>
      <Field
        label={t('field.meterKey')}
        help={number === 1 ? t('field.meterKeyHelp') : undefined}
        error={isKeyTaken ? t('field.keyTwice') : missing(meter.key)}
      >
        {(control) => (
          <input
            {...control}
            value={meter.key}
            maxLength={64}
            required
            onChange={(event) => onChange({ ...meter, key: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('field.meterName')} error={missing(meter.name)}>
        {(control) => (
          <input
            {...control}
            value={meter.name}
            maxLength={80}
            required
            onChange={(event) => onChange({ ...meter, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('field.meterCarrier')}>
        {(control) => (
          <select
            {...control}
            value={meter.carrier}
            onChange={(event) =>
              onChange({
                ...meter,
                carrier: event.target.value,
                measurand: usualCounter(event.target.value),
              })
            }
          >
            {carriers.map((carrier) => (
              <option key={carrier} value={carrier}>
                {t(`carrier.${carrier}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('field.meterMeasurand')}>
        {(control) => (
          <select
            {...control}
            value={meter.measurand}
            onChange={(event) => onChange({ ...meter, measurand: event.target.value })}
          >
            {counters.map(({ name, unit }) => (
              <option key={name} value={name}>
                {`${measurandText(t, name)}, ${unit}`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('field.meterUse')}>
        {(control) => (
          <select
            {...control}
            value={meter.energyUse}
            onChange={(event) => onChange({ ...meter, energyUse: event.target.value })}
          >
            <option value="">{t('field.meterUseNone')}</option>
            {energyUses.map((use) => (
              <option key={use} value={use}>
                {t(`use.${use}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {onRemove && (
        <button
          type="button"
          className={styles.remove}
          aria-label={t('field.meterRemove', { number })}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </fieldset>
  );
}
