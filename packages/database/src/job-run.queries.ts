import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { InputJsonObject } from './generated/internal/prismaNamespace.ts';
import type { Scope } from './scope.ts';

export interface JobRunRow {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly step: string;
  readonly stepNumber: number;
  readonly stepCount: number;
  readonly percent: number;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Job runs of the organisation, the newest first. */
export async function listJobRuns(
  client: PoolClient,
  scope: Scope,
  { id, limit }: { readonly id?: string; readonly limit: number },
): Promise<JobRunRow[]> {
  const { rows } = await client.query<JobRunRow>(
    `SELECT id, kind, title, state, step, step_number AS "stepNumber", step_count AS "stepCount", percent, result, error,
       requested_by AS "requestedBy", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"
     FROM job_run WHERE organisation_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY created_at DESC, id LIMIT $3`,
    [scope.organisationId, id ?? null, limit],
  );
  return rows;
}

export interface NewJobRun {
  readonly kind: string;
  readonly title: string;
  readonly input: InputJsonObject;
  readonly requestedBy: string;
}

/** A waiting run; ring for it after the transaction. */
export async function createJobRun(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  run: NewJobRun,
): Promise<string> {
  const { id } = await tx.jobRun.create({ data: { organisationId, ...run }, select: { id: true } });
  return id;
}
