/**
 * Billing periods: months that begin on the day the contract says ("from the 9th to the 8th"), in the site's zone.
 */
import { addDays, type LocalDate, localMidnight_ms } from './calendar.ts';

export interface BillingPeriod {
  /** [from, to), local dates. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Local midnights of the two. */
  readonly start_ms: number;
  readonly end_ms: number;
}

const monthLength = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The day on which the period of a calendar month begins: its last day where the month is shorter. */
function startIn(year: number, month: number, billingDay: number): LocalDate {
  const at = new Date(Date.UTC(year, month - 1, 1));
  const [y, m] = [at.getUTCFullYear(), at.getUTCMonth() + 1];
  const day = Math.min(billingDay, monthLength(y, m));
  return `${y}-${String(m).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * Billing periods that cover the local dates [from, to): the first begins on or before `from`, the last ends on or
 * after `to`. `billingDay` 1 to 31; 29 to 31 mean the last day of a shorter month, so that no month is left out and
 * none comes twice. Empty where `to` is not after `from`.
 * Throws RangeError where the day is none of a month or a date is none of the calendar.
 */
export function billingPeriods(
  zone: string,
  billingDay: number,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): BillingPeriod[] {
  if (!Number.isInteger(billingDay) || billingDay < 1 || billingDay > 31)
    throw new RangeError(`No billing period begins on day ${billingDay}`);
  if (addDays(to, 0) <= addDays(from, 0)) return [];
  const year = Number(from.slice(0, 4));
  let month = Number(from.slice(5, 7));
  if (startIn(year, month, billingDay) > from) month--;
  const periods: BillingPeriod[] = [];
  for (let begin = startIn(year, month, billingDay); begin < to; ) {
    const end = startIn(year, ++month, billingDay);
    periods.push({
      from: begin,
      to: end,
      start_ms: localMidnight_ms(zone, begin),
      end_ms: localMidnight_ms(zone, end),
    });
    begin = end;
  }
  return periods;
}
