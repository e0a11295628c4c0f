import { Injectable } from '@nestjs/common';
import type { JobRun, Permission } from '@wattproof/contracts/api';
import { auditReportRun, evidenceBundleRun, retentionRun } from '@wattproof/database';
import { type JobRunRow, listJobRuns } from '@wattproof/database/queries';
import { jobChannel } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

const listLimit = 50;
const shortestPause_ms = 250;
/** Without a bell (Redis away) a look now and then. */
const longestPause_ms = 5_000;

/** Whoever may not read an audit is not told about its report either. */
const permissionOf: Readonly<Record<string, Permission>> = {
  [auditReportRun]: 'audit:read',
  [evidenceBundleRun]: 'audit:read',
  [retentionRun]: 'settings:read',
};

@Injectable()
export class JobService {
  constructor(private readonly resources: Resources) {}

  list(caller: Caller): Promise<JobRun[]> {
    return this.read(caller, { limit: listLimit });
  }

  async one(caller: Caller, id: string): Promise<JobRun> {
    const [run] = await this.read(caller, { id, limit: 1 });
    if (!run) throw new AppError('notFound', `There is no job run ${id}`);
    return run;
  }

  /** Runs that are under way at once, then every change. */
  async stream(caller: Caller, response: Response): Promise<void> {
    const { bells, logger, streams } = this.resources;
    if (streams.isFull) throw new AppError('notReady', 'Too many streams are open');
    const first = await this.list(caller);
    const stream = streams.start(response);
    const sent = new Map(first.map((run) => [run.id, fingerprint(run)]));
    for (const run of first.toReversed())
      if (run.state === 'waiting' || run.state === 'running') stream.send('job', run);
    let pending: NodeJS.Timeout | undefined;
    const look = async (): Promise<void> => {
      try {
        for (const run of (await this.list(caller)).toReversed()) {
          if (sent.get(run.id) === fingerprint(run)) continue;
          sent.set(run.id, fingerprint(run));
          stream.send('job', run);
        }
      } catch (error) {
        // Recovery: the next bell or the timer looks again.
        logger.warn({ err: error }, 'could not read job runs');
      } finally {
        pending = undefined;
      }
    };
    const ring = (): void => {
      pending ??= setTimeout(() => void look(), shortestPause_ms);
    };
    const timer = setInterval(ring, longestPause_ms);
    const stopListening = bells.listen(jobChannel(caller.scope.organisationId), ring);
    stream.onEnd(() => {
      clearInterval(timer);
      clearTimeout(pending);
      stopListening();
    });
  }

  private read({ scope, permissions }: Caller, filter: { id?: string; limit: number }): Promise<JobRun[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const now_ms = Date.now();
      return (await listJobRuns(client, scope, filter))
        .filter((row) => {
          const needed = permissionOf[row.kind];
          return needed === undefined || permissions.has(needed);
        })
        .map((row) => jobRunView(row, now_ms));
    });
  }
}

const fingerprint = (run: JobRun): string => `${run.state}/${run.stepNumber}/${run.step}/${run.percent}`;

/** Time left, if the rest goes as fast as what is done; null until something is done. */
export function remaining_s(percent: number, elapsed_ms: number): number | null {
  if (!(percent > 0) || elapsed_ms <= 0) return null;
  return Math.max(0, Math.round((elapsed_ms / 1_000 / percent) * (100 - percent)));
}

export function jobRunView({ createdAt, startedAt, finishedAt, ...row }: JobRunRow, now_ms: number): JobRun {
  return {
    ...row,
    result: row.result && { ...row.result },
    remaining_s:
      row.state === 'running' && startedAt ? remaining_s(row.percent, now_ms - startedAt.getTime()) : null,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
