'use client';
import type { DeadLetter } from '@wattproof/contracts/api';
import { formatInstant, formatNumber } from '@wattproof/messages';
import { type FormEvent, useState } from 'react';
import { request } from '../api/client.ts';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './field.module.css';

/** The API sends at most this much of a payload. */
const shownLength = 2_000;

/** One message that was not stored: what, where, why, what helps, and what was done. */
export function DeadLetterDialog({
  letter,
  gatewayName,
  timeZone,
  mayWrite,
  onResolved,
  onClose,
}: {
  readonly letter: DeadLetter;
  readonly gatewayName: string;
  readonly timeZone: string;
  readonly mayWrite: boolean;
  readonly onResolved: (letter: DeadLetter) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const bytes = formatNumber(t.locale, letter.payloadBytes);
  return (
    <Dialog title={t(`rejection.${letter.code}`)} onClose={onClose} isWide>
      <p className={styles.note}>{t(`field.hint.${letter.code}`)}</p>
      <dl className={styles.facts}>
        <dt>{t('field.deadSays')}</dt>
        <dd>{letter.message}</dd>
        <dt>{t('field.deadWhere')}</dt>
        <dd className={styles.code}>{letter.location || '—'}</dd>
        <dt>{t('field.deadMeter')}</dt>
        <dd className={styles.code}>{letter.meterKey ?? '—'}</dd>
        <dt>{t('field.deadGateway')}</dt>
        <dd>{gatewayName}</dd>
        <dt>{t('field.deadTopic')}</dt>
        <dd className={styles.code}>{letter.topic}</dd>
        <dt>{t('field.deadReceived')}</dt>
        <dd>{formatInstant(t.locale, timeZone, letter.receivedAt, 'dateTime')}</dd>
        {letter.resolvedAt && (
          <>
            <dt>{t('field.deadState')}</dt>
            <dd>
              {t('field.deadResolved', {
                time: formatInstant(t.locale, timeZone, letter.resolvedAt, 'dateTime'),
              })}
            </dd>
          </>
        )}
        {letter.decision === 'take' && letter.resolvedAt === null && (
          <>
            <dt>{t('field.deadState')}</dt>
            <dd>{t('field.taking', { name: letter.decidedBy ?? '—' })}</dd>
          </>
        )}
        {letter.outcome && (
          <>
            <dt>{t('field.outcome')}</dt>
            <dd>{letter.outcome}</dd>
          </>
        )}
        <dt>{t('field.deadPayload')}</dt>
        <dd>
          {letter.payload.length >= shownLength
            ? t('field.deadCut', { bytes })
            : t('field.deadBytes', { bytes: letter.payloadBytes })}
        </dd>
      </dl>
      <section
        className={styles.payload}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling block must be reachable by keyboard
        tabIndex={0}
        aria-label={t('field.deadPayload')}
      >
        <pre>{letter.payload}</pre>
      </section>
      {mayWrite && letter.resolvedAt === null && (
        <ResolveForm letter={letter} onResolved={onResolved} onClose={onClose} />
      )}
    </Dialog>
  );
}

function ResolveForm({
  letter,
  onResolved,
  onClose,
}: {
  readonly letter: DeadLetter;
  readonly onResolved: (letter: DeadLetter) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const [isBusy, setBusy] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('resolution') ?? '').trim();
    setEmpty(text === '');
    if (text === '') return;
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    const isTaken = button?.value === 'take';
    setBusy(true);
    const answer = await request<DeadLetter>(`/dead-letters/${letter.id}/${isTaken ? 'take' : 'resolve'}`, {
      method: 'POST',
      json: isTaken ? { reason: text } : { resolution: text },
    });
    setBusy(false);
    if (answer.ok) onResolved(answer.value);
    else setError(problemText(t, answer.problem));
  };
  // A wrong clock is decided for all readings of its gateway at once.
  const mayTake =
    letter.readings !== null && letter.decision === null && letter.code !== 'timestampOutOfRange';
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label={t('field.resolution')}
        help={t('field.resolutionHelp')}
        error={isEmpty ? t('form.required') : null}
      >
        {(control) => <textarea {...control} name="resolution" maxLength={500} rows={2} required />}
      </Field>
      {error && <FormError>{error}</FormError>}
      <DialogButtons>
        <Button kind="primary" type="submit" disabled={isBusy}>
          {isBusy ? t('field.resolving') : t('field.resolve')}
        </Button>
        {mayTake && letter.readings && (
          <Button type="submit" value="take" disabled={isBusy}>
            {t('field.take', { count: letter.readings.count })}
          </Button>
        )}
        <Button onClick={onClose}>{t('form.cancel')}</Button>
      </DialogButtons>
    </form>
  );
}
