import styles from './portfolio.module.css';

/** Coverage on a scale of 0 to 100 % with the threshold as a triangle; filled where it is reached. */
export function CoverageBar({
  share,
  threshold,
  isReached,
}: {
  readonly share: number | null;
  readonly threshold: number;
  readonly isReached: boolean;
}) {
  const at = (s: number): string => `${(Math.min(1, Math.max(0, s)) * 100).toFixed(2)}%`;
  return (
    <span className={styles.bar}>
      <svg width="100%" height="26" aria-hidden="true">
        <rect x="0.5" y="11.5" width="99.8%" height="9" className={styles.frame} />
        {share !== null && (
          <rect
            x="0"
            y="11"
            width={at(share)}
            height="10"
            className={isReached ? styles.reached : styles.notReached}
          />
        )}
        <line x1={at(threshold)} x2={at(threshold)} y1="4" y2="25" className={styles.threshold} />
        <svg x={at(threshold)} y="0" overflow="visible" aria-hidden="true">
          <path d="M-5 1h10l-5 7z" className={styles.thresholdHead} />
        </svg>
      </svg>
    </span>
  );
}
