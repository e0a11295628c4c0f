import { findBill, type Scope } from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { decimalValue, type ReceiptContent } from './receipt-form.ts';
import { uuidOf } from './reference-field.ts';

/** A bill as it was stored, the factor that made energy of its quantity, and the file and row it came from. */
export async function billReceipt(
  client: PoolClient,
  scope: Scope,
  wish: { readonly billId: string },
): Promise<ReceiptContent> {
  const bill = await findBill(client, scope, uuidOf(wish.billId));
  if (!bill) throw new AppError('notFound', `There is no bill ${wish.billId}`);
  const source = bill.fileName
    ? `${bill.fileName}${bill.rowNumber === null ? '' : `, ${bill.rowNumber}`}`
    : '';
  const part = (name: string, decimal: string, unit: string) => ({
    name,
    sign: 1 as const,
    value: decimalValue(decimal, unit),
    receipt: null,
    source,
  });
  return {
    subject: `${bill.number} · ${bill.deliveryPointName}`,
    value: decimalValue(bill.amountExVat, bill.currency),
    formula: { name: 'bill', version: 1, expression: 'as billed, excluding VAT; energy = quantity · factor' },
    period: { from: bill.periodFrom, to: bill.periodTo, timeZone: bill.timeZone ?? 'UTC' },
    settings: [
      { name: 'deliveryPoint', value: bill.code },
      { name: 'calorificBasis', value: bill.calorificBasis },
      { name: 'estimated', value: String(bill.estimated) },
      ...(source ? [{ name: 'document', value: source }] : []),
      ...(bill.fileSha256 ? [{ name: 'documentSha256', value: bill.fileSha256 }] : []),
    ],
    factors: bill.factorId
      ? [{ name: bill.factorId, value: '', unit: 'kWh', validFrom: null, source: '' }]
      : [],
    parts: [
      part('quantity', bill.quantity, bill.unit),
      part('energy', bill.energy_kwh, 'kWh'),
      part('amount', bill.amountExVat, bill.currency),
    ],
  };
}
