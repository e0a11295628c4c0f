'use client';
import { useId, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { LanguageField } from '../i18n/language-field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { writeCookie } from '../sign-in/cookie.ts';
import styles from './settings.module.css';

const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Language and theme, kept where the server can read them, so that the first picture is right already. */
export function Display({ theme: initial }: { readonly theme: Theme }) {
  const t = useTranslator();
  const name = useId();
  const [theme, setTheme] = useState(initial);
  const chooseTheme = (next: Theme): void => {
    setTheme(next);
    writeCookie('theme', next === 'system' ? null : next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return (
    <Section title={t('settings.display')} basis={t('settings.displayBasis')}>
      <div className={styles.form}>
        <LanguageField />
        <fieldset className={styles.choices}>
          <legend>{t('shell.theme')}</legend>
          {themes.map((choice) => (
            <label key={choice}>
              <input
                type="radio"
                name={name}
                checked={theme === choice}
                onChange={() => chooseTheme(choice)}
              />
              {t(`shell.theme.${choice}`)}
            </label>
          ))}
        </fieldset>
      </div>
    </Section>
  );
}
