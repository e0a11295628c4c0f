'use client';
import type { Alarm } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './alarm.module.css';
import { howFar, stateText } from './alarm-text.ts';

/** An alarm with its procedure, and the place to acknowledge it with a comment. */
export function AlarmDialog({
  alarm,
  timeZone,
  now,
  mayAcknowledge,
  onClose,
}: {
  readonly alarm: Alarm;
  readonly timeZone: string;
  readonly now: string;
  readonly mayAcknowledge: boolean;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<Alarm>();
  const [comment, setComment] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/alarms/${alarm.id}/acknowledge`, { method: 'POST', json: { comment } });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  const time = (at: string): string => formatInstant(t.locale, timeZone, at, 'dateTime');
  const steps = alarm.procedure.split('\n').filter((line) => line.trim() !== '');
  return (
    <Dialog
      title={mayAcknowledge ? t('alarm.acknowledgeTitle', { name: alarm.name }) : alarm.name}
      onClose={onClose}
    >
      <div className={styles.details}>
        <p>
          {alarm.siteName}
          {alarm.meterName ? `, ${alarm.meterName}` : ''}. {stateText(alarm, t)}.
        </p>
        <p>
          {t('alarm.since')} {time(alarm.raisedAt)}. {howFar(alarm, t, Date.parse(now))}.
        </p>
        {alarm.acknowledgedAt && (
          <p>
            {t('alarm.acknowledgedNote', {
              name: alarm.acknowledgedBy ?? '—',
              time: time(alarm.acknowledgedAt),
            })}
            {alarm.comment ? `: ${alarm.comment}` : ''}
          </p>
        )}
      </div>
      <div>
        <h3>{t('alarm.procedure')}</h3>
        {steps.length > 0 ? (
          <ol className={styles.procedure}>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        ) : (
          <p className={styles.details}>{t('alarm.noProcedure')}</p>
        )}
      </div>
      {mayAcknowledge && (
        <form onSubmit={submit} className={styles.form}>
          <Field label={t('alarm.comment')} help={t('alarm.commentHelp')}>
            {(control) => (
              <textarea
                {...control}
                value={comment}
                maxLength={2000}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          {error && <FormError>{error}</FormError>}
          <div className={styles.buttons}>
            <Button kind="primary" type="submit" disabled={isBusy}>
              {t('alarm.acknowledge')}
            </Button>
            <Button onClick={onClose}>{t('form.cancel')}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
