import { createHash } from 'node:crypto';
import {
  type AuditRecord,
  auditEnpis,
  auditEvents,
  computeAudit,
  finishJobRun,
  type JobRunWork,
  listReviews,
  listUnits,
  lockJobRun,
  profileOfUnit,
  saveJobRunStep,
  storeAuditReport,
  withScope,
} from '@wattproof/database';
import { locales, type Obligation, obligations } from '@wattproof/energy';
import type { JobContext } from '@wattproof/jobs';
import { type AuditReportSnapshot, auditReportName, renderAuditReport } from '@wattproof/report';
import { AppError } from '@wattproof/runtime';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { carryOut } from '../job-run.ts';
import type { Resources } from '../resources.ts';
import { auditSnapshot } from './audit-snapshot.ts';

const inputSchema = z.object({ auditId: z.uuid(), locale: z.enum(locales) });

/** Steps of a report, in order; catalogues translate the names. */
export const reportSteps = ['readAccount', 'readPerformance', 'drawDocument', 'storeDocument'] as const;
export type ReportStep = (typeof reportSteps)[number];

type Needs = Pick<Resources, 'pool' | 'notices' | 'logger'>;

/**
 * Makes the report that a job run asks for and stores it as bytes with its fingerprint and its snapshot. A run that is
 * over is left alone, so that a second ring makes no second document.
 */
export function makeAuditReport(resources: Needs, jobRunId: string, context: JobContext): Promise<void> {
  return carryOut(resources, jobRunId, context, 'report', (run) => makeReport(resources, run));
}

async function makeReport({ pool, notices }: Needs, run: JobRunWork): Promise<void> {
  const input = inputSchema.safeParse(run.input);
  if (!input.success)
    throw new AppError('invalid', 'The run does not say which audit and language', { input: run.input });
  const { auditId, locale } = input.data;
  const scope = run.organisationId;
  const step = async (name: ReportStep): Promise<void> => {
    const position = reportSteps.indexOf(name);
    await withScope(pool, scope, (client) =>
      saveJobRunStep(client, run.id, {
        step: name,
        stepNumber: position + 1,
        stepCount: reportSteps.length,
        percent: (100 * position) / reportSteps.length,
      }),
    );
    notices.jobRunChanged(scope, run.id);
  };

  await step('readAccount');
  // One snapshot of the database for everything that the report says.
  const snapshot = await withScope(
    pool,
    scope,
    async (client): Promise<AuditReportSnapshot> => {
      const createdAt = new Date();
      const computed = await computeAudit(client, auditId);
      if (!computed) throw new AppError('notFound', 'There is no such audit', { auditId });
      await step('readPerformance');
      const { legalEntityId, periodFrom, periodTo } = computed.audit;
      const enpis = await auditEnpis(client, legalEntityId);
      const events = await auditEvents(client, legalEntityId, { from: periodFrom, to: periodTo });
      return auditSnapshot({
        computed,
        enpis: enpis.map(({ name, siteName, version, model, ...performance }) => ({
          name,
          siteName,
          version,
          model,
          performance,
        })),
        events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
        obligations: await obligationsOf(client, computed.audit, createdAt),
        createdAt,
        createdBy: run.requestedBy,
      });
    },
    { readOnly: true, repeatableRead: true },
  );

  await step('drawDocument');
  const content = renderAuditReport(snapshot, locale);

  await step('storeDocument');
  const sha256 = createHash('sha256').update(content).digest('hex');
  await withScope(pool, scope, async (client) => {
    if (!(await lockJobRun(client, run.id))) return;
    const documentId = await storeAuditReport(client, {
      organisationId: scope,
      auditId,
      name: auditReportName(snapshot, locale),
      locale,
      content,
      sha256,
      snapshot,
      createdBy: run.requestedBy,
    });
    await finishJobRun(client, run.id, { documentId, sha256, bytes: content.length });
  });
  notices.jobRunChanged(scope, run.id);
}

/** Years before a date that rules look at. */
const yearCount = 3;

/** What the rules in force on the day of the report ask of the entity. */
async function obligationsOf(
  client: ClientBase,
  { organisationId, legalEntityId }: Pick<AuditRecord, 'organisationId' | 'legalEntityId'>,
  at: Date,
): Promise<readonly Obligation[]> {
  const scope = { organisationId, siteIds: null };
  const [unit] = await listUnits(client, scope, legalEntityId);
  if (!unit) return [];
  const on = at.toISOString().slice(0, 10);
  const thisYear = Number(on.slice(0, 4));
  const years = Array.from({ length: yearCount }, (_, i) => thisYear - yearCount + i);
  const { profile } = await profileOfUnit(client, unit, years);
  return obligations(profile, on, { reviewers: await listReviews(client, scope) });
}
