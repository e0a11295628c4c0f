'use client';
import type { EnergyFactor } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './factor.module.css';
import { carrierName, placeText } from './factor-text.ts';

const leastReason = 3;

/** Ends a factor without another one: figures of later days say that none is in force. */
export function EndDialog({
  factor,
  today,
  onClose,
}: {
  readonly factor: EnergyFactor;
  readonly today: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [effectiveTo, setEffectiveTo] = useState(today);
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isMissing = reason.trim().length < leastReason;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isMissing || effectiveTo === '') return;
    const answer = await send(`/energy-factors/${factor.id}/end`, {
      method: 'POST',
      json: { effectiveTo, reason: reason.trim() },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={t('energyFactor.endOf', { name: carrierName(factor, t) })} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p className={styles.small}>
          {[placeText(factor, t), `${factor.value} ${factor.unit}`].filter(Boolean).join(', ')}.{' '}
          {t('energyFactor.endText')}
        </p>
        <Field label={t('energyFactor.endsOn')}>
          {(control) => (
            <input
              {...control}
              type="date"
              required
              value={effectiveTo}
              onChange={(e) => setEffectiveTo(e.target.value)}
            />
          )}
        </Field>
        <ReasonField reason={reason} isMissing={isTried && isMissing} onChange={setReason} />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'energyFactor.end')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
