import { type TrustRung, trustRungs } from '@wattproof/energy';
import type { PortalTranslator } from '@wattproof/messages';
import styles from './trust.module.css';

/** Four rising steps, filled up to the rung, always with the word. */
export function Trust({ rung, t }: { readonly rung: string | null; readonly t: PortalTranslator }) {
  const level = trustRungs.indexOf(rung as TrustRung);
  return (
    <span className={styles.trust}>
      <svg width="22" height="11" aria-hidden="true">
        {trustRungs.map((name, i) => (
          <rect
            key={name}
            x={i * 5.5 + 0.5}
            y={8 - i * 2.4 + 0.5}
            width="3.5"
            height={2 + i * 2.4}
            className={i <= level ? styles.full : styles.empty}
          />
        ))}
      </svg>
      {level < 0 ? t('trust.none') : t(`trust.${rung as TrustRung}`)}
    </span>
  );
}
