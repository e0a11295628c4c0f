'use client';
import type { Meter, RelevantVariable } from '@wattproof/contracts/api';
import { formatLocalDate, formatPercent, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { type Choice, toggleVariable } from './choice.ts';
import styles from './workbench.module.css';

const confidences = [0.8, 0.9, 0.95, 0.99] as const;

/** What is compared: meters, variables, periods and granularity, all on one screen; every change is answered at once. */
export function ChoiceForm({
  meters,
  variables,
  choice,
  onChange,
  siteId,
  isFixed,
}: {
  readonly meters: readonly Meter[];
  readonly variables: readonly RelevantVariable[];
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly siteId: string;
  /** Meters, granularity and confidence belong to the EnPI; only its baseline is looked for. */
  readonly isFixed: boolean;
}) {
  const t = useTranslator();
  const chosen = meters.filter((m) => choice.meterIds.includes(m.id));
  const measurand = chosen[0]?.measurand ?? null;
  const toggle = <T,>(list: readonly T[], item: T): T[] =>
    list.includes(item) ? list.filter((i) => i !== item) : [...list, item];
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  return (
    <form className={styles.choice} onSubmit={(event) => event.preventDefault()}>
      <fieldset className={styles.group} disabled={isFixed}>
        <legend>{t('workbench.meters')}</legend>
        <ul className={styles.options}>
          {meters.map((meter) => {
            const isChosen = choice.meterIds.includes(meter.id);
            // Energies of two kinds are not added: the first meter decides which others may join.
            const isOther = measurand !== null && meter.measurand !== measurand;
            return (
              <li key={meter.id}>
                <label className={styles.option} data-muted={isOther || undefined}>
                  <input
                    type="checkbox"
                    checked={isChosen}
                    disabled={isOther && !isChosen}
                    onChange={() => onChange({ ...choice, meterIds: toggle(choice.meterIds, meter.id) })}
                  />
                  {meter.energyUse ? (
                    <UseTag use={meter.energyUse} name={t(`use.${meter.energyUse}`)} />
                  ) : (
                    <CarrierTag
                      carrier={meter.carrier}
                      name={t(`carrier.${meter.carrier}` as 'carrier.gas')}
                    />
                  )}
                  <span>{meter.name}</span>
                </label>
              </li>
            );
          })}
        </ul>
        <p className={styles.note}>{t(isFixed ? 'workbench.metersFixed' : 'workbench.metersHelp')}</p>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{t('workbench.variables')}</legend>
        {variables.length === 0 ? (
          <p className={styles.note}>{t('workbench.noVariables')}</p>
        ) : (
          <ul className={styles.options}>
            {variables.map((variable) => (
              <li key={variable.id}>
                <label className={styles.option}>
                  <input
                    type="checkbox"
                    checked={choice.variableIds.includes(variable.id)}
                    onChange={() =>
                      onChange({
                        ...choice,
                        variableIds: toggleVariable(choice.variableIds, variable, variables),
                      })
                    }
                  />
                  <span>
                    {variable.name}
                    <small>
                      {variable.knownFrom && variable.knownTo
                        ? t('workbench.variableKnown', {
                            unit: variable.unit,
                            from: date(variable.knownFrom),
                            to: date(variable.knownTo),
                            gaps: variable.gaps.length,
                          })
                        : t('workbench.variableEmpty')}
                    </small>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        )}
        <p className={styles.note}>
          <Link href={`/performance/variables?site=${siteId}`}>{t('workbench.manageVariables')}</Link>
        </p>
      </fieldset>
      <div className={styles.fields}>
        <DateField
          label={t('workbench.baselineFrom')}
          value={choice.baseline.from}
          onChange={(from) => onChange({ ...choice, baseline: { ...choice.baseline, from } })}
        />
        <DateField
          label={t('workbench.baselineTo')}
          value={addDays(choice.baseline.to, -1)}
          onChange={(last) => onChange({ ...choice, baseline: { ...choice.baseline, to: addDays(last, 1) } })}
        />
        <DateField
          label={t('workbench.reportingFrom')}
          value={choice.reporting.from}
          onChange={(from) => onChange({ ...choice, reporting: { ...choice.reporting, from } })}
        />
        <DateField
          label={t('workbench.reportingTo')}
          value={addDays(choice.reporting.to, -1)}
          onChange={(last) =>
            onChange({ ...choice, reporting: { ...choice.reporting, to: addDays(last, 1) } })
          }
        />
        <Field label={t('workbench.granularity')}>
          {(control) => (
            <select
              {...control}
              value={choice.granularity}
              disabled={isFixed}
              onChange={(event) =>
                onChange({ ...choice, granularity: event.target.value as Choice['granularity'] })
              }
            >
              <option value="day">{t('workbench.days')}</option>
              <option value="month">{t('workbench.months')}</option>
            </select>
          )}
        </Field>
        <div className={styles.wide}>
          <label className={styles.option}>
            <input
              type="checkbox"
              checked={choice.isHourly && choice.granularity === 'day'}
              disabled={choice.granularity === 'month'}
              onChange={() => onChange({ ...choice, isHourly: !choice.isHourly })}
            />
            <span>
              {t('workbench.hourly')}
              <small>{t('workbench.hourlyHelp')}</small>
            </span>
          </label>
        </div>
        <Field label={t('workbench.confidence')}>
          {(control) => (
            <select
              {...control}
              value={choice.confidence}
              disabled={isFixed}
              onChange={(event) => onChange({ ...choice, confidence: Number(event.target.value) })}
            >
              {[...new Set([...confidences, choice.confidence])].sort().map((c) => (
                <option key={c} value={c}>
                  {quantityText(formatPercent(t.locale, c, { decimals: Number.isInteger(c * 100) ? 0 : 1 }))}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </form>
  );
}

function DateField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (date: string) => void;
}) {
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="date"
          required
          value={value}
          // A date that is being typed is no date yet; what was asked last stays.
          onChange={(event) => event.target.value && onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
