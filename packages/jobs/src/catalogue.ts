/**
 * Every background job, once: its payload, its queue, when it runs by itself and how often it is tried.
 *
 * A job is a doorbell. It carries ids and periods, never data: the tables say what there is to do (dirty marks,
 * waiting job runs, cursors), so that a lost or doubled job costs time and nothing else.
 */
import { z } from 'zod';

/** One worker loop each; jobs of one queue share its concurrency. BullMQ refuses ':' in these names. */
export const queues = {
  intervals: { concurrency: 1 },
  alarms: { concurrency: 1 },
  performance: { concurrency: 1 },
  reports: { concurrency: 1 },
  evidence: { concurrency: 1 },
  mail: { concurrency: 1 },
  maintenance: { concurrency: 1 },
} as const satisfies Record<string, { readonly concurrency: number }>;
export type QueueName = keyof typeof queues;
export const queueNames = Object.keys(queues) as readonly QueueName[];

/** Regular runs: every so many seconds, or at a time of the day in UTC (`minute hour * * *`). */
export type Schedule =
  | { readonly kind: 'every'; readonly every_s: number }
  | { readonly kind: 'daily'; readonly pattern: string };

export interface JobDefinition {
  readonly queue: QueueName;
  readonly payload: z.ZodObject;
  /** Tries in all; a job that its schedule repeats anyway is tried once. */
  readonly attempts: number;
  /** Wait before the second try; it doubles from try to try. */
  readonly backoff_s?: number;
  /** Payload of the regular runs is `{}`. */
  readonly schedule?: Schedule;
}

export const jobCatalogue = {
  /** Builds intervals, tiers and virtual meters from the dirty marks, until there are none. */
  rebuildIntervals: {
    queue: 'intervals',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 15 },
  },
  /** Runs every enabled alarm rule over the readings since its cursor. */
  evaluateAlarms: {
    queue: 'alarms',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 10 },
  },
  /** Baseline where it is missing, and performance against it; of all EnPIs where none is named. */
  computeEnpi: {
    queue: 'performance',
    payload: z.strictObject({ enpiId: z.uuid().optional() }),
    attempts: 3,
    backoff_s: 10,
    schedule: { kind: 'every', every_s: 3600 },
  },
  /** Expected load of main and use meters; of all where none is named. */
  fitExpectedLoad: {
    queue: 'performance',
    payload: z.strictObject({ meterId: z.int().positive().optional() }),
    attempts: 3,
    backoff_s: 10,
    schedule: { kind: 'every', every_s: 86_400 },
  },
  /** The report that the row of `job_run` asks for. */
  makeAuditReport: {
    queue: 'reports',
    payload: z.strictObject({ jobRunId: z.uuid() }),
    attempts: 3,
    backoff_s: 5,
  },
  /** Seals the local days that are over and final, and restates those that changed since. */
  sealDays: {
    queue: 'evidence',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 600 },
  },
  /** The evidence bundle that the row of `job_run` asks for. */
  makeEvidenceBundle: {
    queue: 'reports',
    payload: z.strictObject({ jobRunId: z.uuid() }),
    attempts: 3,
    backoff_s: 5,
  },
  /** Rings again for job runs that wait although their doorbell is lost, or whose worker died. */
  resumeJobRuns: {
    queue: 'maintenance',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 30 },
  },
  /** Sends the mails that are due, one after the other. */
  sendMails: {
    queue: 'mail',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 60 },
  },
  /** Asks for the reports whose day has come. */
  runReportSchedules: {
    queue: 'mail',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 900 },
  },
  /** Writes the reminders of obligations and certificates. */
  remindObligations: {
    queue: 'mail',
    payload: z.strictObject({}),
    attempts: 3,
    backoff_s: 60,
    schedule: { kind: 'daily', pattern: '30 5 * * *' },
  },
  /** Makes the chunks of the coming days ahead of the first row, which would otherwise wait for them. */
  prepareChunks: {
    queue: 'maintenance',
    payload: z.strictObject({}),
    attempts: 3,
    backoff_s: 60,
    schedule: { kind: 'daily', pattern: '10 3 * * *' },
  },
  /** Ends what the retention policies end: of the run that is named, else of every organisation that has a policy. */
  applyRetention: {
    queue: 'maintenance',
    payload: z.strictObject({ jobRunId: z.uuid().optional() }),
    attempts: 3,
    backoff_s: 60,
    schedule: { kind: 'daily', pattern: '40 3 * * *' },
  },
  /** Measures what each organisation's data takes. */
  measureStorage: {
    queue: 'maintenance',
    payload: z.strictObject({}),
    attempts: 1,
    schedule: { kind: 'every', every_s: 3600 },
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof jobCatalogue;
export const jobNames = Object.keys(jobCatalogue) as readonly JobName[];
export type JobPayload<Name extends JobName> = z.infer<(typeof jobCatalogue)[Name]['payload']>;

/** The definition of a job without the literal types, for code that treats all alike. */
export const definitionOf = (name: JobName): JobDefinition => jobCatalogue[name];

/**
 * Jobs with equal keys run one after the other: while one is active at most one more waits, with the newest
 * payload. The key is the name and the payload, in the order of its fields' names.
 */
export function deduplicationKey(name: JobName, payload: Readonly<Record<string, unknown>>): string {
  const fields = Object.keys(payload)
    .sort()
    .map((field) => `${field}=${String(payload[field])}`);
  return [name, ...fields].join('/');
}
