import { z } from 'zod';
import { instant, uuid } from './value.ts';

/** GET /jobs, /jobs/{id}; events `job` of GET /jobs/stream. */
export const jobRun = z.object({
  id: uuid,
  kind: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  step: z.string(),
  stepNumber: z.int(),
  stepCount: z.int(),
  percent: z.number(),
  /** Estimated of the time so far; null until something is known. */
  remaining_s: z.number().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type JobRun = z.infer<typeof jobRun>;
export const jobRuns = z.object({ jobs: z.array(jobRun) });
