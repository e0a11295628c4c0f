import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import { type JobRunRow, listJobRuns } from './job-run.queries.ts';
import type { DataClass } from './retention/policy.ts';
import type { Scope } from './scope.ts';

/** Sets how long classes are kept; those not named stay as they are. */
export async function writePolicies(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  policies: readonly { readonly class: DataClass; readonly keep_days: number | null }[],
  changedBy: string,
): Promise<void> {
  for (const { class: name, keep_days: keepDays } of policies)
    await tx.retentionPolicy.upsert({
      where: { organisationId_class: { organisationId, class: name } },
      create: { organisationId, class: name, keepDays, changedBy },
      update: { keepDays, changedBy, changedAt: new Date() },
    });
}

/** Whether a run of a kind waits or is being carried out. */
export const findRunUnderWay = async (
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  kind: string,
): Promise<boolean> =>
  (await tx.jobRun.count({ where: { organisationId, kind, state: { in: ['waiting', 'running'] } } })) > 0;

/** The newest run of a kind. */
export async function newestJobRun(
  client: PoolClient,
  scope: Scope,
  kind: string,
): Promise<JobRunRow | undefined> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM job_run WHERE organisation_id = $1 AND kind = $2 ORDER BY created_at DESC LIMIT 1',
    [scope.organisationId, kind],
  );
  const [newest] = rows;
  return newest ? (await listJobRuns(client, scope, { id: newest.id, limit: 1 }))[0] : undefined;
}
