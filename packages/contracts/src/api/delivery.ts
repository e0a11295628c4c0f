import { z } from 'zod';
import { rejectionCodes } from '../mqtt/reading.ts';
import { instant, measurandName, meterId, uuid } from './value.ts';

/** What a gateway delivered and what became of it: refused, held back, contradicted, missing. */

const rowId = z.string().regex(/^\d{1,18}$/, 'an id made of digits');
/** Why a person decided so; it stands in the audit log. */
const reason = z.string().trim().min(1).max(500);
/** Added to the instants of readings whose gateway had a wrong clock, whole seconds; at most ±100 years. */
const correction_s = z.int().min(-3_200_000_000).max(3_200_000_000);

/** GET /dead-letters?gatewayId&code&before&limit */
export const deadLetter = z.object({
  id: z.string(),
  gatewayId: z.string().nullable(),
  topic: z.string(),
  receivedAt: instant,
  code: z.enum(rejectionCodes),
  message: z.string(),
  location: z.string(),
  /** Null where it is about the message or about several meters. */
  meterKey: z.string().nullable(),
  /** First 2,000 characters; bytes that are not text are shown as hex. */
  payload: z.string(),
  payloadBytes: z.int(),
  /**
   * Readings that could be decoded and are kept back whole, with the reach of their instants; null where there are none.
   * An instant beyond the calendar is null.
   */
  readings: z.object({ count: z.int(), firstAt: instant.nullable(), lastAt: instant.nullable() }).nullable(),
  /** What a person decided; a `take` is carried out by ingestion within seconds and resolved then. */
  decision: z.enum(['take', 'discard']).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  /** Moves the instants of a `take`. */
  correction_s: correction_s.nullable(),
  /** The person's words. */
  resolution: z.string().nullable(),
  /** What came of a `take`: how many readings were stored, or why they were refused again (it is open again then). */
  outcome: z.string().nullable(),
  resolvedAt: instant.nullable(),
});
export type DeadLetter = z.infer<typeof deadLetter>;
export const deadLetters = z.object({
  deadLetters: z.array(deadLetter),
  open: z.int(),
  next: z.string().nullable(),
});
/** POST /dead-letters/{id}/resolve : nothing of it is stored. */
export const resolveDeadLetter = z.strictObject({ resolution: reason });
/**
 * POST /dead-letters/{id}/take : ingestion decodes it once more, with today's meters and limits, and stores what it can.
 * A correction is for `timestampOutOfRange` only, and must bring the readings into the accepted range.
 */
export const takeDeadLetter = z.strictObject({ correction_s: correction_s.default(0), reason });

/** GET /quarantine : readings with impossible clocks that nobody has decided about, by gateway. */
export const quarantinedGateway = z.object({
  gatewayId: z.string(),
  gatewayName: z.string(),
  siteId: uuid,
  siteName: z.string(),
  messages: z.int(),
  readings: z.int(),
  firstAt: instant.nullable(),
  lastAt: instant.nullable(),
  firstReceivedAt: instant,
  lastReceivedAt: instant,
  /** Smallest distance from a message's newest reading to its arrival: what the clock was off by, with the delay of the line. */
  suggestedCorrection_s: z.int(),
  /** The newest of these dead letters; a decision covers those up to it that its author has seen. */
  lastLetterId: z.string(),
});
export type QuarantinedGateway = z.infer<typeof quarantinedGateway>;
export const quarantine = z.object({ gateways: z.array(quarantinedGateway) });

/** POST /gateways/{gatewayId}/quarantine : one decision for all of a gateway's readings with impossible clocks up to a letter. */
export const decideQuarantine = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('take'), correction_s, upTo: rowId, reason }),
  z.strictObject({ decision: z.literal('discard'), upTo: rowId, reason }),
]);
export type DecideQuarantine = z.infer<typeof decideQuarantine>;
export const decidedQuarantine = z.object({ messages: z.int(), readings: z.int() });

/** GET /reading-conflicts?siteId&meterId&state&before&limit : a known meter and instant that came again with another value. */
export const readingConflictStates = ['open', 'decided'] as const;
export const readingConflict = z.object({
  id: z.string(),
  meterId,
  meterName: z.string(),
  siteId: uuid,
  siteName: z.string(),
  at: instant,
  measurand: measurandName,
  unit: z.string(),
  stored: z.number(),
  arrived: z.number(),
  receivedAt: instant,
  /** `keep`: the stored value is right. `replace`: ingestion puts the other in its place within seconds. */
  decision: z.enum(['keep', 'replace']).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  reason: z.string().nullable(),
  /** When a `replace` was carried out, and what came of it. */
  appliedAt: instant.nullable(),
  outcome: z.string().nullable(),
});
export type ReadingConflict = z.infer<typeof readingConflict>;
export const readingConflicts = z.object({
  conflicts: z.array(readingConflict),
  open: z.int(),
  next: z.string().nullable(),
});
/** POST /reading-conflicts/decide : all of them or none. */
export const decideReadingConflicts = z.strictObject({
  ids: z.array(rowId).min(1).max(500),
  decision: z.enum(['keep', 'replace']),
  reason,
});
export type DecideReadingConflicts = z.infer<typeof decideReadingConflicts>;
export const decidedReadingConflicts = z.object({ decided: z.int() });

/** Numbers of batches, both included. */
const batchRange = z.object({ from: z.int(), to: z.int() });

/** GET /gateways/{gatewayId}/gaps : delivery sequences of a gateway and what is missing in them. */
export const gatewayGaps = z.object({
  gatewayId: z.string(),
  /** Batches missing now, in all sequences. */
  missing: z.int(),
  /** Batches that were given up, ever. */
  givenUp: z.int(),
  sequences: z.array(
    z.object({
      /** Identity of the life of the gateway's outbox. */
      boot: z.string(),
      lane: z.enum(['live', 'backfill']),
      /** Every batch up to here is stored or a dead letter. */
      upTo: z.int(),
      updatedAt: instant,
      /** Below the highest batch that came; at most 1,000. */
      missing: z.array(batchRange),
      /** Since when something is missing, and how often the gateway was asked for it. */
      gap: z.object({ since: instant, asked: z.int(), askedAt: instant.nullable() }).nullable(),
      /** Ranges that the gateway did not send though it was asked; never filled with anything. */
      givenUp: z.array(batchRange.extend({ at: instant, asked: z.int() })),
    }),
  ),
});
export type GatewayGaps = z.infer<typeof gatewayGaps>;

/** GET /delivery : what waits for a person or for a gateway. */
export const delivery = z.object({
  openDeadLetters: z.int(),
  quarantinedReadings: z.int(),
  openConflicts: z.int(),
  gatewaysWithGaps: z.int(),
  missingBatches: z.int(),
  givenUpBatches: z.int(),
});
export type Delivery = z.infer<typeof delivery>;
