'use client';
import { locales } from '@wattproof/energy';
import { localeNames } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { Field } from '../form/field.tsx';
import { writeCookie } from '../sign-in/cookie.ts';
import { useTranslator } from './provider.tsx';

/** The language of the page, each named in its own words; kept where the server can read it. */
export function LanguageField() {
  const t = useTranslator();
  const router = useRouter();
  return (
    <Field label={t('shell.language')}>
      {(control) => (
        <select
          {...control}
          value={t.locale}
          onChange={(event) => {
            writeCookie('locale', event.target.value);
            router.refresh();
          }}
        >
          {locales.map((locale) => (
            <option key={locale} value={locale} lang={locale}>
              {localeNames[locale]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
