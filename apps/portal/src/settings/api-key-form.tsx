'use client';
import type { CreateApiKey, CreatedApiKey } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { CopyText } from '../form/copy-text.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { serverNow_ms } from '../shell/server-clock.tsx';
import styles from './settings.module.css';

const scopes = ['read', 'write'] as const;

/** Makes a key and shows it, once. */
export function ApiKeyForm({ apiUrl, onClose }: { readonly apiUrl: string; readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit<CreatedApiKey>();
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const name = String(data.get('name') ?? '').trim();
    const chosen = scopes.filter((s) => data.get(s) !== null);
    const expiresAt = endOfDay(String(data.get('expires') ?? ''));
    const found: Record<string, string> = {};
    if (name === '') found.name = t('form.required');
    if (chosen.length === 0) found.scopes = t('settings.needScope');
    if (expiresAt && expiresAt.getTime() <= serverNow_ms()) found.expires = t('settings.past');
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const wish: CreateApiKey = {
      name,
      scopes: chosen,
      ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    };
    const answer = await send('/api-keys', { method: 'POST', json: wish });
    if (answer.ok) setMade(answer.value);
  };
  if (made)
    return (
      <Dialog title={t('settings.keyMade')} onClose={onClose} isHeld isWide>
        <p className={styles.once}>{t('settings.keyOnce')}</p>
        <div>
          <CopyText label={made.apiKey.name} text={made.key} />
          <CopyText
            label={t('settings.keyUse')}
            text={`curl -H 'authorization: Bearer ${made.key}' ${apiUrl.replace(/\/$/, '')}/api/v1/sites`}
          />
        </div>
        <DialogButtons>
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              router.refresh();
            }}
          >
            {t('settings.keyKept')}
          </Button>
        </DialogButtons>
      </Dialog>
    );
  return (
    <Dialog title={t('settings.newKeyTitle')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Field label={t('settings.keyName')} help={t('settings.keyNameHelp')} error={errors.name}>
          {(control) => <input {...control} name="name" maxLength={80} required />}
        </Field>
        <fieldset className={styles.scopes} aria-describedby={errors.scopes ? 'scopes-error' : undefined}>
          <legend>{t('settings.scopes')}</legend>
          {scopes.map((scope) => (
            <label key={scope}>
              <input type="checkbox" name={scope} defaultChecked={scope === 'read'} />
              <span>
                {t(`settings.scope.${scope}`)} <small>{t(`settings.scopeHelp.${scope}`)}</small>
              </span>
            </label>
          ))}
          {errors.scopes && (
            <div id="scopes-error">
              <FormError>{errors.scopes}</FormError>
            </div>
          )}
        </fieldset>
        <Field label={t('settings.keyExpires')} help={t('settings.keyDays')} error={errors.expires}>
          {(control) => <input {...control} name="expires" type="date" />}
        </Field>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {isBusy ? t('settings.making') : t('settings.newKey')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** The last second of a chosen day where the person is; null where none is chosen. */
function endOfDay(date: string): Date | null {
  const [year, month, day] = date.split('-').map(Number);
  return year && month && day ? new Date(year, month - 1, day, 23, 59, 59) : null;
}
