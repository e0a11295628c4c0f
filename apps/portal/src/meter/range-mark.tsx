import styles from './meter.module.css';

/** A value between its lowest and highest of the period: a line, a tick at the mean, a needle at now. One scale per row. */
export function RangeMark({
  reach,
  low,
  high,
  mean,
  now,
}: {
  readonly reach: { readonly low: number; readonly high: number };
  readonly low: number | null;
  readonly high: number | null;
  readonly mean: number | null;
  readonly now: number | null;
}) {
  const span = reach.high - reach.low;
  const x = (value: number): string =>
    `${(span === 0 ? 50 : Math.min(100, Math.max(0, ((value - reach.low) / span) * 100))).toFixed(1)}%`;
  return (
    <svg className={styles.range} width="100%" height="9" aria-hidden="true">
      <line x1="0" x2="100%" y1="4.5" y2="4.500" className={styles.rangeBase} />
      {low !== null && high !== null && (
        <line x1={x(low)} x2={x(high)} y1="4.5" y2="4.5" className={styles.rangeSpan} />
      )}
      {mean !== null && <line x1={x(mean)} x2={x(mean)} y1="1.5" y2="7.5" className={styles.rangeMean} />}
      {now !== null && <line x1={x(now)} x2={x(now)} y1="0" y2="9" className={styles.rangeNow} />}
    </svg>
  );
}
