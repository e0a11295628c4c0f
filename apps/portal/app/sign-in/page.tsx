import type { Metadata } from 'next';
import { LanguageField } from '../../src/i18n/language-field.tsx';
import { getTranslator } from '../../src/i18n/server.ts';
import { Mark } from '../../src/shell/rail.tsx';
import { InstrumentDrawing } from '../../src/sign-in/instrument-drawing.tsx';
import styles from '../../src/sign-in/sign-in.module.css';
import { SignInForm } from '../../src/sign-in/sign-in-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('signIn.title') };
}

export default async function SignInPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ next?: string }>;
}) {
  const t = await getTranslator();
  const { next } = await searchParams;
  // Only a path of this portal: a foreign address after sign-in would be a trap.
  const target = next?.startsWith('/') && !next.startsWith('//') ? next : '/';
  return (
    <main className={styles.page}>
      <div className={styles.side}>
        <p className={styles.brand}>
          <Mark size={26} />
          {t('app.name')}
        </p>
        <p className={styles.lead}>{t('signIn.lead')}</p>
        <p className={styles.text}>{t('signIn.text')}</p>
        <InstrumentDrawing />
      </div>
      <div className={styles.panel}>
        <h1>{t('signIn.title')}</h1>
        <SignInForm target={target} />
        <LanguageField />
      </div>
    </main>
  );
}
