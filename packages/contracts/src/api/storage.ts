import { z } from 'zod';
import { jobRun } from './job-run.ts';
import { instant } from './value.ts';

/** Kinds of stored data that grow with time and that a policy can end. */
export const dataClasses = ['readings', 'intervals', 'deadLetters', 'conflicts'] as const;
export type DataClass = (typeof dataClasses)[number];
export const dataClass = z.enum(dataClasses).meta({ id: 'DataClass' });

/** GET /storage : what the organisation's data takes, how it grows and where that leads. Figures are of its own data. */
export const storage = z.object({
  /** Null until the first measurement; one is made every hour. */
  measuredAt: instant.nullable(),
  bytes: z.number(),
  growth_bytes_per_day: z.number().nullable(),
  classes: z.array(
    z.object({
      class: dataClass,
      rows: z.number(),
      bytes: z.number(),
      oldest: instant.nullable(),
      newest: instant.nullable(),
      /** Over the last 30 days, or as long as is known; null before that. */
      growth_rows_per_day: z.number().nullable(),
      growth_bytes_per_day: z.number().nullable(),
      keep_days: z.int().nullable(),
    }),
  ),
  /** If it goes on growing as it does and the policies in force end what they end. */
  forecast: z.array(z.object({ months: z.int(), at: instant, bytes: z.number() })),
  /** Earlier measurements, one a day, the oldest first. */
  history: z.array(z.object({ at: instant, bytes: z.number(), rows: z.number() })),
  /** Chunks of the hypertables; they hold the data of all organisations of the installation. */
  chunks: z.array(
    z.object({
      class: z.enum(['readings', 'intervals']),
      count: z.int(),
      /** Width of the chunks made from now on. */
      width_s: z.number(),
      /** Rows up to here have their chunk already. */
      preparedUntil: instant.nullable(),
      largest_bytes: z.number(),
      /** A chunk with its indexes should stay below a quarter of the database's memory. */
      budget_bytes: z.number().nullable(),
    }),
  ),
  licence: z.object({
    /** `timescaledb.license` of the database. */
    edition: z.enum(['apache', 'timescale']),
    /** Whether old chunks are packed into the columnstore: Community edition only. */
    columnstore: z.boolean(),
    packedChunks: z.int(),
  }),
});
export type Storage = z.infer<typeof storage>;

/** How long a class is kept; null: for ever. */
export const retentionPolicy = z.strictObject({
  class: dataClass,
  keep_days: z.int().positive().max(36_500).nullable(),
});
export type RetentionPolicy = z.infer<typeof retentionPolicy>;

/** GET /retention */
export const retention = z.object({
  policies: z.array(
    z.object({
      class: dataClass,
      keep_days: z.int().nullable(),
      /** Fewer days are refused. */
      least_days: z.int(),
      changedAt: instant.nullable(),
      changedBy: z.string().nullable(),
    }),
  ),
  /** Newest run with its receipt. */
  lastRun: jobRun.nullable(),
});
export type Retention = z.infer<typeof retention>;

/** PUT /retention (all or some classes), POST /retention/dry-run (proposed policies; none: those in force). */
export const changeRetention = z.strictObject({
  policies: z
    .array(retentionPolicy)
    .max(dataClasses.length)
    .refine((list) => new Set(list.map((p) => p.class)).size === list.length, 'each class at most once'),
});

/** Why something older than the policy says stays. */
export const retentionHolds = [
  /** Readings whose intervals are not computed yet. */
  'dirtyMarks',
  /** Readings without intervals of their time: what was consumed would be known nowhere else. */
  'intervalsMissing',
  /** Not seen by a person yet. */
  'open',
] as const;

/** Answer of POST /retention/dry-run, and `result` of the job run that POST /retention/runs answers (`rows` and `bytes` are then what went). */
export const retentionPlan = z.object({
  classes: z.array(
    z.object({
      class: dataClass,
      keep_days: z.int().nullable(),
      /** What lies before goes; null: nothing does. */
      before: instant.nullable(),
      rows: z.number(),
      /** Estimated. */
      bytes: z.number(),
      meters: z.int(),
      held: z.array(
        z.object({
          reason: z.enum(retentionHolds),
          meters: z.int(),
          rows: z.number(),
          oldest: instant.nullable(),
        }),
      ),
    }),
  ),
});
export type RetentionPlan = z.infer<typeof retentionPlan>;
