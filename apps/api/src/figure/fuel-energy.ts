import { type Carrier, type FuelFactor, fuelFactors } from '@wattproof/energy';

const litresPerUnit: Readonly<Partial<Record<FuelFactor['unit'], number>>> = { 'm³': 1_000, l: 1 };

/**
 * Gross energy of a litre of a fuel that meters measure by volume, by the default factor in force; null for what is no
 * fuel (water) or has no factor. Bills that state their own conversion are converted with that, not with this.
 */
export function grossEnergyPerLitre_wh(carrier: string): number | null {
  const factor = fuelFactors.find(
    (f) =>
      f.carrier === (carrier as Carrier) &&
      f.basis === 'gross' &&
      f.effectiveTo === null &&
      litresPerUnit[f.unit] !== undefined,
  );
  const litres = factor && litresPerUnit[factor.unit];
  return factor && litres ? (Number(factor.kwhPerUnit) * 1_000) / litres : null;
}
