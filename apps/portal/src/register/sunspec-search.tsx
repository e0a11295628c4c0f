'use client';
import type { Gateway, SunspecFound } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Choice } from '../configuration/meter-dialog.tsx';
import { Section } from '../figure/section.tsx';
import { Trust } from '../figure/trust.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './register.module.css';

/** Asks a device what it says of itself, shows it, and keeps it as a register map where it is wanted. */
export function SunspecSearch({
  base,
  gateway,
  onDone,
}: {
  readonly base: string;
  readonly gateway: Gateway;
  readonly onDone: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<SunspecFound>();
  const [line, setLine] = useState(gateway.lines[0]?.key ?? '');
  const [unit, setUnit] = useState('1');
  const [name, setName] = useState('');
  const [found, setFound] = useState<SunspecFound | null>(null);
  const isUnit = /^\d{1,3}$/.test(unit) && Number(unit) <= 255;
  const isName = /^[a-z0-9][a-z0-9-]{0,59}$/.test(name);
  const ask = async (storeAs: string | null): Promise<void> => {
    const answer = await send(`${base}/sunspec`, {
      method: 'POST',
      json: { line, unit: Number(unit), ...(storeAs ? { storeAs } : {}) },
    });
    setFound(answer.ok ? answer.value : null);
    onDone();
    if (answer.ok && answer.value.stored) router.refresh();
  };
  return (
    <Section title={t('register.sunspec')} basis={t('register.sunspecBasis')}>
      <p className={styles.note}>{t('register.sunspecText')}</p>
      <div className={styles.form}>
        <Choice
          label={t('register.line')}
          value={line}
          onChange={setLine}
          options={gateway.lines.map(({ key, name: label }) => ({ id: key, name: label }))}
        />
        <Field label={t('register.unit')} error={isUnit ? null : t('calc.range', { min: '0', max: '255' })}>
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
        {found?.state === 'found' && !found.stored && (
          <Field label={t('register.sunspecName')} help={t('register.sunspecNameHelp')}>
            {(control) => (
              <input
                {...control}
                autoComplete="off"
                maxLength={60}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
      {found && (
        <p role="status" className={styles.note}>
          {found.state === 'found'
            ? t('register.sunspecFound', { title: found.title ?? '', count: found.measurands.length })
            : t(found.state === 'none' ? 'register.sunspecNone' : 'register.sunspecUnanswered', {
                reason: found.reason ?? '—',
              })}{' '}
          {found.state === 'found' && <Trust rung="documented" t={t} />}{' '}
          {found.stored && t('register.sunspecStored', { id: found.profileId ?? '' })}
        </p>
      )}
      {error && <FormError>{error}</FormError>}
      <div className={styles.acts}>
        <Button disabled={isBusy || !isUnit || !gateway.online} onClick={() => void ask(null)}>
          {t(isBusy ? 'register.reading' : 'register.sunspecAsk')}
        </Button>
        {found?.state === 'found' && !found.stored && (
          <Button kind="primary" disabled={isBusy || !isName} onClick={() => void ask(name)}>
            {t('register.sunspecStore', { name })}
          </Button>
        )}
      </div>
    </Section>
  );
}
