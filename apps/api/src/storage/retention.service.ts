import { Injectable } from '@nestjs/common';
import {
  dataClasses,
  type JobRun,
  type Retention,
  type RetentionPlan,
  type RetentionPolicy,
} from '@wattproof/contracts/api';
import { keepDaysOf, leastDays, planRetention, readPolicies, retentionRun } from '@wattproof/database';
import {
  createJobRun,
  findRunUnderWay,
  newestJobRun,
  recordEvent,
  type Scope,
  writePolicies,
} from '@wattproof/database/queries';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { JobService, jobRunView } from '../job/job.service.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class RetentionService {
  constructor(
    private readonly resources: Resources,
    private readonly jobs: JobService,
  ) {}

  read({ scope }: Caller): Promise<Retention> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const policies = await readPolicies(client, scope.organisationId);
      const last = await newestJobRun(client, scope, retentionRun);
      return {
        policies: dataClasses.map((name) => {
          const policy = policies.find((p) => p.class === name);
          return {
            class: name,
            keep_days: policy?.keepDays ?? null,
            least_days: leastDays[name],
            changedAt: policy?.changedAt.toISOString() ?? null,
            changedBy: policy?.changedBy ?? null,
          };
        }),
        lastRun: last ? jobRunView(last, Date.now()) : null,
      };
    });
  }

  async change(caller: Caller, policies: readonly RetentionPolicy[]): Promise<Retention> {
    requireLeast(policies);
    const { scope } = caller;
    const { database } = this.resources;
    const before = await database.readOrganisation(scope.organisationId, (client) =>
      readPolicies(client, scope.organisationId),
    );
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await writePolicies(tx, scope, policies, caller.name);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'retention.change',
        object: policies.map((p) => p.class).join(', '),
        before: { ...keepDaysOf(before) },
        after: Object.fromEntries(policies.map((p) => [p.class, p.keep_days])),
      });
    });
    return this.read(caller);
  }

  dryRun(scope: Scope, proposed: readonly RetentionPolicy[]): Promise<RetentionPlan> {
    requireLeast(proposed);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const inForce = keepDaysOf(await readPolicies(client, scope.organisationId));
      const keep = { ...inForce, ...Object.fromEntries(proposed.map((p) => [p.class, p.keep_days])) };
      const plans = await planRetention(client, {
        organisationId: scope.organisationId,
        keep,
        now_ms: Date.now(),
      });
      return {
        classes: plans.map((plan) => ({
          class: plan.class,
          keep_days: plan.keepDays,
          before: plan.before?.toISOString() ?? null,
          rows: plan.rows,
          bytes: plan.bytes,
          meters: plan.meterIds.length,
          held: plan.held.map((held) => ({ ...held, oldest: held.oldest?.toISOString() ?? null })),
        })),
      };
    });
  }

  async run(caller: Caller): Promise<JobRun> {
    const { scope } = caller;
    const { database, jobs } = this.resources;
    const jobRunId = await database.withOrganisation(scope.organisationId, async (tx) => {
      if (await findRunUnderWay(tx, scope, retentionRun))
        throw new AppError('conflict', 'A run is under way already');
      const id = await createJobRun(tx, scope, {
        kind: retentionRun,
        title: 'Retention',
        input: {},
        requestedBy: caller.name,
      });
      await recordEvent(tx, scope, { actor: caller.name, action: 'retention.run', object: id });
      return id;
    });
    // Without Redis the bell is not heard; the workers look for waiting runs by themselves.
    await enqueue(jobs, 'applyRetention', { jobRunId });
    return this.jobs.one(caller, jobRunId);
  }
}

/** @throws AppError invalid naming every class that would be kept for too short. */
function requireLeast(policies: readonly RetentionPolicy[]): void {
  const errors = policies.flatMap(({ class: name, keep_days }, i) =>
    keep_days !== null && keep_days < leastDays[name]
      ? [
          {
            path: `policies.${i}.keep_days`,
            message: `${name} must be kept for at least ${leastDays[name]} days`,
          },
        ]
      : [],
  );
  const [first] = errors;
  if (first) throw new AppError('invalid', first.message, { errors });
}
