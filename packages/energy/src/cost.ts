import { type LocalDate, localDate } from './calendar.ts';

/** Price of a carrier from a local date on, until the next. */
export interface DatedPrice {
  readonly validFrom: LocalDate;
  /** Exact decimal per unit, such as `0.118200`. */
  readonly pricePerUnit: string;
}

/** Consumption of one local day in whole base units (Wh or litres); null where it is missing. */
export interface DayConsumption {
  readonly start_ms: number;
  readonly amount: number | null;
}

/** Base units in a priced unit: Wh in a kWh, litres in a m³. */
export const baseUnitsPerPricedUnit = 1_000n;

const priceDigits = 6;
const priceScale = 10n ** BigInt(priceDigits);

/**
 * A decimal as an integer of millionths. Digits beyond the sixth are refused, not cut.
 * @throws RangeError where the text is no decimal of at most six fraction digits.
 */
export function millionths(decimal: string): bigint {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(decimal) ?? [];
  if (whole === undefined) throw new RangeError(`Not a decimal of at most ${priceDigits} digits: ${decimal}`);
  const value = BigInt(whole) * priceScale + BigInt(fraction.padEnd(priceDigits, '0'));
  return sign ? -value : value;
}

/**
 * Cost of daily consumption at dated prices, as a decimal with two digits:
 *
 *     Σ amount_day ÷ 1000 × price(day)
 *
 * in exact integers, rounded once at the end, half away from zero. Days without consumption are left out (they are
 * missing, not free). Null where no day is known, or where a known day has no price in force.
 * `prices` ascend by `validFrom`; a day is priced by its local date.
 */
export function costOfDays(
  days: readonly DayConsumption[],
  prices: readonly DatedPrice[],
  timeZone: string,
): string | null {
  let sum = 0n;
  let known = 0;
  const parsed = prices.map((p) => ({ validFrom: p.validFrom, price: millionths(p.pricePerUnit) }));
  for (const { start_ms, amount } of days) {
    if (amount === null) continue;
    const date = localDate(timeZone, start_ms);
    const inForce = parsed.findLast((p) => p.validFrom <= date);
    if (!inForce) return null;
    sum += BigInt(Math.round(amount)) * inForce.price;
    known++;
  }
  return known === 0 ? null : twoDigits(sum, priceScale * baseUnitsPerPricedUnit);
}

/** numerator ÷ denominator with two digits, rounded half away from zero. */
function twoDigits(numerator: bigint, denominator: bigint): string {
  const negative = numerator < 0n;
  const cents = ((negative ? -numerator : numerator) * 200n + denominator) / (2n * denominator);
  const text = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  return negative && cents !== 0n ? `-${text}` : text;
}

/** Sum of amounts of money with at most six digits, with two digits; null where there is none. */
export function sumOfAmounts(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((amount) => amount !== null);
  if (known.length === 0) return null;
  return twoDigits(
    known.reduce((sum, amount) => sum + millionths(amount), 0n),
    priceScale,
  );
}
