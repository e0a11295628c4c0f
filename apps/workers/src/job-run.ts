import { beginJobRun, everyOrganisation, failJobRun, type JobRunWork, withScope } from '@wattproof/database';
import type { JobContext } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { Resources } from './resources.ts';

/**
 * Carries out what a job run asks for. A run that is over is left alone, so that a second ring makes nothing twice; one
 * that cannot be made, or was tried for the last time, says so to whoever asked.
 * @param noun what is made, as people call it: `report`, `bundle`
 */
export async function carryOut(
  { pool, notices, logger }: Pick<Resources, 'pool' | 'notices' | 'logger'>,
  jobRunId: string,
  { isLast }: JobContext,
  noun: string,
  make: (run: JobRunWork) => Promise<void>,
): Promise<void> {
  const run = await withScope(pool, everyOrganisation, (client) => beginJobRun(client, jobRunId));
  if (!run) return;
  notices.jobRunChanged(run.organisationId, run.id);
  try {
    await make(run);
  } catch (error) {
    const isExpected = error instanceof AppError;
    if (isExpected || isLast) {
      logger.error({ err: error, jobRunId }, `a ${noun} was not made`);
      const message = isExpected
        ? error.message
        : `The ${noun} could not be made; the operator finds the cause in the log`;
      await withScope(pool, run.organisationId, (client) => failJobRun(client, run.id, message));
      notices.jobRunChanged(run.organisationId, run.id);
    }
    throw error;
  }
}
