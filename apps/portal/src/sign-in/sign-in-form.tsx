'use client';
import type { Me } from '@wattproof/contracts/api';
import { type FormEvent, useState } from 'react';
import { request } from '../api/client.ts';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { writeCookie } from './cookie.ts';
import styles from './sign-in.module.css';

export function SignInForm({ target }: { readonly target: string }) {
  const t = useTranslator();
  const [isBusy, setBusy] = useState(false);
  const [isShown, setShown] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const answer = await fetch('/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: data.get('email'), password: data.get('password') }),
      });
      if (answer.ok) {
        await keepLanguage();
        // A full load, so that every part of the page belongs to the person who signed in.
        window.location.assign(target);
        return;
      }
      setError(
        answer.status === 429
          ? t('problem.tooManyRequests')
          : answer.status >= 500
            ? t('problem.dependencyUnavailable')
            : t('signIn.wrong'),
      );
    } catch {
      setError(t('problem.network'));
    }
    setBusy(false);
  };
  return (
    <form method="post" onSubmit={submit} className={styles.form} noValidate={false}>
      <Field label={t('signIn.email')}>
        {(control) => <input {...control} name="email" type="email" autoComplete="username" required />}
      </Field>
      <Field label={t('signIn.password')}>
        {(control) => (
          <input
            {...control}
            name="password"
            type={isShown ? 'text' : 'password'}
            autoComplete="current-password"
            required
          />
        )}
      </Field>
      <Button kind="words" onClick={() => setShown(!isShown)}>
        {isShown ? t('signIn.hidePassword') : t('signIn.showPassword')}
      </Button>
      {error && <FormError>{error}</FormError>}
      <Button kind="primary" type="submit" disabled={isBusy}>
        {isBusy ? t('signIn.busy') : t('signIn.submit')}
      </Button>
    </form>
  );
}

/** Until a person chooses a language here, the one of the account is used. */
async function keepLanguage(): Promise<void> {
  if (document.cookie.includes('locale=')) return;
  const answer = await request<Me>('/me');
  if (answer.ok) writeCookie('locale', answer.value.locale);
}
