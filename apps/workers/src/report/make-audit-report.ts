import { createHash } from 'node:crypto';
import {
  type AuditRecord,
  auditEvents,
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
  type ReportRecord,
  reportGround,
  saveJobRunStep,
  storeAuditReport,
  storeReportGround,
  withScope,
} from '@wattproof/database';
import { isChanged, locales, nothingChanged, type Obligation, obligations } from '@wattproof/energy';
import type { JobContext } from '@wattproof/jobs';
import { type AuditReportSnapshot, auditReportName, renderAuditReport } from '@wattproof/report';
import { AppError } from '@wattproof/runtime';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { carryOut } from '../job-run.ts';
import { writeScheduledMails } from '../mail/report-mail.ts';
import type { Resources } from '../resources.ts';
import { auditSnapshot, reissuedSnapshot, signedSnapshot } from './audit-snapshot.ts';
import { type ReportGround, readReportGround, reportFiguresOf } from './report-ground.ts';

const inputSchema = z.object({
  auditId: z.uuid(),
  locale: z.enum(locales),
  /** The data of this report, in another language or with the signature. */
  documentId: z.uuid().optional(),
  signatureId: z.uuid().optional(),
  /** Signed report whose data is computed again with the formulas that run now. */
  reissueOf: z.uuid().optional(),
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
      const read = await readReport(client, { organisationId: scope, input, by: run.requestedBy, step });
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
    if (data.ground && known === null)
      await storeReportGround(client, {
        organisationId: scope,
        auditId,
        sha256: data.groundSha256 ?? '',
        content: data.ground,
      });
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
        groundSha256: data.groundSha256,
        replacesSignatureId: data.replacesSignatureId,
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
  /** What it was computed from, where that is not kept yet. */
  readonly ground: ReportGround | null;
  readonly groundSha256: string | null;
  readonly replacesSignatureId: string | null;
  readonly photos: ReadonlyMap<string, Buffer>;
}
type ReadReport = Omit<ReportData, 'photos'>;

interface ReportWish {
  readonly organisationId: number;
  readonly input: ReportInput;
  readonly by: string;
  readonly step: (name: ReportStep) => Promise<void>;
}

function readReport(client: ClientBase, wish: ReportWish): Promise<ReadReport> {
  const { documentId, reissueOf } = wish.input;
  if (reissueOf !== undefined) return reissued(client, wish, reissueOf);
  return documentId === undefined ? newReport(client, wish) : keptReport(client, wish, documentId);
}

/** What there is to say now. */
async function newReport(client: ClientBase, { input, by, step }: ReportWish): Promise<ReadReport> {
  const { auditId } = input;
  const createdAt = new Date();
  const ground = await readReportGround(client, auditId);
  if (!ground) throw new AppError('notFound', 'There is no such audit', { auditId });
  await step('readPerformance');
  const figures = reportFiguresOf(ground);
  const { legalEntityId, periodFrom, periodTo } = figures.computed.audit;
  const events = await auditEvents(client, legalEntityId, { from: periodFrom, to: periodTo });
  const snapshot = auditSnapshot({
    figures,
    events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
    obligations: await obligationsOf(client, figures.computed.audit, createdAt),
    dossier: await findDossier(client, auditId),
    photos: await listPhotos(client, auditId),
    createdAt,
    createdBy: by,
  });
  const { groundSha256 } = figures;
  return { snapshot, signatureId: null, ground, groundSha256, replacesSignatureId: null };
}

/** A signed report computed again from what it was computed from, as a draft that replaces it once it is signed. */
async function reissued(
  client: ClientBase,
  { organisationId, input, by, step }: ReportWish,
  documentId: string,
): Promise<ReadReport> {
  const report = await requireReport(client, { organisationId, auditId: input.auditId, documentId });
  const { signatureId, groundSha256 } = report;
  if (signatureId === null)
    throw new AppError('conflict', 'This report is a draft: make it again instead of re-issuing it');
  // Stored by this function: its shape is ours.
  const ground = (await reportGround(client, documentId)) as ReportGround | null;
  if (!ground)
    throw new AppError('conflict', 'What this report was computed from was not kept: make a new report');
  await step('readPerformance');
  const snapshot = reissuedSnapshot(
    { documentId, sha256: report.sha256, signatureId, snapshot: report.snapshot as AuditReportSnapshot },
    { figures: reportFiguresOf(ground), createdAt: new Date(), createdBy: by },
  );
  if (!snapshot.reissue || !isChanged(snapshot.reissue))
    throw new AppError('conflict', nothingChanged, { documentId });
  return { snapshot, signatureId: null, ground: null, groundSha256, replacesSignatureId: signatureId };
}

async function requireReport(
  client: ClientBase,
  {
    organisationId,
    auditId,
    documentId,
  }: { readonly organisationId: number; readonly auditId: string; readonly documentId: string },
): Promise<ReportRecord> {
  const report = await findReport(client, { organisationId }, documentId);
  if (!report || report.auditId !== auditId)
    throw new AppError('notFound', 'There is no such report', { documentId });
  return report;
}

/** What an earlier report says: unchanged in another language, or with the signature that was put under it. */
async function keptReport(
  client: ClientBase,
  { organisationId, input }: ReportWish,
  documentId: string,
): Promise<ReadReport> {
  const report = await requireReport(client, { organisationId, auditId: input.auditId, documentId });
  const { groundSha256, replacesSignatureId } = report;
  const kept = { ground: null, groundSha256, replacesSignatureId };
  // Stored by this function: its shape is ours.
  const snapshot = report.snapshot as AuditReportSnapshot;
  if (input.signatureId === undefined) return { ...kept, snapshot, signatureId: report.signatureId };
  const signature = await findSignature(client, input.signatureId);
  if (!signature || signature.draftDocumentId !== documentId)
    throw new AppError('notFound', 'There is no such signature of the report', { documentId });
  return { ...kept, snapshot: signedSnapshot(snapshot, signature), signatureId: signature.id };
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
