/**
 * Factors that turn energy at the site into primary energy and into carbon: dated, by carrier and place, each with its
 * source. A carbon factor is location-based (the grid's mix) or market-based (the contract's), and counts direct or
 * life-cycle emissions; figures of different kinds stand beside each other and are never added.
 */
import type { LocalDate } from './calendar.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import type { CalorificBasis } from './fuel.ts';
import { addDecimal, type Decimal, multiplyDecimal } from './money.ts';
import type { Verification } from './verification.ts';
import type { Carrier } from './vocabulary.ts';

interface FactorSpan {
  readonly id: string;
  readonly carrier: Carrier;
  /** Country (ISO 3166-1), `EU`, `world`, or a contract's or network's own name. */
  readonly place: string;
  /** The energy is on this basis. */
  readonly basis: CalorificBasis;
  /** In force in [effectiveFrom, effectiveTo); null is open. */
  readonly effectiveFrom: LocalDate | null;
  readonly effectiveTo: LocalDate | null;
  readonly source: string;
  /** Under which the source may be used, where it is known. */
  readonly licence?: string;
  readonly verification: Verification;
}

/** Place of a factor that holds everywhere, as the carbon of a fuel does. */
export const anywhere = 'world';

export interface PrimaryFactor extends FactorSpan {
  /** Primary energy per energy at the site. */
  readonly primaryPerSite: Decimal;
}

export const carbonAccounts = ['location', 'market'] as const;
export type CarbonAccount = (typeof carbonAccounts)[number];
export const carbonScopes = ['direct', 'lifeCycle'] as const;
export type CarbonScope = (typeof carbonScopes)[number];

export interface CarbonFactor extends FactorSpan {
  readonly account: CarbonAccount;
  readonly scope: CarbonScope;
  /** Of CO₂ or CO₂ equivalent, as the source says. */
  readonly gas: 'CO2' | 'CO2e';
  readonly kgPerKwh: Decimal;
}

export const primaryFactors: readonly PrimaryFactor[] = [
  {
    id: 'eu-electricity-2012',
    carrier: 'electricity',
    place: 'EU',
    basis: 'none',
    primaryPerSite: '2.5',
    effectiveFrom: '2012-12-04',
    effectiveTo: '2018-12-24',
    source: 'Directive 2012/27/EU, Annex IV, default coefficient',
    verification: 'secondary',
  },
  {
    id: 'eu-electricity-2018',
    carrier: 'electricity',
    place: 'EU',
    basis: 'none',
    primaryPerSite: '2.1',
    effectiveFrom: '2018-12-24',
    effectiveTo: '2023-05-04',
    source: 'Directive (EU) 2018/2002, default coefficient',
    verification: 'secondary',
  },
  {
    id: 'eu-electricity-2023',
    carrier: 'electricity',
    place: 'EU',
    basis: 'none',
    primaryPerSite: '1.9',
    effectiveFrom: '2023-05-04',
    effectiveTo: null,
    source: 'Delegated Regulation (EU) 2023/807, default coefficient',
    verification: 'unverified',
  },
];

export const carbonFactors: readonly CarbonFactor[] = [
  {
    id: 'de-electricity-2024-location',
    carrier: 'electricity',
    place: 'DE',
    basis: 'none',
    account: 'location',
    scope: 'direct',
    gas: 'CO2',
    kgPerKwh: '0.363',
    effectiveFrom: '2024-01-01',
    effectiveTo: '2025-01-01',
    source: 'Umweltbundesamt, German mix of 2024, estimate',
    verification: 'secondary',
  },
  {
    id: 'fr-electricity-2018-location',
    carrier: 'electricity',
    place: 'FR',
    basis: 'none',
    account: 'location',
    scope: 'lifeCycle',
    gas: 'CO2e',
    kgPerKwh: '0.048',
    effectiveFrom: '2018-01-01',
    effectiveTo: null,
    source: 'France, order of 2017 on the CO₂ information of transport, electricity',
    licence: 'Licence Ouverte 2.0 (legal text)',
    verification: 'secondary',
  },
  ...fuelCarbon('gas', '0.201960', '0.181764', 'natural gas, 56.1 t/TJ'),
  ...fuelCarbon('lpg', '0.227160', '0.208979', 'liquefied petroleum gases, 63.1 t/TJ'),
  ...fuelCarbon('diesel', '0.266760', '0.249308', 'gas and diesel oil, 74.1 t/TJ'),
];

/** Of burning a fuel, without what it took to bring it; per kWh on the net value and on the gross one. */
function fuelCarbon(
  carrier: Carrier,
  netKgPerKwh: Decimal,
  grossKgPerKwh: Decimal,
  what: string,
): readonly CarbonFactor[] {
  const common = {
    carrier,
    place: anywhere,
    account: 'location',
    scope: 'direct',
    gas: 'CO2',
    effectiveFrom: null,
    effectiveTo: null,
    verification: 'unverified',
  } as const;
  const source = `IPCC 2006 Guidelines, volume 2, table 2.2: ${what} (net)`;
  return [
    { ...common, id: `${carrier}-ipcc-2006-net`, basis: 'net', kgPerKwh: netKgPerKwh, source },
    {
      ...common,
      id: `${carrier}-ipcc-2006-gross`,
      basis: 'gross',
      kgPerKwh: grossKgPerKwh,
      source: `${source}, by the ratio of our calorific values`,
    },
  ];
}

export interface FactorWish {
  readonly carrier: Carrier;
  readonly place: string;
  readonly basis: CalorificBasis;
  readonly date: LocalDate;
}

type Found<F> =
  | { readonly ok: true; readonly factor: F; readonly warnings: readonly Finding[] }
  | Disqualified;

/** The factor in force; refuses where there is none and where two claim the same day. */
function inForce<F extends FactorSpan>(
  factors: readonly F[],
  wish: FactorWish,
  test: (factor: F) => boolean,
): Found<F> {
  const found = factors.filter(
    (f) =>
      f.carrier === wish.carrier &&
      f.place === wish.place &&
      f.basis === wish.basis &&
      (f.effectiveFrom === null || f.effectiveFrom <= wish.date) &&
      (f.effectiveTo === null || wish.date < f.effectiveTo) &&
      test(f),
  );
  const [factor] = found;
  if (!factor)
    return {
      ok: false,
      disqualifications: [finding('noEnergyFactor', 'No factor is in force', { ...wish })],
    };
  if (found.length > 1)
    return {
      ok: false,
      disqualifications: [
        finding('energyFactorsOverlap', 'More than one factor is in force', {
          ids: found.map(({ id }) => id),
        }),
      ],
    };
  const warnings =
    factor.verification === 'verified'
      ? []
      : [
          finding('factorNotVerified', 'The factor was not checked against its source', {
            id: factor.id,
            verification: factor.verification,
          }),
        ];
  return { ok: true, factor, warnings };
}

export const primaryFactor = (
  wish: FactorWish,
  factors: readonly PrimaryFactor[] = primaryFactors,
): Found<PrimaryFactor> => inForce(factors, wish, () => true);

export const carbonFactor = (
  wish: FactorWish & { readonly account: CarbonAccount; readonly scope: CarbonScope },
  factors: readonly CarbonFactor[] = carbonFactors,
): Found<CarbonFactor> =>
  inForce(factors, wish, ({ account, scope }) => account === wish.account && scope === wish.scope);

/** energy × factor, exactly. */
export const primaryEnergy_kwh = (energy_kwh: Decimal, factor: PrimaryFactor): Decimal =>
  multiplyDecimal(energy_kwh, factor.primaryPerSite);
export const carbon_kg = (energy_kwh: Decimal, factor: CarbonFactor): Decimal =>
  multiplyDecimal(energy_kwh, factor.kgPerKwh);

export interface CarbonPart {
  readonly name: string;
  readonly energy_kwh: Decimal;
  readonly factor: CarbonFactor;
}

/** Sum of parts on one account, in one scope and of one gas; refuses to add others. */
export function carbonTotal_kg(
  parts: readonly CarbonPart[],
): { readonly ok: true; readonly carbon_kg: Decimal } | Disqualified {
  const mixed = (['account', 'scope', 'gas'] as const).flatMap((what) => {
    const values = [...new Set(parts.map(({ factor }) => factor[what]))].sort();
    return values.length > 1
      ? [finding('carbonMixed', 'Carbon figures that differ in this are not added', { what, values })]
      : [];
  });
  if (mixed.length > 0) return { ok: false, disqualifications: mixed };
  return {
    ok: true,
    carbon_kg: parts.reduce(
      (sum, { energy_kwh, factor }) => addDecimal(sum, carbon_kg(energy_kwh, factor)),
      '0',
    ),
  };
}
