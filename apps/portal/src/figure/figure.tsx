'use client';
import { type Quantity, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useFigureSource } from '../receipt/figure-source.tsx';
import { type Proof, receiptOf } from '../receipt/proof.ts';
import { ReceiptButton } from '../receipt/receipt-button.tsx';
import styles from './figure.module.css';

/**
 * A figure: value, ±, unit, and what proves it. The value opens its receipt; where it leads to its source it is a door, with
 * a dotted underline below the value, and a mark beside it opens the receipt.
 */
export function Figure({
  quantity,
  proof,
  half,
  href,
  label,
  tone,
}: {
  readonly quantity: Quantity | null;
  readonly proof: Proof;
  /** Half-width of its uncertainty, in the same unit. */
  readonly half?: string | null | undefined;
  readonly href?: string | undefined;
  /** What the figure is, for those who do not see its column. */
  readonly label?: string | undefined;
  readonly tone?: 'plain' | 'stale' | 'critical' | undefined;
}) {
  const receipt = receiptOf(proof, useFigureSource());
  if (!quantity) return <span className={styles.missing}>—</span>;
  // A percentage keeps its sign beside the number, as people write it.
  const isPercent = quantity.unit === '%';
  const value: ReactNode = isPercent ? quantityText(quantity) : quantity.value;
  return (
    <span
      className={styles.figure}
      data-tone={tone}
      data-receipt={receipt ?? undefined}
      data-receiptless={'without' in proof ? proof.without : undefined}
    >
      {href ? (
        <Link
          href={href}
          prefetch={false}
          className={styles.value}
          {...(label ? { 'aria-label': `${label}: ${quantityText(quantity)}` } : {})}
        >
          {value}
        </Link>
      ) : receipt ? (
        <ReceiptButton receipt={receipt} label={`${label ? `${label}: ` : ''}${quantityText(quantity)}`}>
          {value}
        </ReceiptButton>
      ) : (
        <span className={styles.plain}>{value}</span>
      )}
      {half && <span className={styles.half}> ± {half}</span>}
      {!isPercent && quantity.unit !== '' && <span className={styles.unit}> {quantity.unit}</span>}
      {href && receipt && <ReceiptButton receipt={receipt} label={label ?? quantityText(quantity)} />}
    </span>
  );
}
