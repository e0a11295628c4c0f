import styles from './performance.module.css';

interface Share {
  readonly value: number;
  readonly halfWidth: number | null;
}

/** A round share that holds all intervals on both sides of zero. */
export function intervalReach(shares: readonly Share[]): number {
  const widest = Math.max(0.04, ...shares.map((s) => Math.abs(s.value) + (s.halfWidth ?? 0)));
  return Math.ceil(widest / 0.04) * 0.04;
}

export const holdsZero = ({ value, halfWidth }: Share): boolean =>
  halfWidth === null || Math.abs(value) <= halfWidth;

/** A row's interval around its value: filled when it excludes zero, an outline when it holds it. */
export function SavingInterval({ share, reach }: { readonly share: Share; readonly reach: number }) {
  const at = (v: number): number => Math.min(100, Math.max(0, ((v + reach) / (2 * reach)) * 100));
  const half = share.halfWidth ?? 0;
  const [low, high] = [at(share.value - half), at(share.value + half)];
  return (
    <svg width="100%" height="20" aria-hidden="true" className={styles.interval}>
      <line x1="0" x2="100%" y1="19" y2="19" className={styles.base} />
      <line x1="50%" x2="50%" y1="1" y2="20" className={styles.zero} />
      <rect
        x={`${low}%`}
        y="6"
        width={`${Math.max(0.4, high - low)}%`}
        height="8"
        className={holdsZero(share) ? styles.outline : styles.answer}
      />
      <line x1={`${at(share.value)}%`} x2={`${at(share.value)}%`} y1="4" y2="16" className={styles.center} />
    </svg>
  );
}
