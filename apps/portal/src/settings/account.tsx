'use client';
import type { Me } from '@wattproof/contracts/api';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { writeCookie } from '../sign-in/cookie.ts';
import styles from './settings.module.css';

/** The person who is signed in, the organisation they look at, and the way out. */
export function Account({ me }: { readonly me: Me }) {
  const t = useTranslator();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const signOut = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const answer = await fetch('/api/auth/sign-out', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      if (answer.ok) {
        writeCookie('organisation', null);
        // A full load, so that nothing of the person stays in the page.
        window.location.assign('/sign-in');
        return;
      }
      setError(t('problem.dependencyUnavailable'));
    } catch {
      setError(t('problem.network'));
    }
    setBusy(false);
  };
  return (
    <Section title={t('settings.you')}>
      <dl className={styles.facts}>
        <dt>{t('settings.person')}</dt>
        <dd>{t('settings.signedInAs', { name: me.displayName, email: me.email })}</dd>
        <dt>{t('settings.roleAt')}</dt>
        <dd>{t(`role.${me.role}`)}</dd>
        {me.organisations.length === 1 && (
          <>
            <dt>{t('shell.organisation')}</dt>
            <dd>{me.organisation.name}</dd>
          </>
        )}
      </dl>
      <div className={styles.form}>
        {me.organisations.length > 1 && (
          <Field label={t('settings.switchOrganisation')}>
            {(control) => (
              <select
                {...control}
                value={me.organisation.id}
                onChange={(event) => {
                  writeCookie('organisation', event.target.value);
                  writeCookie('site', null);
                  window.location.assign('/');
                }}
              >
                {me.organisations.map((o) => (
                  <option key={o.id} value={o.id}>
                    {`${o.name}, ${t(`role.${o.role}`)}`}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {error && <FormError>{error}</FormError>}
        <div>
          <Button onClick={() => void signOut()} disabled={isBusy}>
            {t('shell.signOut')}
          </Button>
        </div>
      </div>
    </Section>
  );
}
