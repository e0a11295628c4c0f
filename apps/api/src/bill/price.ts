import { compareDecimal, type Decimal, divideDecimal, multiplyDecimal } from '@wattproof/energy';

/** Amount for each MWh, in its currency, two digits, halves to the even; null where nothing was used. */
export const pricePerMwh = (amount: Decimal, energy_kwh: Decimal): Decimal | null =>
  compareDecimal(energy_kwh, '0') > 0
    ? divideDecimal(multiplyDecimal(amount, '1000'), energy_kwh, { digits: 2, rounding: 'halfEven' })
    : null;
