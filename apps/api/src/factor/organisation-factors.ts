import type { EnergyFactorRow } from '@wattproof/database/queries';
import {
  anywhere,
  type CarbonFactor,
  type Carrier,
  carbonFactor,
  carbonFactors,
  type FuelFactor,
  type LocalDate,
  type PrimaryFactor,
  primaryFactor,
  primaryFactors,
} from '@wattproof/energy';

const span = ({ id, carrier, basis, effectiveFrom, effectiveTo, source, verification }: EnergyFactorRow) => ({
  id,
  carrier,
  basis,
  effectiveFrom,
  effectiveTo,
  source,
  verification,
});

export const ownFuelFactors = (rows: readonly EnergyFactorRow[]): readonly FuelFactor[] =>
  rows
    .filter(({ kind }) => kind === 'fuel')
    .map((row) => ({ ...span(row), unit: row.unit as FuelFactor['unit'], kwhPerUnit: row.value }));

export const ownPrimaryFactors = (rows: readonly EnergyFactorRow[]): readonly PrimaryFactor[] =>
  rows
    .filter(({ kind }) => kind === 'primary')
    .map((row) => ({ ...span(row), place: row.place ?? '', primaryPerSite: row.value }));

export const ownCarbonFactors = (rows: readonly EnergyFactorRow[]): readonly CarbonFactor[] =>
  rows
    .filter(({ kind }) => kind === 'carbon')
    .map((row) => ({
      ...span(row),
      place: row.place ?? '',
      account: row.account ?? 'location',
      scope: row.scope ?? 'direct',
      gas: row.gas ?? 'CO2e',
      kgPerKwh: row.value,
    }));

/** Energy of fuels is counted on the gross calorific value; electricity and heat have none. */
export const basisOf = (carrier: string): 'gross' | 'none' =>
  ['gas', 'lpg', 'diesel', 'biomass'].includes(carrier) ? 'gross' : 'none';

/**
 * The location-based carbon factor of a carrier at a place on a date: the organisation's own before those that come with
 * the product, direct emissions before life-cycle ones.
 */
export function locationCarbon(
  rows: readonly EnergyFactorRow[],
  wish: { readonly carrier: Carrier; readonly place: string; readonly date: LocalDate },
) {
  const asked = { ...wish, basis: basisOf(wish.carrier), account: 'location' } as const;
  // What a fuel gives off is the same anywhere, a grid's mix is not.
  const places = asked.basis === 'none' ? [wish.place] : [wish.place, anywhere];
  const attempts = [ownCarbonFactors(rows), carbonFactors].flatMap((factors) =>
    places.flatMap((place) =>
      (['direct', 'lifeCycle'] as const).map((scope) => carbonFactor({ ...asked, place, scope }, factors)),
    ),
  );
  // Factors that contradict each other are told, not passed over.
  return (
    attempts.find((found) => found.ok) ??
    attempts.find((found) => !found.ok && found.disqualifications[0]?.code === 'energyFactorsOverlap') ??
    (attempts[0] as (typeof attempts)[number])
  );
}

/** The primary factor in force: the organisation's own, that of the country, that of the Union. */
export function primaryOf(
  rows: readonly EnergyFactorRow[],
  wish: { readonly carrier: Carrier; readonly place: string; readonly date: LocalDate },
) {
  const own = ownPrimaryFactors(rows);
  const attempts = [own, primaryFactors].flatMap((factors) =>
    [wish.place, 'EU'].map((place) =>
      primaryFactor({ ...wish, place, basis: basisOf(wish.carrier) }, factors),
    ),
  );
  return attempts.find((found) => found.ok) ?? (attempts[0] as (typeof attempts)[number]);
}
