'use client';
import { carriers, energyUses } from '@wattproof/energy';
import { measurandText } from '@wattproof/messages';
import { type FormEvent, useState } from 'react';
import { languageOf, productLanguage } from '../catalogue/catalogue-text.ts';
import { Trust } from '../figure/trust.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { settingChoices, settingText } from './change-text.ts';
import styles from './configuration.module.css';
import { type Choices, type MeterOfPlan, settingsOf } from './plan.ts';

interface SettingRow {
  readonly id: number;
  readonly key: string;
  readonly text: string;
}

const slots = ['A', 'B', 'C', 'D'] as const;

/** A meter of a plan: product and map, address, what it counts, where it stands. */
export function MeterDialog({
  meter,
  isNew,
  isTemplate = false,
  choices,
  pollPeriod_s,
  onTake,
  onRemove,
  onClose,
}: {
  readonly meter: MeterOfPlan;
  readonly isNew: boolean;
  /** What many have in common: key, name and address come from their pattern. */
  readonly isTemplate?: boolean;
  readonly choices: Choices;
  readonly pollPeriod_s: number;
  readonly onTake: (meter: MeterOfPlan) => void;
  readonly onRemove?: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [edited, setEdited] = useState(meter);
  const [unit, setUnit] = useState(String(meter.unit));
  const [period, setPeriod] = useState(meter.period_s === null ? '' : String(meter.period_s));
  const [isTried, setTried] = useState(false);
  const [settings, setSettings] = useState<readonly SettingRow[]>(() =>
    Object.entries(meter.settings)
      .filter(([key]) => key !== 'input')
      .map(([key, value], id) => ({ id, key, text: String(value) })),
  );
  const [input, setInput] = useState(meter.settings.input);
  const profile = choices.profiles.find((p) => p.id === edited.profileId);
  const product = choices.products.find((p) => p.catalogueNumber === edited.product);
  const change = (part: Partial<MeterOfPlan>): void => setEdited((before) => ({ ...before, ...part }));
  const fits = (text: string, min: number, max: number): boolean => {
    const value = parseNumber(text);
    return value !== null && Number.isInteger(value) && value >= min && value <= max;
  };
  const required = (text: string): string | null =>
    isTried && text.trim() === '' ? t('form.required') : null;
  const wrongSetting = (row: SettingRow): boolean => row.key !== '' && parseNumber(row.text) === null;
  const isComplete =
    (isTemplate || (edited.key.trim() !== '' && edited.name.trim() !== '' && fits(unit, 0, 255))) &&
    (period === '' || fits(period, 1, 3600)) &&
    !settings.some(wrongSetting);
  const chooseProfile = (profileId: string): void => {
    const counters = choices.profiles.find((p) => p.id === profileId)?.counters ?? [];
    change({
      profileId,
      measurand:
        edited.measurand !== null && counters.includes(edited.measurand)
          ? edited.measurand
          : (counters[0] ?? null),
    });
    setInput(undefined);
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTried(true);
    if (!isComplete) return;
    const values = settings.flatMap((row) => {
      const value = parseNumber(row.text);
      return row.key === '' || value === null ? [] : [[row.key, value] as const];
    });
    onTake({
      ...edited,
      key: edited.key.trim(),
      name: edited.name.trim(),
      unit: isTemplate ? edited.unit : (parseNumber(unit) ?? 1),
      period_s: period === '' ? null : parseNumber(period),
      settings: { ...Object.fromEntries(values), ...(input === undefined ? {} : { input }) },
      modules: product?.takesModules ? edited.modules : [],
      supply: product?.isFed ? edited.supply : null,
    });
  };
  return (
    <Dialog
      title={isNew ? t('configuration.meterNew') : t('configuration.meterTitle', { key: meter.key })}
      isWide
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <div className={styles.form}>
          {!isTemplate && (
            <>
              <Field
                label={t('configuration.key')}
                help={t('configuration.keyHelp')}
                error={required(edited.key)}
              >
                {(control) => (
                  <input
                    {...control}
                    maxLength={64}
                    autoComplete="off"
                    value={edited.key}
                    onChange={(event) => change({ key: event.target.value })}
                  />
                )}
              </Field>
              <Field label={t('configuration.name')} error={required(edited.name)}>
                {(control) => (
                  <input
                    {...control}
                    maxLength={80}
                    autoComplete="off"
                    value={edited.name}
                    onChange={(event) => change({ name: event.target.value })}
                  />
                )}
              </Field>
            </>
          )}
          <Field label={t('configuration.product')}>
            {(control) => (
              <select
                {...control}
                value={edited.product ?? ''}
                onChange={(event) => {
                  const number = event.target.value || null;
                  change({ product: number });
                  const [first] =
                    choices.products.find((p) => p.catalogueNumber === number)?.profileIds ?? [];
                  if (first) chooseProfile(first);
                }}
              >
                <option value="">{t('configuration.productNone')}</option>
                {choices.products.map((p) => (
                  <option key={p.catalogueNumber} value={p.catalogueNumber} lang={productLanguage}>
                    {p.catalogueNumber}, {p.title}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div>
            <Field label={t('configuration.profile')}>
              {(control) => (
                <select
                  {...control}
                  value={edited.profileId}
                  onChange={(event) => chooseProfile(event.target.value)}
                >
                  {choices.profiles.map((p) => (
                    <option key={p.id} value={p.id} lang={languageOf(p.id)}>
                      {p.title}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {profile && (
              <div className={styles.trust}>
                <Trust rung={profile.trust} t={t} />
                {profile.notice && <span lang={languageOf(profile.id)}>{profile.notice}</span>}
              </div>
            )}
          </div>
          {!isTemplate && (
            <Field
              label={t('configuration.address')}
              error={fits(unit, 0, 255) ? null : t('calc.range', { min: '0', max: '255' })}
            >
              {(control) => (
                <input
                  {...control}
                  inputMode="numeric"
                  autoComplete="off"
                  value={unit}
                  onChange={(event) => setUnit(event.target.value)}
                />
              )}
            </Field>
          )}
          {profile && profile.inputs.length > 0 && (
            <Field label={t('configuration.input')}>
              {(control) => (
                <select
                  {...control}
                  value={input ?? ''}
                  onChange={(event) =>
                    setInput(event.target.value === '' ? undefined : Number(event.target.value))
                  }
                >
                  <option value="" />
                  {profile.inputs.map((n) => (
                    <option key={n} value={n}>
                      {n}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <Field
            label={t('configuration.period')}
            unit="s"
            help={t('configuration.periodHelp', { period: pollPeriod_s })}
            error={period === '' || fits(period, 1, 3600) ? null : t('calc.range', { min: '1', max: '3600' })}
          >
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                autoComplete="off"
                value={period}
                onChange={(event) => setPeriod(event.target.value)}
              />
            )}
          </Field>
          <Choice
            label={t('configuration.carrier')}
            value={edited.carrier}
            onChange={(value) => change({ carrier: value as MeterOfPlan['carrier'] })}
            options={[...carriers, 'production' as const, 'weather' as const].map((id) => ({
              id,
              name: t(`carrier.${id}`),
            }))}
          />
          <Choice
            label={t('configuration.measurand')}
            value={edited.measurand ?? ''}
            none={t('configuration.measurandNone')}
            onChange={(value) => change({ measurand: value || null })}
            options={(profile?.counters ?? []).map((id) => ({
              id,
              name: measurandText(t, id),
            }))}
          />
          <Choice
            label={t('configuration.use')}
            value={edited.energyUse ?? ''}
            none={t('configuration.useNone')}
            onChange={(value) => change({ energyUse: (value || null) as MeterOfPlan['energyUse'] })}
            options={energyUses.map((id) => ({ id, name: t(`use.${id}`) }))}
          />
          <Choice
            label={t('configuration.zone')}
            value={edited.zoneId ?? ''}
            none={t('configuration.placeNone')}
            onChange={(value) => change({ zoneId: value || null })}
            options={choices.zones}
          />
          <Choice
            label={t('configuration.circuit')}
            value={edited.circuitId ?? ''}
            none={t('configuration.placeNone')}
            onChange={(value) => change({ circuitId: value || null })}
            options={choices.circuits}
          />
          {product?.isFed && (
            <>
              <Field label={t('configuration.supply')} help={t('configuration.supplyHelp')}>
                {(control) => (
                  <input
                    {...control}
                    maxLength={40}
                    value={edited.supply?.name ?? ''}
                    onChange={(event) =>
                      change({
                        supply:
                          event.target.value.trim() === ''
                            ? null
                            : { name: event.target.value, unit: edited.supply?.unit ?? 'mp4' },
                      })
                    }
                  />
                )}
              </Field>
              {edited.supply && (
                <Choice
                  label={t('configuration.supplyUnit')}
                  value={edited.supply.unit}
                  onChange={(value) =>
                    change({
                      supply: { name: edited.supply?.name ?? '', unit: value === 'mp6' ? 'mp6' : 'mp4' },
                    })
                  }
                  options={[
                    { id: 'mp4', name: 'MP4' },
                    { id: 'mp6', name: 'MP6' },
                  ]}
                />
              )}
            </>
          )}
          {product?.takesModules &&
            slots.map((slot) => (
              <Choice
                key={slot}
                label={t('configuration.modules', { slot })}
                value={edited.modules.find((m) => m.slot === slot)?.catalogueNumber ?? ''}
                none={t('configuration.moduleNone')}
                onChange={(catalogueNumber) =>
                  change({
                    modules: [
                      ...edited.modules.filter((m) => m.slot !== slot),
                      ...(catalogueNumber ? [{ slot, catalogueNumber }] : []),
                    ],
                  })
                }
                options={choices.modules}
              />
            ))}
          <fieldset className={`${styles.settings} ${styles.whole}`}>
            <legend>{t('configuration.settings')}</legend>
            <p className={styles.note}>{t('configuration.settingsHelp')}</p>
            {settings.map((row) => (
              <div key={row.id} className={styles.setting}>
                <Choice
                  label={t('configuration.setting')}
                  value={row.key}
                  none=""
                  onChange={(key) =>
                    setSettings((all) => all.map((s) => (s.id === row.id ? { ...s, key } : s)))
                  }
                  options={[...new Set([row.key, ...settingsOf(profile)])]
                    .filter((key) => key !== '')
                    .map((id) => ({ id, name: settingText(t, id) }))}
                />
                <SettingValue
                  row={row}
                  isWrong={isTried && wrongSetting(row)}
                  onChange={(text) =>
                    setSettings((all) => all.map((s) => (s.id === row.id ? { ...s, text } : s)))
                  }
                />
                <button
                  type="button"
                  className={styles.remove}
                  aria-label={t('configuration.settingRemove', { name: settingText(t, row.key) })}
                  onClick={() => setSettings((all) => all.filter((s) => s.id !== row.id))}
                >
                  <Icon name="close" />
                </button>
              </div>
            ))}
            <Button
              kind="words"
              onClick={() =>
                setSettings((all) => [
                  ...all,
                  { id: Math.max(-1, ...all.map((s) => s.id)) + 1, key: '', text: '' },
                ])
              }
            >
              {t('configuration.settingAdd')}
            </Button>
          </fieldset>
        </div>
        <DialogButtons>
          <Button kind="primary" type="submit">
            {t('configuration.take')}
          </Button>
          {onRemove && (
            <Button kind="destructive" onClick={onRemove}>
              {t('configuration.remove')}
            </Button>
          )}
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** The value of a setting: chosen by what it means where its values are choices, else typed. */
function SettingValue({
  row,
  isWrong,
  onChange,
}: {
  readonly row: SettingRow;
  readonly isWrong: boolean;
  readonly onChange: (text: string) => void;
}) {
  const t = useTranslator();
  const label = t('configuration.settingValue');
  const choices = settingChoices(t, row.key);
  if (choices.length > 0)
    return <Choice label={label} value={row.text} none="" onChange={onChange} options={choices} />;
  return (
    <Field label={label} error={isWrong ? t('form.required') : null}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={row.text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export function Choice({
  label,
  value,
  none,
  onChange,
  options,
}: {
  readonly label: string;
  readonly value: string;
  /** What an empty choice is called; left out where there is none. */
  readonly none?: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly id: string; readonly name: string }[];
}) {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {none !== undefined && <option value="">{none}</option>}
          {options.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
