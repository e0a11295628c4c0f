import { LinkButton } from '../form/button.tsx';
import { getTranslator } from '../i18n/server.ts';
import styles from './bare.module.css';
import { State } from './state.tsx';

/** The API behind the portal does not answer. */
export async function Unreachable() {
  const t = await getTranslator();
  return (
    <main className={styles.bare}>
      <State
        title={t('state.unreachable.title')}
        tone="critical"
        action={<LinkButton href="/">{t('state.error.retry')}</LinkButton>}
      >
        <p>{t('state.unreachable.text')}</p>
      </State>
    </main>
  );
}
