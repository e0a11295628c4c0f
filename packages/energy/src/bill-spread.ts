/**
 * Bills spread over calendar months: the energy between two read dates is spread evenly over the days after the first
 * read date up to and including the second. Sums are kept: what lies in the months adds up to the bills.
 */
import { addDays, dayOrdinal, type LocalDate } from './calendar.ts';

export interface BillRead {
  /** Date of the reading that closes the bill. */
  readonly readDate: LocalDate;
  /** Energy since the read date before, in any one unit. */
  readonly energy: number;
}

/** Energy and number of billed days of a calendar month. */
export interface BilledMonth {
  readonly energy: number;
  readonly days: number;
}

/** Months by `YYYY-MM`. The first read only opens the first period. Throws RangeError where read dates do not ascend. */
export function spreadBills(reads: readonly BillRead[]): ReadonlyMap<string, BilledMonth> {
  const months = new Map<string, BilledMonth>();
  for (let i = 1; i < reads.length; i++) {
    const opening = (reads[i - 1] as BillRead).readDate;
    const closing = reads[i] as BillRead;
    const days = dayOrdinal(closing.readDate) - dayOrdinal(opening);
    if (!(days > 0)) throw new RangeError(`Read dates do not ascend: ${opening}, ${closing.readDate}`);
    for (let d = 1; d <= days; d++) {
      const month = addDays(opening, d).slice(0, 7);
      const before = months.get(month) ?? { energy: 0, days: 0 };
      months.set(month, { energy: before.energy + closing.energy / days, days: before.days + 1 });
    }
  }
  return months;
}
