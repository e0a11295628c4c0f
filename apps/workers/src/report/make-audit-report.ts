import { createHash } from 'node:crypto';
import {
  type AuditRecord,
  auditEnpis,
  auditEvents,
  computeAudit,
  findDossier,
  findReport,
  findSignature,
  findSignedReport,
  finishJobRun,
  type JobRunWork,
  listPhotos,
  listReviews,
  listUnits,
  lockJobRun,
  photoBytes,
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
import { writeScheduledMails } from '../mail/report-mail.ts';
import type { Resources } from '../resources.ts';
import { auditSnapshot, signedSnapshot } from './audit-snapshot.ts';

const inputSchema = z.object({
  auditId: z.uuid(),
  locale: z.enum(locales),
  /** The data of this report, in another language or with the signature. */
  documentId: z.uuid().optional(),
  signatureId: z.uuid().optional(),
  /** Schedule that asked for it: the report goes to its recipients. */
  scheduleId: z.uuid().optional(),
});
type ReportInput = z.infer<typeof inputSchema>;

/** Steps of a report, in order; catalogues translate the names. */
export const reportSteps = ['readAccount', 'readPerformance', 'drawDocument', 'storeDocument'] as const;
export type ReportStep = (typeof reportSteps)[number];

type Needs = Pick<Resources, 'pool' | 'notices' | 'logger' | 'portalUrl'>;

/**
 * Makes the report that a job run asks for and stores it as bytes with its fingerprint and its snapshot. A run that is
 * over is left alone, so that a second ring makes no second document.
 */
export function makeAuditReport(resources: Needs, jobRunId: string, context: JobContext): Promise<void> {
  return carryOut(resources, jobRunId, context, 'report', (run) => makeReport(resources, run));
}

async function makeReport({ pool, notices, portalUrl }: Needs, run: JobRunWork): Promise<void> {
  const parsed = inputSchema.safeParse(run.input);
  if (!parsed.success)
    throw new AppError('invalid', 'The run does not say which audit and language', { input: run.input });
  const input = parsed.data;
  const { auditId, locale } = input;
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
  const data = await withScope(
    pool,
    scope,
    async (client): Promise<ReportData> => {
      const read =
        input.documentId === undefined
          ? { snapshot: await newSnapshot(client, { auditId, by: run.requestedBy, step }), signatureId: null }
          : await keptSnapshot(client, { organisationId: scope, input, documentId: input.documentId });
      const digests = (read.snapshot.photos ?? []).map(({ sha256 }) => sha256);
      return { ...read, photos: await photoBytes(client, auditId, digests) };
    },
    { readOnly: true, repeatableRead: true },
  );

  await step('drawDocument');
  const { snapshot, signatureId } = data;
  const content = renderAuditReport(snapshot, locale, data.photos);

  await step('storeDocument');
  const sha256 = createHash('sha256').update(content).digest('hex');
  await withScope(pool, scope, async (client) => {
    if (!(await lockJobRun(client, run.id))) return;
    // A signed report exists once in each language: whoever asks again gets the same.
    const known = signatureId === null ? null : await findSignedReport(client, signatureId, locale);
    const documentId =
      known ??
      (await storeAuditReport(client, {
        organisationId: scope,
        auditId,
        name: auditReportName(snapshot, locale),
        locale,
        content,
        sha256,
        snapshot,
        createdBy: run.requestedBy,
        signatureId,
      }));
    if (input.scheduleId !== undefined)
      await writeScheduledMails(client, input.scheduleId, {
        organisationId: scope,
        documentId,
        sha256,
        snapshot,
        portalUrl,
      });
    await finishJobRun(client, run.id, { documentId, sha256, bytes: content.length });
  });
  notices.jobRunChanged(scope, run.id);
}

interface ReportData {
  readonly snapshot: AuditReportSnapshot;
  /** Null: a draft. */
  readonly signatureId: string | null;
  readonly photos: ReadonlyMap<string, Buffer>;
}

/** What there is to say now. */
async function newSnapshot(
  client: ClientBase,
  {
    auditId,
    by,
    step,
  }: {
    readonly auditId: string;
    readonly by: string;
    readonly step: (name: ReportStep) => Promise<void>;
  },
): Promise<AuditReportSnapshot> {
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
    dossier: await findDossier(client, auditId),
    photos: await listPhotos(client, auditId),
    createdAt,
    createdBy: by,
  });
}

/** What an earlier report says: unchanged in another language, or with the signature that was put under it. */
async function keptSnapshot(
  client: ClientBase,
  {
    organisationId,
    input,
    documentId,
  }: { readonly organisationId: number; readonly input: ReportInput; readonly documentId: string },
): Promise<Pick<ReportData, 'snapshot' | 'signatureId'>> {
  const report = await findReport(client, { organisationId }, documentId);
  if (!report || report.auditId !== input.auditId)
    throw new AppError('notFound', 'There is no such report', { documentId });
  // Stored by this function: its shape is ours.
  const snapshot = report.snapshot as AuditReportSnapshot;
  if (input.signatureId === undefined) return { snapshot, signatureId: report.signatureId };
  const signature = await findSignature(client, input.signatureId);
  if (!signature || signature.draftDocumentId !== documentId)
    throw new AppError('notFound', 'There is no such signature of the report', { documentId });
  return { snapshot: signedSnapshot(snapshot, signature), signatureId: signature.id };
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
