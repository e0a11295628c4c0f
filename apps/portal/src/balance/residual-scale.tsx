import styles from './balance.module.css';

/**
 * The residual on a scale around zero: the tolerance as a grey band, the residual as a bar, only what lies outside the
 * band in `crit`. Shares of the inflow, −reach to +reach.
 */
export function ResidualScale({
  residual,
  tolerance,
  reach,
  label,
}: {
  /** Shares of the inflow; null where not known. */
  readonly residual: number | null;
  readonly tolerance: number | null;
  readonly reach: number;
  readonly label: string;
}) {
  const at = (share: number): number => 50 + Math.max(-1, Math.min(1, share / reach)) * 50;
  const x = (share: number): string => `${at(share).toFixed(2)}%`;
  const span = (a: number, b: number): string => `${Math.abs(at(b) - at(a)).toFixed(2)}%`;
  const edge = tolerance ?? 0;
  const inside = residual === null ? null : Math.max(-edge, Math.min(edge, residual));
  return (
    <span className={styles.scale}>
      <svg width="100%" height="18" aria-hidden="true">
        {tolerance !== null && (
          <rect
            x={x(-tolerance)}
            y="2"
            width={span(-tolerance, tolerance)}
            height="14"
            className={styles.band}
          />
        )}
        {inside !== null && (
          <rect x={x(Math.min(0, inside))} y="6" width={span(0, inside)} height="6" className={styles.bar} />
        )}
        {residual !== null && inside !== null && Math.abs(residual) > edge && (
          <rect
            x={x(Math.min(inside, residual))}
            y="6"
            width={span(inside, residual)}
            height="6"
            className={styles.excess}
          />
        )}
        <line x1="50%" x2="50%" y1="0" y2="18" className={styles.zero} />
      </svg>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
