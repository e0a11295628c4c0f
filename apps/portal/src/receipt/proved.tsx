'use client';
import type { ReactNode } from 'react';
import { useFigureSource } from './figure-source.tsx';
import { type Proof, receiptOf } from './proof.ts';
import { ReceiptButton } from './receipt-button.tsx';

/**
 * A number with its proof: words open the receipt themselves, anything else (a link, a drawing, a sentence) gets a small
 * mark behind it. What has no receipt says why, for those who check the page.
 */
export function Proved({
  proof,
  label,
  children,
  withMark = false,
}: {
  readonly proof: Proof;
  /** What the figure is, for those who do not see what stands around it. */
  readonly label: string;
  readonly children: ReactNode;
  readonly withMark?: boolean;
}) {
  const receipt = receiptOf(proof, useFigureSource());
  if (receipt === null)
    return <span data-receiptless={'without' in proof ? proof.without : undefined}>{children}</span>;
  const isText = typeof children === 'string' && !withMark;
  return (
    <span data-receipt={receipt}>
      {isText ? (
        <ReceiptButton receipt={receipt} label={`${label}: ${children}`}>
          {children}
        </ReceiptButton>
      ) : (
        <>
          {children}
          <ReceiptButton receipt={receipt} label={label} />
        </>
      )}
    </span>
  );
}
