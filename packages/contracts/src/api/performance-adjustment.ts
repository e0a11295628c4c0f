import { z } from 'zod';
import { statedReason } from './performance-enpi.ts';
import { finding, instant, localDate, uuid } from './value.ts';

/** What the event does to one EnPI: energy added to the expected energy of each of its days, negative where it takes away. */
const adjustmentEffect = z.strictObject({
  enpiId: uuid,
  energy_wh_per_day: z.number(),
  /** Half-width of it at the EnPI's confidence, Wh a day; of one and the same error on all days. */
  halfWidth_wh_per_day: z.number().nonnegative(),
});

/** A non-routine adjustment: an event that the model cannot know, with its evidence and what it does to every EnPI. */
export const saveAdjustment = z.strictObject({
  siteId: uuid,
  event: z.string().trim().min(3).max(200),
  from: localDate,
  /** null: it lasts. */
  to: localDate.nullable(),
  method: z.string().trim().min(3).max(2000),
  evidence: z.string().trim().min(3).max(4000),
  /** Name and SHA-256 of a file kept elsewhere (work order, data sheet, photograph). */
  evidenceFiles: z
    .array(
      z.strictObject({ name: z.string().trim().min(1).max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    )
    .max(20)
    .default([]),
  effects: z.array(adjustmentEffect).min(1).max(100),
});
export type SaveAdjustment = z.output<typeof saveAdjustment>;

/** A piece of evidence: kept with the dossier, or elsewhere (id null) with its fingerprint here. */
export const evidenceFile = z.object({
  id: uuid.nullable(),
  name: z.string(),
  sha256: z.string(),
  mediaType: z.string().nullable(),
  size_bytes: z.int().nullable(),
  addedBy: z.string().nullable(),
  addedAt: instant.nullable(),
});
export type EvidenceFile = z.infer<typeof evidenceFile>;
/** Media types that evidence may have. */
export const evidenceMediaTypes = [
  'application/pdf',
  'image/jpeg',
  'image/png',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;
/** POST /adjustments/{adjustmentId}/files?fileName with the file as its body; at most 20 of 20 MB (tables 5 MB). */
export const greatestEvidenceFiles = 20;

export const adjustment = saveAdjustment.extend({
  evidenceFiles: z.array(evidenceFile),
  id: uuid,
  siteName: z.string(),
  state: z.enum(['proposed', 'approved', 'refused', 'withdrawn']),
  proposedBy: z.string(),
  proposedAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  decisionReason: z.string().nullable(),
  /** Every EnPI of the site, those that are not touched with a zero that is said. */
  effectOnEnpis: z.array(
    z.object({
      enpiId: uuid,
      name: z.string(),
      energy_wh_per_day: z.number(),
      days: z.int(),
      energy_wh: z.number(),
      /** Savings in percent without and with it; null where nothing is computed. */
      savingsBefore_percent: z.number().nullable(),
      savingsAfter_percent: z.number().nullable(),
    }),
  ),
  findings: z.array(finding),
});
export type Adjustment = z.infer<typeof adjustment>;
/** GET /adjustments?siteId, POST /adjustments (proposes), POST /adjustments/preview (stores nothing) */
export const adjustments = z.object({ adjustments: z.array(adjustment) });
/** POST /adjustments/{adjustmentId}/decision */
export const decideAdjustment = z.strictObject({
  decision: z.enum(['approve', 'refuse', 'withdraw']),
  reason: statedReason,
});
