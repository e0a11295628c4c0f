import { type Quantity, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import type { ReactNode } from 'react';
import styles from './figure.module.css';

/** A figure: value, ±, unit. Where it leads to its source it is a door, with a dotted underline below the value. */
export function Figure({
  quantity,
  half,
  href,
  label,
  tone,
}: {
  readonly quantity: Quantity | null;
  /** Half-width of its uncertainty, in the same unit. */
  readonly half?: string | null | undefined;
  readonly href?: string | undefined;
  /** What the figure is, for those who do not see its column. */
  readonly label?: string | undefined;
  readonly tone?: 'plain' | 'stale' | 'critical' | undefined;
}) {
  if (!quantity) return <span className={styles.missing}>—</span>;
  // A percentage keeps its sign beside the number, as people write it.
  const isPercent = quantity.unit === '%';
  const value: ReactNode = isPercent ? quantityText(quantity) : quantity.value;
  return (
    <span className={styles.figure} data-tone={tone}>
      {href ? (
        <Link
          href={href}
          prefetch={false}
          className={styles.value}
          {...(label ? { 'aria-label': `${label}: ${quantityText(quantity)}` } : {})}
        >
          {value}
        </Link>
      ) : (
        <span className={styles.plain}>{value}</span>
      )}
      {half && <span className={styles.half}> ± {half}</span>}
      {!isPercent && quantity.unit !== '' && <span className={styles.unit}> {quantity.unit}</span>}
    </span>
  );
}
