'use client';
import type { SiteSeus } from '@wattproof/contracts/api';
import { formatPercent, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './seu.module.css';
import { itemName } from './seu-text.ts';

const leastCriteria = 10;

/** Ranks anew and keeps what was decided: criteria, what is significant, and why. */
export function ReviewDialog({ seus, onClose }: { readonly seus: SiteSeus; readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [keys, setKeys] = useState<readonly string[]>(
    seus.items.filter((i) => i.isWithinThreshold || i.seuId !== null).map((i) => i.key),
  );
  const [criteria, setCriteria] = useState(seus.reviews[0]?.criteria ?? '');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isCriteriaShort = criteria.trim().length < leastCriteria;
  const isReasonMissing = reason.trim().length < 3;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isCriteriaShort || isReasonMissing) return;
    const answer = await send(`/sites/${seus.siteId}/seu-reviews`, {
      method: 'POST',
      json: {
        from: seus.from,
        to: seus.to,
        basis: seus.basis,
        threshold: seus.threshold,
        criteria: criteria.trim(),
        keys,
        reason: reason.trim(),
      },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={t('seu.review')} onClose={onClose} isWide>
      <form onSubmit={(event) => void submit(event)}>
        <p>
          {t('seu.reviewText', {
            share: quantityText(formatPercent(t.locale, seus.threshold, { decimals: 0 })),
            basis: t(`seu.basis.${seus.basis}`),
          })}
        </p>
        <fieldset>
          <legend className={styles.legend}>{t('seu.significant')}</legend>
          <ul className={styles.options}>
            {seus.items
              .filter((i) => i.use !== null)
              .map((item) => (
                <li key={item.key}>
                  <label>
                    <input
                      type="checkbox"
                      checked={keys.includes(item.key)}
                      onChange={() =>
                        setKeys(
                          keys.includes(item.key) ? keys.filter((k) => k !== item.key) : [...keys, item.key],
                        )
                      }
                    />
                    <span>{itemName(item, t)}</span>
                    <small>
                      {item.share === null ? '—' : quantityText(formatPercent(t.locale, item.share))}
                      {item.isWithinThreshold && ` · ${t('seu.withinYes')}`}
                    </small>
                  </label>
                </li>
              ))}
          </ul>
        </fieldset>
        <Field
          label={t('seu.criteria')}
          help={t('seu.criteriaHelp')}
          error={isTried && isCriteriaShort ? t('seu.criteriaShort') : null}
        >
          {(control) => (
            <textarea
              {...control}
              value={criteria}
              maxLength={4000}
              onChange={(e) => setCriteria(e.target.value)}
            />
          )}
        </Field>
        <ReasonField reason={reason} isMissing={isTried && isReasonMissing} onChange={setReason} />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'seu.keep')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
