import { Injectable } from '@nestjs/common';
import type { JobRun } from '@wattproof/contracts/api';
import {
  addSignature,
  auditorOf,
  auditReportRun,
  type DossierRecord,
  findDossier,
  findReport,
  type ReportRecord,
  replacementOf,
} from '@wattproof/database';
import { createJobRun, recordEvent, recordEventBy, type Scope } from '@wattproof/database/queries';
import { isChanged, type Locale, nothingChanged, openStatementsOf } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import { APIError } from 'better-auth/api';
import { fromNodeHeaders } from 'better-auth/node';
import type { Request } from 'express';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { JobService } from '../job/job.service.ts';
import { Resources } from '../resources.ts';
import { requireVisible } from './audit.service.ts';
import { changesOf, type StoredSnapshot, versionsOf } from './report-change.ts';

/** Tries at a password, so that a session left open is no way to guess it. */
const passwordLimit = { max: 5, window_s: 300 } as const;

/** Signing freezes: the signed report is made of the data of the draft that the auditor has read. */
@Injectable()
export class SigningService {
  constructor(
    private readonly resources: Resources,
    private readonly jobs: JobService,
  ) {}

  async sign(
    caller: Caller,
    auditId: string,
    wish: { readonly documentId: string; readonly password: string },
    headers: Request['headers'],
  ): Promise<JobRun> {
    const { database } = this.resources;
    const { scope } = caller;
    await database.readOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      await requireNamedAuditor(client, caller, auditId);
      await requireDraft(client, scope, { auditId, documentId: wish.documentId });
    });
    await this.requirePassword(caller, wish.password, headers);
    const { signatureId, locale } = await database.writeOrganisation(scope.organisationId, async (client) => {
      // Again, in the transaction that signs: somebody may have been faster.
      await requireNamedAuditor(client, caller, auditId);
      const draft = await requireDraft(client, scope, { auditId, documentId: wish.documentId });
      const id = await addSignature(client, scope, {
        auditId,
        draftDocumentId: draft.id,
        draftSha256: draft.sha256,
        signerUserId: caller.id,
        signerName: caller.name,
      });
      if (id === null) throw new AppError('conflict', 'This draft is signed already');
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'audit.sign',
        object: auditId,
        after: { signatureId: id, documentId: draft.id, sha256: draft.sha256 },
      });
      return { signatureId: id, locale: draft.locale };
    });
    return this.ask(caller, { auditId, locale, documentId: wish.documentId, signatureId });
  }

  async inLanguage(caller: Caller, documentId: string, locale: Locale): Promise<JobRun> {
    const { scope } = caller;
    const auditId = await this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const report = await findReport(client, scope, documentId);
      if (!report) throw new AppError('notFound', `There is no report ${documentId}`);
      await requireVisible(client, scope, report.auditId);
      return report.auditId;
    });
    return this.ask(caller, { auditId, locale, documentId });
  }

  /** A signed report computed again with the formulas that run now: a draft that replaces it once it is signed. */
  async reissue(caller: Caller, documentId: string, locale: Locale): Promise<JobRun> {
    const { scope } = caller;
    const auditId = await this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const report = await findReport(client, scope, documentId);
      if (!report) throw new AppError('notFound', `There is no report ${documentId}`);
      await requireVisible(client, scope, report.auditId);
      await requireReissuable(client, report);
      return report.auditId;
    });
    return this.ask(caller, { auditId, locale, reissueOf: documentId });
  }

  private async ask(
    caller: Caller,
    input: {
      auditId: string;
      locale: string;
      documentId?: string;
      signatureId?: string;
      reissueOf?: string;
    },
  ): Promise<JobRun> {
    const { database, jobs } = this.resources;
    const { scope } = caller;
    const id = await database.withOrganisation(scope.organisationId, async (tx) => {
      const audit = await tx.audit.findUnique({ where: { id: input.auditId }, select: { name: true } });
      const jobRunId = await createJobRun(tx, scope, {
        kind: auditReportRun,
        title: audit?.name ?? '',
        input,
        requestedBy: caller.name,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: input.reissueOf === undefined ? 'audit.requestReport' : 'audit.requestReissue',
        object: input.auditId,
        after: { jobRunId, ...input },
      });
      return jobRunId;
    });
    // Without Redis the bell is not heard; the workers look for waiting runs by themselves.
    await enqueue(jobs, 'makeAuditReport', { jobRunId: id });
    return this.jobs.one(caller, id);
  }

  private async requirePassword(
    caller: Caller,
    password: string,
    headers: Request['headers'],
  ): Promise<void> {
    const { auth, rateLimits } = this.resources;
    const key = `sign:${caller.id}`;
    const verdict = await rateLimits.count(key, passwordLimit);
    if (!verdict.allowed)
      throw new AppError('tooManyRequests', `Too many attempts; try again in ${verdict.retryAfter_s} s`, {
        retryAfter_s: verdict.retryAfter_s,
      });
    try {
      await auth.api.verifyPassword({ body: { password }, headers: fromNodeHeaders(headers) });
    } catch (error) {
      if (error instanceof APIError)
        throw new AppError('invalid', 'password: is not the one of this account', {
          errors: [{ path: 'password', message: 'is not the one of this account' }],
        });
      throw error;
    }
    await rateLimits.forget(key);
  }
}

/** @throws AppError conflict, saying why this report is not issued again. */
async function requireReissuable(client: PoolClient, report: ReportRecord): Promise<void> {
  const refuse = (message: string): never => {
    throw new AppError('conflict', message, { documentId: report.id });
  };
  if (report.signatureId === null) refuse('This report is a draft: make it again instead of re-issuing it');
  else if (await replacementOf(client, report.signatureId)) refuse('This report is replaced already');
  if (report.groundSha256 === null)
    refuse('What this report was computed from was not kept: make a new report');
  if (!isChanged(changesOf(versionsOf(report.snapshot as StoredSnapshot)))) refuse(nothingChanged);
}

async function requireNamedAuditor(client: PoolClient, caller: Caller, auditId: string): Promise<void> {
  const isAuditor = caller.kind === 'person' && caller.membership?.role === 'auditor';
  if (!isAuditor || (await auditorOf(client, auditId)) !== caller.id)
    throw new AppError('forbidden', 'Only the auditor who is named for this audit can sign its reports');
}

/** The draft, if it says all that is stated now and nothing is missing in it. */
async function requireDraft(
  client: PoolClient,
  scope: Scope,
  { auditId, documentId }: { readonly auditId: string; readonly documentId: string },
): Promise<{ readonly id: string; readonly locale: string; readonly sha256: string }> {
  const report = await findReport(client, scope, documentId);
  if (!report || report.auditId !== auditId)
    throw new AppError('notFound', `There is no report ${documentId} of this audit`);
  if (report.signatureId !== null) throw new AppError('conflict', 'This report is signed already');
  const { dossier: printed, reissue } = report.snapshot as {
    readonly dossier?: Pick<DossierRecord, 'version' | 'content'>;
    readonly reissue?: { readonly signature: { readonly id: string } };
  };
  // A re-issue repeats what was stated in the report that it replaces, word for word.
  const dossier = reissue && printed ? printed : await findDossier(client, auditId);
  if (reissue && (await replacementOf(client, reissue.signature.id)))
    throw new AppError('conflict', 'The report that this draft re-issues is replaced already');
  if ((printed?.version ?? 0) !== dossier.version)
    throw new AppError(
      'conflict',
      `The draft has version ${printed?.version ?? 0} of what is stated, version ${dossier.version} is in force`,
    );
  const open = openStatementsOf(dossier.content);
  if (open.length > 0)
    throw new AppError('invalid', `Statements of the auditor are open: ${open.join(', ')}`, {
      errors: open.map((statement) => ({ path: statement, message: 'is not stated' })),
    });
  return report;
}
