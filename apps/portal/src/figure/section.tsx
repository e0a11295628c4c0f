'use client';
import { type ReactNode, useId } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { useFigureSource } from '../receipt/figure-source.tsx';
import { type Proof, receiptOf } from '../receipt/proof.ts';
import { ReceiptButton } from '../receipt/receipt-button.tsx';
import styles from './section.module.css';

/** A ruled section: head, subject, and its basis (period, zone, unit) at the right. */
export function Section({
  title,
  subject,
  basis,
  children,
  className,
  proof,
}: {
  readonly title: string;
  readonly subject?: ReactNode;
  readonly basis?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  /** What proves the numbers that stand in its sentences; figures within have proofs of their own. */
  readonly proof?: Proof | undefined;
}) {
  const id = useId();
  const source = useFigureSource();
  const receipt = proof ? receiptOf(proof, source) : null;
  return (
    <section
      className={`${styles.section} ${className ?? ''}`}
      aria-labelledby={id}
      data-receipt={receipt ?? undefined}
      data-receiptless={proof && 'without' in proof ? proof.without : undefined}
    >
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {subject && <span className={styles.subject}>{subject}</span>}
        {basis && <span className={styles.basis}>{basis}</span>}
        {receipt && <ReceiptButton receipt={receipt} label={title} />}
      </div>
      {children}
    </section>
  );
}

/** The page's title is its verdict, then one sentence of proof; what the page is about stands at the right. */
export function Verdict({
  title,
  children,
  aside,
  proof,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly aside?: ReactNode;
  /** What proves the numbers in it. */
  readonly proof?: Proof | undefined;
}) {
  const t = useTranslator();
  const source = useFigureSource();
  const receipt = proof ? receiptOf(proof, source) : null;
  return (
    <header
      className={styles.verdict}
      data-receipt={receipt ?? undefined}
      data-receiptless={proof && 'without' in proof ? proof.without : undefined}
    >
      <div>
        <h1>{title}</h1>
        {(children || receipt) && (
          <p>
            {children}
            {receipt && <ReceiptButton receipt={receipt} label={t('receipt.ofPage')} />}
          </p>
        )}
      </div>
      {aside && <div className={styles.aside}>{aside}</div>}
    </header>
  );
}
