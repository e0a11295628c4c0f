/**
 * Bills and the credit notes that take them back. A bill that credit notes cancel in full no longer fills its months:
 * the bill that replaces it does, and is not taken for a second one.
 */
import { add, type Fraction, fractionOf, zero } from './fraction.ts';
import type { Decimal } from './money.ts';

export interface CreditableBill {
  readonly deliveryPointId: string;
  readonly number: string;
  readonly kind: 'bill' | 'creditNote';
  /** Number of the bill that a credit note corrects. */
  readonly corrects: string | null;
  /** Of a credit note below zero, or zero where only money is corrected. */
  readonly energy_kwh: Decimal;
  readonly amount: Decimal;
}

const keyOf = (pointId: string, number: string): string => `${pointId} ${number}`;

/** Bills that still stand: no credit notes, and none that credit notes cancel to nothing. */
export function standingBills<Bill extends CreditableBill>(bills: readonly Bill[]): readonly Bill[] {
  const credited = new Map<string, { energy: Fraction; amount: Fraction }>();
  for (const note of bills) {
    if (note.kind !== 'creditNote' || note.corrects === null) continue;
    const key = keyOf(note.deliveryPointId, note.corrects);
    const before = credited.get(key) ?? { energy: zero, amount: zero };
    credited.set(key, {
      energy: add(before.energy, fractionOf(note.energy_kwh, 1, 1)),
      amount: add(before.amount, fractionOf(note.amount, 1, 1)),
    });
  }
  return bills.filter((bill) => {
    if (bill.kind === 'creditNote') return false;
    const back = credited.get(keyOf(bill.deliveryPointId, bill.number));
    if (!back) return true;
    const energy = add(fractionOf(bill.energy_kwh, 1, 1), back.energy);
    const amount = add(fractionOf(bill.amount, 1, 1), back.amount);
    return energy.numerator > 0n || amount.numerator > 0n;
  });
}
