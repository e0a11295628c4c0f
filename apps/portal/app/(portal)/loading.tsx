import { getTranslator } from '../../src/i18n/server.ts';
import styles from '../../src/state/loading.module.css';

/** Ruled lines where the page will stand, so that nothing jumps. */
export default async function Loading() {
  const t = await getTranslator();
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">{t('state.loadingPage')}</span>
      <div className={styles.title} />
      <div className={styles.block} />
      <div className={styles.block} />
    </div>
  );
}
