import { measurands } from '@wattproof/energy';
import { z } from 'zod';
import { finding, instant, localDate, meterId, qualityShares, uuid } from './value.ts';

export const meterEventKinds = ['replacement', 'ratioChange', 'reset'] as const;

/** Counters alone have an index that an event can join. */
export const counterName = z
  .enum(measurands.filter((m) => m.kind === 'counter').map((m) => m.name) as [string, ...string[]])
  .meta({ id: 'CounterName' });

/** Index in the counter's base unit (Wh, varh, litre …), exact as a JSON number. */
const index = z.int().nonnegative();

const eventCounter = z.strictObject({
  measurand: counterName,
  /** Last index of the old state; null: not known, what it counted after its last reading is lost. */
  closingIndex: index.nullable(),
  /** First index of the new state. */
  openingIndex: index,
});

/** What happened to a meter at an instant: its counters go on as one continuous series. */
export const meterEvent = z.object({
  id: uuid,
  kind: z.enum(meterEventKinds),
  at: instant,
  /** `detected`: found by the computation, counts for nothing until a person confirms it. */
  origin: z.enum(['declared', 'detected']),
  counters: z.array(eventCounter),
  note: z.string(),
  serialNumberBefore: z.string().nullable(),
  serialNumberAfter: z.string().nullable(),
  /** Product of CT and VT ratio. */
  ratioBefore: z.number().nullable(),
  ratioAfter: z.number().nullable(),
  createdAt: instant,
  /** Who declared it; null where the computation found it. */
  createdBy: z.string().nullable(),
});
export type MeterEvent = z.infer<typeof meterEvent>;
/** GET /meters/{meterId}/events, newest first */
export const meterEvents = z.object({ meterId, events: z.array(meterEvent) });
export type MeterEvents = z.infer<typeof meterEvents>;

/** POST /meters/{meterId}/events and POST /meters/{meterId}/events/preview (changes nothing, says what would change) */
export const createMeterEvent = z.strictObject({
  kind: z.enum(meterEventKinds),
  /** A reading of this very instant belongs to the new state. */
  at: instant,
  counters: z
    .array(eventCounter)
    .min(1)
    .max(10)
    .refine((list) => new Set(list.map((c) => c.measurand)).size === list.length, 'each counter once'),
  note: z.string().trim().max(500).default(''),
  /** Replacement: serial number of the new meter. */
  serialNumber: z.string().trim().min(1).max(80).optional(),
  /** Ratio change: product of CT and VT ratio before and after. */
  ratio: z.strictObject({ before: z.number().positive(), after: z.number().positive() }).optional(),
  /** Index at which the new register returns to zero, where it differs from the old one's; null: never. */
  counterModulus: z.int().positive().nullable().optional(),
  /** The detected event that this one explains. */
  confirms: uuid.optional(),
});
export type CreateMeterEvent = z.input<typeof createMeterEvent>;

/** A day (local to the site) of one counter as it stands, and as it would be; null: nothing is known. */
const changedDay = z.object({
  date: localDate,
  measurand: counterName,
  before: z.number().nullable(),
  after: z.number().nullable(),
  qualityBefore: qualityShares,
  qualityAfter: qualityShares,
});

/** Answer of POST /meters/{meterId}/events/preview and GET /meters/{meterId}/events/{eventId}/removal */
export const meterEventPreview = z.object({
  meterId,
  /** Intervals in here are computed anew. */
  from: instant,
  to: instant,
  /** Days whose energy or quality would differ, in order. */
  days: z.array(changedDay),
  /** What the computation would notice with the change: `eventIndexInconsistent`, `backwardStep` … */
  findings: z.array(finding.extend({ at: instant, measurand: counterName })),
});
export type MeterEventPreview = z.infer<typeof meterEventPreview>;

/** DELETE /meters/{meterId}/events/{eventId}?reason= : takes a declared event back; who, when and why stay in the audit trail. */
export const removeMeterEvent = z.strictObject({ reason: z.string().trim().min(3).max(500) });

/**
 * GET /meters/{meterId}/partial-counters : counters that a person starts and resets; the meter's own register is not
 * touched. The value is the integer sum from `startedAt` up to `until`.
 */
export const partialCounter = z.object({
  id: uuid,
  name: z.string(),
  measurand: counterName,
  unit: z.string(),
  startedAt: instant,
  /** When it was reset or stopped; null while it runs. */
  stoppedAt: instant.nullable(),
  startedBy: z.string(),
  /** null: nothing is known yet. A lower bound where `quality.missing` > 0. */
  value: z.number().nullable(),
  until: instant.nullable(),
  quality: qualityShares,
});
export type PartialCounter = z.infer<typeof partialCounter>;
export const partialCounters = z.object({ meterId, partialCounters: z.array(partialCounter) });
export type PartialCounters = z.infer<typeof partialCounters>;

/** POST /meters/{meterId}/partial-counter : starts one; where one of that name runs, this resets it and keeps the old run. */
export const startPartialCounter = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** Default: the counter that the meter's consumption comes from. */
  measurand: counterName.optional(),
  /** Default: now. */
  at: instant.optional(),
});
export type StartPartialCounter = z.infer<typeof startPartialCounter>;

/** POST /meters/{meterId}/partial-counter/stop : stops the running one of that name. */
export const stopPartialCounter = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** Default: now. */
  at: instant.optional(),
});
export type StopPartialCounter = z.infer<typeof stopPartialCounter>;
