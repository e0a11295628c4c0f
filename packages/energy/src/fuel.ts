/**
 * Quantities of fuel in kWh by dated factors. A fuel figure always says whether it is on the gross (GCV, higher) or
 * the net calorific value (NCV, lower); figures on different bases are never added.
 */

import type { LocalDate } from './calendar.ts';
import { type Disqualified, finding } from './finding.ts';
import { type Decimal, multiplyDecimal } from './money.ts';
import type { Verification } from './verification.ts';
import type { Carrier } from './vocabulary.ts';

/** `none`: energy that is no fuel (electricity, heat). */
export const calorificBases = ['gross', 'net', 'none'] as const;
export type CalorificBasis = (typeof calorificBases)[number];

export interface FuelFactor {
  readonly id: string;
  readonly carrier: Carrier;
  readonly unit: 'm³' | 'l' | 'kg' | 'kWh' | 'MWh';
  /** kWh per unit on the basis. */
  readonly kwhPerUnit: Decimal;
  readonly basis: CalorificBasis;
  /** In force in [effectiveFrom, effectiveTo); null is open. */
  readonly effectiveFrom: LocalDate | null;
  readonly effectiveTo: LocalDate | null;
  readonly source: string;
  readonly verification: Verification;
}

const open = { effectiveFrom: null, effectiveTo: null } as const;
const annex = 'Directive 2012/27/EU, Annex IV';

/** Default factors; a bill that states its own conversion is converted with that (`gasEnergy_kwh`). */
export const fuelFactors: readonly FuelFactor[] = [
  {
    id: 'electricity-kwh',
    carrier: 'electricity',
    unit: 'kWh',
    kwhPerUnit: '1',
    basis: 'none',
    ...open,
    source: 'Definition',
    verification: 'verified',
  },
  {
    id: 'electricity-mwh',
    carrier: 'electricity',
    unit: 'MWh',
    kwhPerUnit: '1000',
    basis: 'none',
    ...open,
    source: 'Definition',
    verification: 'verified',
  },
  {
    id: 'heat-kwh',
    carrier: 'heat',
    unit: 'kWh',
    kwhPerUnit: '1',
    basis: 'none',
    ...open,
    source: 'Definition',
    verification: 'verified',
  },
  {
    id: 'heat-mwh',
    carrier: 'heat',
    unit: 'MWh',
    kwhPerUnit: '1000',
    basis: 'none',
    ...open,
    source: 'Definition',
    verification: 'verified',
  },
  {
    id: 'gas-kwh-gcv',
    carrier: 'gas',
    unit: 'kWh',
    kwhPerUnit: '1',
    basis: 'gross',
    ...open,
    source: 'Gas bills of France, Germany and Spain state kWh on the gross calorific value',
    verification: 'unverified',
  },
  {
    id: 'gas-kwh-ncv',
    carrier: 'gas',
    unit: 'kWh',
    kwhPerUnit: '0.9',
    basis: 'net',
    ...open,
    source: 'From kWh on the gross calorific value: NCV about 0.90 GCV',
    verification: 'unverified',
  },
  {
    id: 'gas-m3-gcv',
    carrier: 'gas',
    unit: 'm³',
    kwhPerUnit: '11.2',
    basis: 'gross',
    ...open,
    source: 'Typical high-calorific natural gas, conversion factor × calorific value of the bill replace it',
    verification: 'unverified',
  },
  {
    id: 'gas-m3-ncv',
    carrier: 'gas',
    unit: 'm³',
    kwhPerUnit: '10.08',
    basis: 'net',
    ...open,
    source: 'gas-m3-gcv × 0.90',
    verification: 'unverified',
  },
  {
    id: 'diesel-l-ncv',
    carrier: 'diesel',
    unit: 'l',
    kwhPerUnit: '9.87',
    basis: 'net',
    ...open,
    source: `${annex} (11.750 kWh/kg) × 0.840 kg/l (EN 590: 0.820 to 0.845)`,
    verification: 'unverified',
  },
  {
    id: 'diesel-l-gcv',
    carrier: 'diesel',
    unit: 'l',
    kwhPerUnit: '10.56',
    basis: 'gross',
    ...open,
    source: 'diesel-l-ncv × 1.07',
    verification: 'unverified',
  },
  {
    id: 'lpg-kg-ncv',
    carrier: 'lpg',
    unit: 'kg',
    kwhPerUnit: '12.778',
    basis: 'net',
    ...open,
    source: `${annex} (46.0 MJ/kg)`,
    verification: 'unverified',
  },
  {
    id: 'lpg-kg-gcv',
    carrier: 'lpg',
    unit: 'kg',
    kwhPerUnit: '13.89',
    basis: 'gross',
    ...open,
    source: 'lpg-kg-ncv × 1.087',
    verification: 'unverified',
  },
  {
    id: 'lpg-l-ncv',
    carrier: 'lpg',
    unit: 'l',
    kwhPerUnit: '6.9',
    basis: 'net',
    ...open,
    source: 'lpg-kg-ncv × 0.540 kg/l',
    verification: 'unverified',
  },
  {
    id: 'lpg-l-gcv',
    carrier: 'lpg',
    unit: 'l',
    kwhPerUnit: '7.5',
    basis: 'gross',
    ...open,
    source: 'lpg-kg-gcv × 0.540 kg/l',
    verification: 'unverified',
  },
];

export interface FuelWish {
  readonly carrier: Carrier;
  readonly unit: string;
  readonly basis: CalorificBasis;
  readonly date: LocalDate;
}

/** The factor in force for a carrier, unit and basis on a date, of a list that organisations may extend. */
export function fuelFactor(
  wish: FuelWish,
  factors: readonly FuelFactor[] = fuelFactors,
): { readonly ok: true; readonly factor: FuelFactor } | Disqualified {
  const factor = factors.find(
    (f) =>
      f.carrier === wish.carrier &&
      f.unit === wish.unit &&
      f.basis === wish.basis &&
      (f.effectiveFrom === null || f.effectiveFrom <= wish.date) &&
      (f.effectiveTo === null || wish.date < f.effectiveTo),
  );
  return factor
    ? { ok: true, factor }
    : {
        ok: false,
        disqualifications: [finding('noFuelFactor', 'No factor converts this unit to kWh', { ...wish })],
      };
}

/** quantity × factor, exactly. */
export const fuelEnergy_kwh = (quantity: Decimal, factor: FuelFactor): Decimal =>
  multiplyDecimal(quantity, factor.kwhPerUnit);

/**
 * Energy of metered gas: volume at metering conditions × conversion factor (state of the gas) × calorific value
 * at standard conditions; the result is on the basis of the calorific value.
 */
export const gasEnergy_kwh = (gas: {
  readonly volume_m3: Decimal;
  readonly conversionFactor: Decimal;
  readonly calorificValue_kwhPerM3: Decimal;
}): Decimal =>
  multiplyDecimal(multiplyDecimal(gas.volume_m3, gas.conversionFactor), gas.calorificValue_kwhPerM3);

/** Refuses to add figures on the gross and on the net calorific value; `none` goes with either. */
export function commonBasis(
  bases: Iterable<CalorificBasis>,
): { readonly ok: true; readonly basis: CalorificBasis } | Disqualified {
  const found = new Set([...bases].filter((basis) => basis !== 'none'));
  if (found.size > 1)
    return {
      ok: false,
      disqualifications: [
        finding('calorificBasisMixed', 'Gross and net calorific values are not added', {
          bases: [...found].sort(),
        }),
      ],
    };
  return { ok: true, basis: [...found][0] ?? 'none' };
}
