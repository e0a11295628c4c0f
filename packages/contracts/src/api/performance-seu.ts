import { z } from 'zod';
import { statedReason } from './performance-enpi.ts';
import {
  carrier,
  energyUse,
  finding,
  instant,
  localDate,
  meterId,
  money,
  qualityShares,
  uuid,
} from './value.ts';

export const seuBasis = z.enum(['energy', 'cost', 'carbon', 'potential']).meta({ id: 'SeuBasis' });

/** A use of energy in the Pareto of a site. */
export const seuItem = z.object({
  /** `use/carrier`: the same from period to period. */
  key: z.string(),
  use: energyUse.nullable(),
  carrier,
  meterIds: z.array(meterId),
  energy_kwh: z.number().nullable(),
  cost: money.nullable(),
  carbon_kg: z.number().nullable(),
  /** Improvement potential as it was stated, percent of the energy, and in kWh. */
  potential_percent: z.number().nullable(),
  potential_kwh: z.number().nullable(),
  quality: qualityShares,
  /** By the basis: rank from 1, share of the sum, running share; null where the value is not known. */
  rank: z.int().nullable(),
  share: z.number().nullable(),
  cumulativeShare: z.number().nullable(),
  /** The smallest set that reaches the threshold holds it. */
  isWithinThreshold: z.boolean(),
  seuId: uuid.nullable(),
});

/** A significant energy use, as the last review left it. */
export const seu = z.object({
  id: uuid,
  key: z.string(),
  use: energyUse.nullable(),
  carrier,
  name: z.string(),
  isSignificant: z.boolean(),
  rank: z.int().nullable(),
  since: localDate,
  potential_percent: z.number().nullable(),
  potentialNote: z.string(),
  /** People whose work has an effect on it. */
  operators: z.array(z.string()),
  operatingCriteria: z.string(),
  variableIds: z.array(uuid),
  enpiId: uuid.nullable(),
  /** Of its EnPI: what it performs now. */
  performance: z
    .object({
      savings_percent: z.number(),
      halfWidth_percent: z.number().nullable(),
      verdict: z.enum(['saving', 'excess', 'notDistinguishableFromZero', 'insufficientData']),
    })
    .nullable(),
});
export type Seu = z.infer<typeof seu>;

export const seuReview = z.object({
  id: uuid,
  from: localDate,
  to: localDate,
  basis: seuBasis,
  threshold: z.number(),
  criteria: z.string(),
  reason: z.string(),
  decidedBy: z.string(),
  decidedAt: instant,
  /** What changed against the review before. */
  changes: z.array(
    z.object({
      key: z.string(),
      change: z.enum(['added', 'removed', 'up', 'down']),
      rankBefore: z.int().nullable(),
      rankAfter: z.int().nullable(),
    }),
  ),
});
export type SeuReview = z.infer<typeof seuReview>;

/** GET /sites/{siteId}/seus?from&to&basis&threshold (local dates, half-open; threshold 0 to 1, default 0.8) */
export const siteSeus = z.object({
  siteId: uuid,
  from: localDate,
  to: localDate,
  timeZone: z.string(),
  basis: seuBasis,
  threshold: z.number(),
  /** Name and source of the carbon factors in use. */
  carbonBasis: z.string().nullable(),
  items: z.array(seuItem),
  seus: z.array(seu),
  reviews: z.array(seuReview),
  findings: z.array(finding),
});
export type SiteSeus = z.infer<typeof siteSeus>;

/** POST /sites/{siteId}/seu-reviews : ranks anew and keeps what was decided with its criteria. */
export const createSeuReview = z.strictObject({
  from: localDate,
  to: localDate,
  basis: seuBasis,
  threshold: z.number().gt(0).max(1),
  /** Method and criteria of the energy review (ISO 50001, 6.3). */
  criteria: z.string().trim().min(10).max(4000),
  /** Keys that are significant. */
  keys: z.array(z.string().max(80)).max(60),
  reason: statedReason,
});
/** PUT /seus/{seuId} */
export const updateSeu = z.strictObject({
  name: z.string().trim().min(1).max(120),
  potential_percent: z.number().min(0).max(100).nullable(),
  potentialNote: z.string().trim().max(1000).default(''),
  operators: z.array(z.string().trim().min(1).max(80)).max(40).default([]),
  operatingCriteria: z.string().trim().max(2000).default(''),
  variableIds: z.array(uuid).max(8).default([]),
  enpiId: uuid.nullable().default(null),
});
