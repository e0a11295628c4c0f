import type { MeterPlan } from './plan.ts';

/** Many meters that differ only by their number: flats, sub-boards, identical machines. */
export interface MeterSeries<Meter extends MeterPlan = MeterPlan> {
  /** What they share; key, name and address come from the pattern. */
  readonly template: Meter;
  /** `#` stands for the number, `##` and `###` for the number with leading zeros, `@` for the address. */
  readonly keyPattern: string;
  readonly namePattern: string;
  readonly count: number;
  readonly firstNumber: number;
  readonly firstAddress: number;
}

/** Most meters of one series: more do not fit a gateway. */
export const seriesMost = 2000;

/**
 * The meters of a series, in order: number and address grow by one each.
 * @throws RangeError where the count is not 1 to 2000, or a pattern gives two meters one key.
 */
export function metersOfSeries<Meter extends MeterPlan>(series: MeterSeries<Meter>): Meter[] {
  const { template, keyPattern, namePattern, count, firstNumber, firstAddress } = series;
  if (!Number.isInteger(count) || count < 1 || count > seriesMost)
    throw new RangeError(`a series has 1 to ${seriesMost} meters, not ${count}`);
  if (count > 1 && !/[#@]/.test(keyPattern))
    throw new RangeError('the key needs # or @: every meter must have its own');
  return Array.from({ length: count }, (_, i) => {
    const [number, unit] = [firstNumber + i, firstAddress + i];
    return {
      ...template,
      key: filled(keyPattern, number, unit),
      name: filled(namePattern, number, unit),
      unit,
    };
  });
}

const filled = (pattern: string, number: number, address: number): string =>
  pattern
    .replace(/#+/g, (digits) => String(number).padStart(digits.length, '0'))
    .replaceAll('@', String(address));
