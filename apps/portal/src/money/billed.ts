import type { Bill, Bills } from '@wattproof/contracts/api';
import { sumDecimals } from '@wattproof/energy';

type Point = Bills['deliveryPoints'][number];
type CellState = Point['cells'][number]['state'];

/**
 * What the months of the matrix cost, one exact sum per currency. The cells are summed, not the bills: a bill that
 * reaches over the edge of the period counts with its days in it.
 */
export function billedAmounts(
  points: readonly Point[],
  bills: readonly Pick<Bill, 'deliveryPointId' | 'amountExVat'>[],
  defaultCurrency: string,
): { readonly amount: string; readonly currency: string }[] {
  const currencyOf = new Map(bills.map((b) => [b.deliveryPointId, b.amountExVat.currency]));
  const amounts = new Map<string, string[]>();
  for (const point of points)
    for (const { amount } of point.cells) {
      if (amount === null) continue;
      const currency = currencyOf.get(point.id) ?? defaultCurrency;
      amounts.set(currency, [...(amounts.get(currency) ?? []), amount]);
    }
  return [...amounts].map(([currency, parts]) => ({ currency, amount: sumDecimals(parts) }));
}

export const countCells = (points: readonly Pick<Point, 'cells'>[], state: CellState): number =>
  points.flatMap((p) => p.cells).filter((c) => c.state === state).length;

/** How far the meters lie from the bill, as a share of it; null where either is not there. */
export function meterDifference(bill: Pick<Bill, 'energy_kwh' | 'metered_kwh'>): number | null {
  const billed = Number(bill.energy_kwh);
  return bill.metered_kwh === null || billed === 0 ? null : (Number(bill.metered_kwh) - billed) / billed;
}
