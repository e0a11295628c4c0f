import {
  applyRetention as applyClass,
  beginJobRun,
  type ClassPlan,
  everyOrganisation,
  failJobRun,
  finishJobRun,
  keepDaysOf,
  planRetention,
  readPolicies,
  retentionRun,
  saveJobRunStep,
  withScope,
} from '@wattproof/database';
import type { Pool } from 'pg';
import type { Resources } from '../resources.ts';

type Needs = Pick<Resources, 'pool' | 'notices' | 'logger'>;

/** A waiting run for every organisation that ends anything. Returns their ids. */
export function planDailyRuns(pool: Pool): Promise<string[]> {
  return withScope(pool, everyOrganisation, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO job_run (organisation_id, kind, title, requested_by)
       SELECT DISTINCT p.organisation_id, $1, 'Retention', 'Wattproof' FROM retention_policy p
       WHERE p.keep_days IS NOT NULL AND NOT EXISTS (
         SELECT FROM job_run r WHERE r.organisation_id = p.organisation_id AND r.kind = $1
           AND r.state IN ('waiting', 'running'))
       RETURNING id`,
      [retentionRun],
    );
    return rows.map((row) => row.id);
  });
}

/**
 * Ends what an organisation's policies end and is finalised, and leaves a receipt: rows that went, what was held back and
 * why. A run that is over is left alone; one that was broken off goes on with what is left.
 */
export async function applyRetention(resources: Needs, jobRunId: string): Promise<void> {
  const { pool, notices, logger } = resources;
  const run = await withScope(pool, everyOrganisation, (client) => beginJobRun(client, jobRunId));
  if (!run) return;
  const { organisationId } = run;
  try {
    const plans = await withScope(
      pool,
      organisationId,
      async (client) =>
        planRetention(client, {
          organisationId,
          keep: keepDaysOf(await readPolicies(client, organisationId)),
          now_ms: Date.now(),
        }),
      { readOnly: true },
    );
    const receipt: object[] = [];
    for (const [position, plan] of plans.entries()) {
      const step = async (rows: number): Promise<void> => {
        const share = plan.rows > 0 ? Math.min(1, rows / plan.rows) : 0;
        await withScope(pool, organisationId, (client) =>
          saveJobRunStep(client, run.id, {
            step: plan.class,
            stepNumber: position + 1,
            stepCount: plans.length,
            percent: (100 * (position + share)) / plans.length,
          }),
        );
        notices.jobRunChanged(organisationId, run.id);
      };
      await step(0);
      receipt.push(receiptOf(plan, await applyClass(pool, organisationId, plan, step)));
    }
    await withScope(pool, organisationId, (client) => finishJobRun(client, run.id, { classes: receipt }));
    logger.info({ organisationId, jobRunId, classes: receipt }, 'retention applied');
  } catch (error) {
    await withScope(pool, organisationId, (client) =>
      failJobRun(client, run.id, 'It broke off; what is left goes in the next run. The log has the cause'),
    );
    throw error;
  } finally {
    notices.jobRunChanged(organisationId, run.id);
  }
}

function receiptOf(
  plan: ClassPlan,
  applied: { readonly rows: number; readonly droppedChunks: number },
): object {
  return {
    class: plan.class,
    keep_days: plan.keepDays,
    before: plan.before?.toISOString() ?? null,
    rows: applied.rows,
    bytes: plan.rows > 0 ? Math.round((plan.bytes * applied.rows) / plan.rows) : 0,
    meters: plan.meterIds.length,
    held: plan.held.map((held) => ({ ...held, oldest: held.oldest?.toISOString() ?? null })),
    droppedChunks: applied.droppedChunks,
  };
}
