'use client';
import type { MeterEvent, MeterEventPreview } from '@wattproof/contracts/api';
import { type FormEvent, useEffect, useState } from 'react';
import { request } from '../api/client.ts';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { ChangedDays } from './changed-days.tsx';

/** Shorter reasons explain nothing to an auditor. */
const leastReason = 3;

/** Takes a declared event back: what would change is said first, the reason stays in the audit trail. */
export function RemovalDialog({
  meterId,
  event,
  onRemoved,
  onClose,
}: {
  readonly meterId: number;
  readonly event: MeterEvent;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit();
  const [preview, setPreview] = useState<MeterEventPreview | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const path = `/meters/${meterId}/events/${event.id}`;
  useEffect(() => {
    const abort = new AbortController();
    void request<MeterEventPreview>(`${path}/removal`, { signal: abort.signal }).then((answer) => {
      if (abort.signal.aborted) return;
      if (answer.ok) setPreview(answer.value);
      else setFailure(problemText(t, answer.problem));
    });
    return () => abort.abort();
  }, [path, t]);
  const isShort = reason.trim().length < leastReason;
  const submit = async (submitted: FormEvent<HTMLFormElement>): Promise<void> => {
    submitted.preventDefault();
    setTried(true);
    if (isShort) return;
    const answer = await send(`${path}?${new URLSearchParams({ reason: reason.trim() })}`, {
      method: 'DELETE',
    });
    if (answer.ok) onRemoved();
  };
  return (
    <Dialog
      title={t('meter.event.removeTitle', { kind: t(`meter.event.${event.kind}`) })}
      onClose={onClose}
      isWide
    >
      <form onSubmit={submit} noValidate>
        <p>{t('meter.event.removeText')}</p>
        {preview ? (
          <ChangedDays preview={preview} />
        ) : (
          failure === null && <p role="status">{t('meter.event.computing')}</p>
        )}
        <ReasonField reason={reason} isMissing={isTried && isShort} onChange={setReason} />
        {(error ?? failure) && <FormError>{error ?? failure}</FormError>}
        <DialogButtons>
          <Button kind="destructive" type="submit" disabled={isBusy || preview === null}>
            {t('meter.event.remove')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
