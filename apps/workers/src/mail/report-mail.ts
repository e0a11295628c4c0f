import { addMails, findSchedule, type NewMail } from '@wattproof/database';
import { type Locale, locales } from '@wattproof/energy';
import { reportMailText } from '@wattproof/messages';
import { type AuditReportSnapshot, auditReportName } from '@wattproof/report';
import type { ClientBase } from 'pg';

/** Mails that bring a report, or the way to it. */
export interface ReportMail {
  readonly organisationId: number;
  readonly documentId: string;
  readonly sha256: string;
  readonly snapshot: Pick<AuditReportSnapshot, 'organisationName' | 'entity' | 'audit' | 'signature'>;
  readonly portalUrl: string;
}

const localeOf = (locale: string): Locale => locales.find((known) => known === locale) ?? 'en';

/** A mail to each recipient of the schedule, in the transaction that stores the report. A schedule that has ended sends nothing. */
export async function writeScheduledMails(
  client: ClientBase,
  scheduleId: string,
  report: ReportMail,
): Promise<void> {
  const schedule = await findSchedule(client, scheduleId);
  if (!schedule) return;
  const locale = localeOf(schedule.locale);
  const { snapshot, documentId } = report;
  const { subject, body } = reportMailText(locale, {
    entityName: snapshot.entity.name,
    organisationName: snapshot.organisationName,
    periodFrom: snapshot.audit.periodFrom,
    periodTo: snapshot.audit.periodTo,
    signedBy: snapshot.signature?.name ?? null,
    fileName: `${auditReportName(snapshot, locale)}.pdf`,
    sha256: report.sha256,
    link: `${report.portalUrl}/api/v1/documents/${documentId}`,
    isAttached: schedule.isAttached,
    requestedBy: schedule.createdBy,
  });
  await addMails(
    client,
    schedule.recipients.map(
      (recipient): NewMail => ({
        organisationId: report.organisationId,
        kind: 'report',
        key: `report ${documentId} ${recipient}`,
        auditId: schedule.auditId,
        recipient,
        locale,
        subject,
        body,
        documentId: schedule.isAttached ? documentId : null,
      }),
    ),
  );
}
