import type { Bills } from '@wattproof/contracts/api';
import type { BillRow, DeliveryPointRow } from '@wattproof/database/queries';
import {
  type BillingCell,
  billingMatrix,
  commonDays,
  dayOrdinal,
  divideDecimal,
  multiplyDecimal,
  standingBills,
  sumDecimals,
} from '@wattproof/energy';

export type BillCell = Bills['deliveryPoints'][number]['cells'][number];

export interface MonthRange {
  readonly from: string;
  readonly to: string;
  readonly months: readonly string[];
}

/** The cells of each delivery point, one per month of the range; a month outside its validity says so. */
export function billCells(
  points: readonly Pick<DeliveryPointRow, 'id' | 'validFrom' | 'validTo'>[],
  bills: readonly Pick<
    BillRow,
    | 'id'
    | 'deliveryPointId'
    | 'number'
    | 'kind'
    | 'corrects'
    | 'periodFrom'
    | 'periodTo'
    | 'energy_kwh'
    | 'amountExVat'
    | 'estimated'
  >[],
  range: MonthRange,
): ReadonlyMap<string, BillCell[]> {
  const billed = bills.map((bill) => ({
    ...bill,
    from: bill.periodFrom,
    to: bill.periodTo,
    amount: bill.amountExVat,
  }));
  const matrix = new Map(
    billingMatrix(points, standingBills(billed), range).map((cell) => [
      `${cell.deliveryPointId} ${cell.month}`,
      cell,
    ]),
  );
  const byPoint = Map.groupBy(billed, (bill) => bill.deliveryPointId);
  return new Map(
    points.map((point) => [
      point.id,
      range.months.map((month, index): BillCell => {
        const days = {
          from: `${month}-01`,
          to: range.months[index + 1] ? `${range.months[index + 1]}-01` : range.to,
        };
        const inMonth = (byPoint.get(point.id) ?? []).filter((bill) => commonDays(bill, days) > 0);
        const part = (bill: (typeof inMonth)[number], value: string): string =>
          partOf(value, commonDays(bill, days), dayOrdinal(bill.to) - dayOrdinal(bill.from));
        return {
          month,
          state: stateOf(matrix.get(`${point.id} ${month}`)),
          energy_kwh:
            inMonth.length > 0 ? sumDecimals(inMonth.map((bill) => part(bill, bill.energy_kwh))) : null,
          amount:
            inMonth.length > 0 ? sumDecimals(inMonth.map((bill) => part(bill, bill.amountExVat))) : null,
          billIds: inMonth.map((bill) => bill.id),
        };
      }),
    ]),
  );
}

const stateOf = (cell: BillingCell | undefined): BillCell['state'] => cell?.state ?? 'outsideValidity';

/** The share of a bill that falls into a month, by days; exact where the bill lies within it. */
const partOf = (value: string, days: number, ofDays: number): string =>
  days === ofDays
    ? value
    : divideDecimal(multiplyDecimal(value, String(days)), String(ofDays), {
        digits: 3,
        rounding: 'halfEven',
      });
