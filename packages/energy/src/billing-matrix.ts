/** Point × month matrix: which days of which delivery point are billed once, twice, by estimate, or not at all. */
import { dateOfOrdinal, dayOrdinal, type LocalDate } from './calendar.ts';

export interface DeliveryPoint {
  readonly id: string;
  /** The point belongs to the entity in [validFrom, validTo); null is open. */
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
}

export interface BilledPeriod {
  readonly deliveryPointId: string;
  /** [from, to), local dates. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly estimated: boolean;
}

export const billingStates = ['billed', 'estimated', 'overlapping', 'missing'] as const;
export type BillingState = (typeof billingStates)[number];

export interface BillingCell {
  readonly deliveryPointId: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** The worst that occurs in the month: missing before overlapping before estimated. */
  readonly state: BillingState;
  readonly expectedDays: number;
  readonly missingDays: number;
  readonly overlappingDays: number;
  readonly estimatedDays: number;
}

export interface DateRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days in both ranges. */
export const commonDays = (a: DateRange, b: DateRange): number =>
  Math.max(
    0,
    Math.min(dayOrdinal(a.to), dayOrdinal(b.to)) - Math.max(dayOrdinal(a.from), dayOrdinal(b.from)),
  );

/** Day number of the first day of the month after the one of a day. */
function nextMonth(day: number): number {
  const date = new Date(day * 86_400_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 86_400_000;
}

/** One cell per delivery point and month of the period in which a bill is expected. */
export function billingMatrix(
  points: readonly DeliveryPoint[],
  bills: readonly BilledPeriod[],
  period: DateRange,
): readonly BillingCell[] {
  return points.flatMap((point) => {
    const first = Math.max(dayOrdinal(point.validFrom), dayOrdinal(period.from));
    const end = Math.min(dayOrdinal(point.validTo ?? period.to), dayOrdinal(period.to));
    const days = Math.max(0, end - first);
    const billed = new Uint16Array(days);
    const estimated = new Uint8Array(days);
    for (const bill of bills) {
      if (bill.deliveryPointId !== point.id) continue;
      const until = Math.min(dayOrdinal(bill.to) - first, days);
      for (let d = Math.max(dayOrdinal(bill.from) - first, 0); d < until; d++) {
        billed[d] = (billed[d] as number) + 1;
        if (bill.estimated) estimated[d] = 1;
      }
    }
    const cells: BillingCell[] = [];
    for (let d = 0; d < days; ) {
      const month = dateOfOrdinal(first + d).slice(0, 7);
      const until = Math.min(nextMonth(first + d) - first, days);
      const expectedDays = until - d;
      let missingDays = 0;
      let overlappingDays = 0;
      let estimatedDays = 0;
      for (; d < until; d++) {
        if (billed[d] === 0) missingDays++;
        if ((billed[d] as number) > 1) overlappingDays++;
        if (estimated[d] === 1) estimatedDays++;
      }
      const state: BillingState =
        missingDays > 0
          ? 'missing'
          : overlappingDays > 0
            ? 'overlapping'
            : estimatedDays > 0
              ? 'estimated'
              : 'billed';
      cells.push({
        deliveryPointId: point.id,
        month,
        state,
        expectedDays,
        missingDays,
        overlappingDays,
        estimatedDays,
      });
    }
    return cells;
  });
}
