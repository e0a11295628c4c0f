import type { ClientBase } from 'pg';

/** Kind of a run that makes an audit report: the name of its job. Input: `{ auditId, locale }`. */
export const auditReportRun = 'makeAuditReport';

/** Kind of a run that ends what the retention policies end. Input: `{}`. */
export const retentionRun = 'applyRetention';

/** A run as the workers take it up. */
export interface JobRunWork {
  readonly id: string;
  readonly organisationId: number;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly requestedBy: string;
}

/** Takes up a run that waits, or that an earlier try left under way; null where it is over or does not exist. */
export async function beginJobRun(client: ClientBase, id: string): Promise<JobRunWork | null> {
  const { rows } = await client.query<{
    id: string;
    organisation_id: number;
    kind: string;
    input: Record<string, unknown>;
    requested_by: string;
  }>(
    `UPDATE job_run SET state = 'running', started_at = coalesce(started_at, now()), error = NULL
     WHERE id = $1 AND state IN ('waiting', 'running')
     RETURNING id, organisation_id, kind, input, requested_by`,
    [id],
  );
  const [row] = rows;
  return row
    ? {
        id: row.id,
        organisationId: row.organisation_id,
        kind: row.kind,
        input: row.input,
        requestedBy: row.requested_by,
      }
    : null;
}

export interface JobRunStep {
  /** Stable name of the step; catalogues translate it. */
  readonly step: string;
  /** From 1. */
  readonly stepNumber: number;
  readonly stepCount: number;
  readonly percent: number;
}

export async function saveJobRunStep(client: ClientBase, id: string, step: JobRunStep): Promise<void> {
  await client.query(
    'UPDATE job_run SET step = $2, step_number = $3, step_count = $4, percent = $5 WHERE id = $1',
    [id, step.step, step.stepNumber, step.stepCount, step.percent],
  );
}

/** Locks a run that is still to be finished; false where another worker was first. */
export async function lockJobRun(client: ClientBase, id: string): Promise<boolean> {
  const { rows } = await client.query<{ state: string }>(
    'SELECT state FROM job_run WHERE id = $1 FOR UPDATE',
    [id],
  );
  return rows[0]?.state === 'running';
}

export async function finishJobRun(
  client: ClientBase,
  id: string,
  result: Readonly<Record<string, unknown>>,
): Promise<void> {
  await client.query(
    `UPDATE job_run SET state = 'done', percent = 100, step_number = step_count, result = $2, finished_at = now()
     WHERE id = $1`,
    [id, JSON.stringify(result)],
  );
}

export async function failJobRun(client: ClientBase, id: string, error: string): Promise<void> {
  await client.query(
    `UPDATE job_run SET state = 'failed', error = $2, finished_at = now() WHERE id = $1 AND state <> 'done'`,
    [id, error],
  );
}

/** Runs of a kind that wait longer than their doorbell takes, or that a worker left behind. */
export async function overdueJobRuns(
  client: ClientBase,
  kind: string,
  limits: { readonly waiting_s: number; readonly running_s: number },
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM job_run WHERE kind = $1
       AND ((state = 'waiting' AND created_at < now() - make_interval(secs => $2))
         OR (state = 'running' AND started_at < now() - make_interval(secs => $3)))
     ORDER BY created_at LIMIT 100`,
    [kind, limits.waiting_s, limits.running_s],
  );
  return rows.map((row) => row.id);
}
