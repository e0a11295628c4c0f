'use client';
import { metersOfSeries } from '@wattproof/devices';
import { useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './configuration.module.css';
import { MeterDialog } from './meter-dialog.tsx';
import type { Choices, LineOfPlan, MeterOfPlan } from './plan.ts';

const numbers = { count: [1, 2000], first: [0, 100_000], address: [0, 255] } as const;
type NumberName = keyof typeof numbers;

/** Many meters that differ by their number only: first what they share, then how they are numbered. */
export function SeriesDialog({
  line,
  template,
  choices,
  pollPeriod_s,
  onTake,
  onClose,
}: {
  readonly line: LineOfPlan;
  readonly template: MeterOfPlan;
  readonly choices: Choices;
  readonly pollPeriod_s: number;
  readonly onTake: (meters: readonly MeterOfPlan[]) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [shared, setShared] = useState<MeterOfPlan | null>(null);
  const [texts, setTexts] = useState<Readonly<Record<NumberName, string>>>({
    count: '10',
    first: '1',
    address: String(template.unit),
  });
  const [keyPattern, setKey] = useState('M##');
  const [namePattern, setName] = useState('#');
  if (!shared)
    return (
      <MeterDialog
        meter={{ ...template, key: 'M', name: '#' }}
        isNew
        isTemplate
        choices={choices}
        pollPeriod_s={pollPeriod_s}
        onTake={setShared}
        onClose={onClose}
      />
    );
  const numberOf = (name: NumberName): number | null => {
    const value = parseNumber(texts[name]);
    const [min, max] = numbers[name];
    return value !== null && Number.isInteger(value) && value >= min && value <= max ? value : null;
  };
  const [count, firstNumber, firstAddress] = [numberOf('count'), numberOf('first'), numberOf('address')];
  const isNumbered = (count ?? 0) < 2 || /[#@]/.test(keyPattern);
  const meters =
    count !== null &&
    firstNumber !== null &&
    firstAddress !== null &&
    isNumbered &&
    keyPattern.trim() !== '' &&
    namePattern.trim() !== ''
      ? metersOfSeries({ template: shared, keyPattern, namePattern, count, firstNumber, firstAddress })
      : null;
  const [first, last] = [meters?.[0], meters?.at(-1)];
  const labels = {
    count: t('configuration.seriesCount'),
    first: t('configuration.seriesFirst'),
    address: t('configuration.seriesAddress'),
  };
  return (
    <Dialog title={t('configuration.seriesTitle', { line: line.name || line.key })} isWide onClose={onClose}>
      <p className={styles.note}>{t('configuration.seriesText')}</p>
      <div className={styles.form}>
        <Field
          label={t('configuration.seriesKey')}
          error={isNumbered ? null : t('configuration.seriesKeyWrong')}
        >
          {(control) => (
            <input
              {...control}
              maxLength={60}
              value={keyPattern}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('configuration.seriesName')}>
          {(control) => (
            <input
              {...control}
              maxLength={70}
              value={namePattern}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {(['count', 'first', 'address'] as const).map((name) => (
          <Field
            key={name}
            label={labels[name]}
            error={
              numberOf(name) === null
                ? t('calc.range', { min: String(numbers[name][0]), max: String(numbers[name][1]) })
                : null
            }
          >
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                value={texts[name]}
                onChange={(event) => setTexts((all) => ({ ...all, [name]: event.target.value }))}
              />
            )}
          </Field>
        ))}
      </div>
      {first && last && (
        <p className={styles.note} role="status">
          {t('configuration.seriesShow', {
            first: `${first.key}, ${first.name}, ${first.unit}`,
            last: `${last.key}, ${last.name}, ${last.unit}`,
          })}
        </p>
      )}
      <DialogButtons>
        <Button
          kind="primary"
          disabled={!meters}
          onClick={() => {
            if (meters) onTake(meters);
          }}
        >
          {t('configuration.seriesTake', { count: meters?.length ?? 0 })}
        </Button>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </Dialog>
  );
}
