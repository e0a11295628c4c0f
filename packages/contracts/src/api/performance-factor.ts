import { calorificBases, carbonAccounts, carbonScopes } from '@wattproof/energy';
import { z } from 'zod';
import { statedReason } from './performance-enpi.ts';
import { carrier, decimal, instant, localDate, uuid } from './value.ts';

/** Gross or net calorific value; `none` for what is no fuel. */
export const calorificBasis = z.enum(calorificBases).meta({ id: 'CalorificBasis' });

const span = {
  carrier,
  /** Gross and net are never mixed: a factor is for energy on this basis. */
  basis: calorificBasis,
  /** Decimal number as text. */
  value: decimal,
  effectiveFrom: localDate.nullable(),
  effectiveTo: localDate.nullable(),
  source: z.string().trim().min(3).max(500),
  /** Under which the source may be used. */
  licence: z.string().trim().max(200).default(''),
  /** `verified`: compared with the source by who records it. */
  verification: z.enum(['verified', 'secondary', 'unverified']).default('secondary'),
  /** The version that this one takes the place of: it ends where this one begins. */
  replaces: uuid.nullable().default(null),
};
const fuel = z.strictObject({
  kind: z.literal('fuel'),
  ...span,
  /** value: kWh per unit. */
  unit: z.enum(['m³', 'l', 'kg', 'kWh', 'MWh']),
});
const primary = z.strictObject({
  kind: z.literal('primary'),
  ...span,
  place: z.string().trim().min(2).max(60),
});
const carbon = z.strictObject({
  kind: z.literal('carbon'),
  ...span,
  /** Country, or the name of a contract or a network. value: kg per kWh. */
  place: z.string().trim().min(2).max(60),
  account: z.enum(carbonAccounts),
  scope: z.enum(carbonScopes),
  gas: z.enum(['CO2', 'CO2e']),
});

/** POST /energy-factors */
export const createEnergyFactor = z.discriminatedUnion('kind', [fuel, primary, carbon]);
export type CreateEnergyFactor = z.output<typeof createEnergyFactor>;

export const energyFactor = z.object({
  id: z.string(),
  kind: z.enum(['fuel', 'primary', 'carbon']),
  carrier,
  basis: calorificBasis,
  value: decimal,
  /** `kWh/m³`, `kWh/kWh`, `kg CO2e/kWh`. */
  unit: z.string(),
  place: z.string().nullable(),
  account: z.enum(carbonAccounts).nullable(),
  scope: z.enum(carbonScopes).nullable(),
  gas: z.enum(['CO2', 'CO2e']).nullable(),
  effectiveFrom: localDate.nullable(),
  effectiveTo: localDate.nullable(),
  source: z.string(),
  licence: z.string(),
  verification: z.enum(['verified', 'secondary', 'unverified']),
  replaces: z.string().nullable(),
  /** Today: sites whose carbon or primary energy it makes, and how many bills it converted. */
  uses: z.object({
    sites: z.array(z.object({ siteId: uuid, siteName: z.string() })),
    bills: z.int(),
  }),
  /** Comes with the product, or is the organisation's own. */
  origin: z.enum(['product', 'organisation']),
  createdBy: z.string().nullable(),
  createdAt: instant.nullable(),
});
export type EnergyFactor = z.infer<typeof energyFactor>;
/** GET /energy-factors?kind&carrier */
export const energyFactors = z.object({ factors: z.array(energyFactor) });
/** POST /energy-factors/{factorId}/end : a factor of the organisation is in force up to before a date. */
export const endEnergyFactor = z.strictObject({ effectiveTo: localDate, reason: statedReason });
/** Id of an organisation's own factor. */
export const ownFactorId = uuid;

/** POST /steam-energy : energy of a mass of steam by enthalpy (IAPWS-IF97). */
export const steamEnergyWish = z.strictObject({
  mass_kg: z.number().positive(),
  /** Absolute. */
  pressure_mpa: z.number().positive(),
  /** null: saturated, with the share of steam. */
  temperature_c: z.number().nullable(),
  steamShare: z.number().min(0).max(1).default(1),
  /** Condensate or feed water that comes back. */
  returned: z.strictObject({ pressure_mpa: z.number().positive(), temperature_c: z.number() }),
});
export const steamEnergyAnswer = z.object({
  supplied_kj_per_kg: z.number(),
  returned_kj_per_kg: z.number(),
  energy_kwh: z.number(),
});
