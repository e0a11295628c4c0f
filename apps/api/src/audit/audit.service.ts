import { Injectable } from '@nestjs/common';
import type { AuditDetail, AuditSummary, JobRun } from '@wattproof/contracts/api';
import { auditReportRun, type ComputedAudit, computeAudit } from '@wattproof/database';
import {
  createJobRun,
  isAuditVisible,
  isPointOfAudit,
  listAuditIds,
  listDocuments,
  recordEvent,
  type Scope,
  type ScopeDecision,
  setAuditScope,
} from '@wattproof/database/queries';
import type { Locale } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { JobService } from '../job/job.service.ts';
import { Resources } from '../resources.ts';
import { auditDetailView, auditSummaryView } from './audit-view.ts';

@Injectable()
export class AuditService {
  constructor(
    private readonly resources: Resources,
    private readonly jobs: JobService,
  ) {}

  list(scope: Scope): Promise<AuditSummary[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const summaries: AuditSummary[] = [];
      for (const id of await listAuditIds(client, scope)) {
        const audit = await computeAudit(client, id);
        if (audit) summaries.push(auditSummaryView(audit));
      }
      return summaries;
    });
  }

  detail(scope: Scope, auditId: string): Promise<AuditDetail> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const audit = await requireAudit(client, scope, auditId);
      return auditDetailView(audit, await listDocuments(client, scope, auditId));
    });
  }

  async setScope(caller: Caller, decision: ScopeDecision): Promise<AuditDetail> {
    const { database } = this.resources;
    const { scope } = caller;
    const { auditId, deliveryPointId, included, reason } = decision;
    await database.readOrganisation(scope.organisationId, (client) => requireVisible(client, scope, auditId));
    await database.withOrganisation(scope.organisationId, async (tx) => {
      if (!(await isPointOfAudit(tx, auditId, deliveryPointId)))
        throw new AppError('notFound', 'The legal entity of this audit has no such delivery point');
      const before = await setAuditScope(tx, scope, decision);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'audit.setScope',
        object: `${auditId}/${deliveryPointId}`,
        ...(before ? { before: { ...before } } : {}),
        after: { included, reason },
      });
    });
    return this.detail(scope, auditId);
  }

  async requestReport(caller: Caller, auditId: string, locale: Locale): Promise<JobRun> {
    const { database, jobs } = this.resources;
    const { scope } = caller;
    const name = await database.readOrganisation(scope.organisationId, async (client) => {
      const { audit } = await requireAudit(client, scope, auditId);
      return audit.name;
    });
    const jobRunId = await database.withOrganisation(scope.organisationId, async (tx) => {
      const id = await createJobRun(tx, scope, {
        kind: auditReportRun,
        title: name,
        input: { auditId, locale },
        requestedBy: caller.name,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'audit.requestReport',
        object: auditId,
        after: { jobRunId: id, locale },
      });
      return id;
    });
    // Without Redis the bell is not heard; the workers look for waiting runs by themselves.
    await enqueue(jobs, 'makeAuditReport', { jobRunId });
    return this.jobs.one(caller, jobRunId);
  }
}

export async function requireVisible(client: PoolClient, scope: Scope, auditId: string): Promise<void> {
  if (!(await isAuditVisible(client, scope, auditId)))
    throw new AppError('notFound', `There is no audit ${auditId}`);
}

export async function requireAudit(
  client: PoolClient,
  scope: Scope,
  auditId: string,
): Promise<ComputedAudit> {
  await requireVisible(client, scope, auditId);
  const audit = await computeAudit(client, auditId);
  if (!audit) throw new AppError('notFound', `There is no audit ${auditId}`);
  return audit;
}
