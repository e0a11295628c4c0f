import { Injectable } from '@nestjs/common';
import type { AuditSending, NewReportScheduleWish } from '@wattproof/contracts/api';
import {
  addMails,
  addSchedule,
  findReport,
  listMails,
  listSchedules,
  type NewMail,
  removeSchedule,
  retryMail,
} from '@wattproof/database';
import { recordEventBy, type Scope } from '@wattproof/database/queries';
import { type Locale, localDate } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { reportMailText } from '@wattproof/messages';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { requireVisible } from './audit.service.ts';
import { DocumentService } from './document.service.ts';

/** What of a report's data its mail says. */
interface MailedSnapshot {
  readonly organisationName: string;
  readonly entity: { readonly name: string };
  readonly audit: { readonly periodFrom: string; readonly periodTo: string };
  readonly signature?: { readonly name: string };
}

/** To whom reports are sent, when, and what became of each mail. */
@Injectable()
export class SendingService {
  constructor(
    private readonly resources: Resources,
    private readonly documents: DocumentService,
  ) {}

  state(scope: Scope, auditId: string): Promise<AuditSending> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      return {
        schedules: (await listSchedules(client, scope, auditId)).map(
          ({ auditId: _, locale, recipients, runState, runAt, runError, ...schedule }) => ({
            ...schedule,
            locale: locale as Locale,
            recipients: [...recipients],
            lastRun: runState && runAt ? { state: runState, at: runAt.toISOString(), error: runError } : null,
          }),
        ),
        mails: (await listMails(client, scope, auditId)).map(
          ({ locale, nextTryAt, createdAt, sentAt, ...mail }) => ({
            ...mail,
            locale: locale as Locale,
            nextTryAt: nextTryAt.toISOString(),
            createdAt: createdAt.toISOString(),
            sentAt: sentAt?.toISOString() ?? null,
          }),
        ),
      };
    });
  }

  async schedule(caller: Caller, auditId: string, wish: NewReportScheduleWish): Promise<AuditSending> {
    const { scope, name } = caller;
    if (wish.firstOn < localDate('Etc/GMT+12', Date.now()))
      throw new AppError('invalid', 'firstOn: must not lie in the past');
    const recipients = unique(wish.recipients);
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      if ((await listSchedules(client, scope, auditId)).length >= schedulesOfAudit)
        throw new AppError('conflict', `An audit has at most ${schedulesOfAudit} schedules`);
      const id = await addSchedule(client, scope, { ...wish, auditId, recipients, createdBy: name });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.addSchedule',
        object: auditId,
        after: { id, ...wish, recipients },
      });
    });
    await enqueue(this.resources.jobs, 'runReportSchedules', {});
    return this.state(scope, auditId);
  }

  async endSchedule(caller: Caller, scheduleId: string): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = await removeSchedule(client, scope, scheduleId);
      if (!before) throw new AppError('notFound', `There is no schedule ${scheduleId}`);
      await requireVisible(client, scope, before.auditId);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.endSchedule',
        object: before.auditId,
        before: { scheduleId, recipients: before.recipients },
      });
    });
  }

  async send(
    caller: Caller,
    documentId: string,
    wish: { readonly recipients: readonly string[]; readonly isAttached: boolean },
  ): Promise<AuditSending> {
    const { database, env, jobs } = this.resources;
    const { scope, name } = caller;
    const recipients = unique(wish.recipients);
    const auditId = await database.writeOrganisation(scope.organisationId, async (client) => {
      const report = await findReport(client, scope, documentId);
      if (!report) throw new AppError('notFound', `There is no report ${documentId}`);
      await requireVisible(client, scope, report.auditId);
      // Stored by the workers: its shape is theirs.
      const snapshot = report.snapshot as MailedSnapshot;
      const locale = report.locale as Locale;
      const { subject, body } = reportMailText(locale, {
        entityName: snapshot.entity.name,
        organisationName: snapshot.organisationName,
        periodFrom: snapshot.audit.periodFrom,
        periodTo: snapshot.audit.periodTo,
        signedBy: snapshot.signature?.name ?? null,
        fileName: await this.documents.fileName(client, scope, documentId),
        sha256: report.sha256,
        link: `${env.WATTPROOF_PORTAL_URL.replace(/\/$/, '')}/api/v1/documents/${documentId}`,
        isAttached: wish.isAttached,
        requestedBy: name,
      });
      const at = new Date().toISOString();
      await addMails(
        client,
        recipients.map(
          (recipient): NewMail => ({
            organisationId: scope.organisationId,
            kind: 'report',
            key: `report ${documentId} ${recipient} ${at}`,
            auditId: report.auditId,
            recipient,
            locale,
            subject,
            body,
            documentId: wish.isAttached ? documentId : null,
          }),
        ),
      );
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.sendReport',
        object: report.auditId,
        after: { documentId, recipients, isAttached: wish.isAttached },
      });
      return report.auditId;
    });
    await enqueue(jobs, 'sendMails', {});
    return this.state(scope, auditId);
  }

  async retry(caller: Caller, mailId: string): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const mail = await retryMail(client, scope, mailId);
      if (!mail) throw new AppError('notFound', `There is no mail ${mailId} that is not sent`);
      if (mail.auditId) await requireVisible(client, scope, mail.auditId);
      await recordEventBy(client, scope, { actor: name, action: 'mail.retry', object: mailId });
    });
    await enqueue(this.resources.jobs, 'sendMails', {});
  }
}

const schedulesOfAudit = 20;

/** Addresses differ by more than their letters' case only in theory. */
const unique = (recipients: readonly string[]): string[] => [
  ...new Map(recipients.map((one) => [one.toLowerCase(), one])).values(),
];
