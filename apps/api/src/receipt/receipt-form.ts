import type { Receipt } from '@wattproof/contracts/api';

export type ReceiptValue = Receipt['value'];
export type ReceiptPart = Receipt['parts'][number];

export const numberValue = (
  number: number | null,
  unit: string,
  halfWidth: number | null = null,
): ReceiptValue => ({
  number,
  decimal: null,
  unit,
  halfWidth,
});
export const decimalValue = (decimal: string | null, unit: string): ReceiptValue => ({
  number: null,
  decimal,
  unit,
  halfWidth: null,
});

/** What every kind fills in; the rest is empty where a figure does not have it. */
export type ReceiptContent = Pick<Receipt, 'subject' | 'value' | 'formula'> & Partial<Receipt>;

export const completeReceipt = (id: string, kind: string, content: ReceiptContent, now: Date): Receipt => ({
  id,
  kind,
  computedAt: now.toISOString(),
  period: null,
  quality: null,
  seal: null,
  settings: [],
  factors: [],
  meter: null,
  parts: [],
  intervals: [],
  readings: null,
  proof: null,
  findings: [],
  ...content,
});
