import { type ShownUnit, type UnitScale, unitScaleOf } from '@wattproof/messages';

/** The unit that fits single days or months; rows of one meter lie close together, so their mean decides. */
export function rowScale(values: readonly (number | null)[], unit: string): UnitScale {
  const known = values.filter((v): v is number => v !== null);
  const mean = known.reduce((a, b) => a + Math.abs(b), 0) / Math.max(1, known.length);
  if (unit !== 'Wh') return unitScaleOf(unit as ShownUnit, mean);
  return mean >= 2e6 ? { factor: 1e6, unit: 'MWh' } : { factor: 1e3, unit: 'kWh' };
}
