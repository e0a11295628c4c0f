import type { LocalDate } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { Scope } from './scope.ts';

/** Mails to send and the schedules that ask for them. The tables say what there is to do; jobs only ring. */
export interface NewMail {
  readonly organisationId: number;
  readonly kind: 'report' | 'reminder';
  /** Tells mails apart: the same one is not written twice. */
  readonly key: string;
  readonly auditId: string | null;
  readonly recipient: string;
  readonly locale: string;
  readonly subject: string;
  readonly body: string;
  readonly documentId: string | null;
}

/** Returns how many of the mails are new. */
export async function addMails(client: ClientBase, mails: readonly NewMail[]): Promise<number> {
  let added = 0;
  for (const mail of mails) {
    const { rowCount } = await client.query(
      `INSERT INTO mail (organisation_id, kind, key, audit_id, recipient, locale, subject, body, document_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (organisation_id, key) DO NOTHING`,
      [
        mail.organisationId,
        mail.kind,
        mail.key,
        mail.auditId,
        mail.recipient,
        mail.locale,
        mail.subject,
        mail.body,
        mail.documentId,
      ],
    );
    added += rowCount ?? 0;
  }
  return added;
}

export interface WaitingMail {
  readonly id: string;
  readonly organisationId: number;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
  readonly document: { readonly name: string; readonly mediaType: string; readonly content: Buffer } | null;
}

/**
 * The next mail that is due, locked until the transaction ends, so that two workers never send the same one. Null where
 * none is due.
 */
export async function takeMail(client: ClientBase): Promise<WaitingMail | null> {
  const { rows } = await client.query<Omit<WaitingMail, 'document'> & { documentId: string | null }>(
    `SELECT id, organisation_id AS "organisationId", recipient, subject, body, attempts, document_id AS "documentId"
     FROM mail WHERE state = 'waiting' AND next_try_at <= now() ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  const [row] = rows;
  if (!row) return null;
  const { documentId, ...mail } = row;
  const { rows: documents } = documentId
    ? await client.query<{ name: string; mediaType: string; content: Buffer }>(
        'SELECT name, media_type AS "mediaType", content FROM document WHERE id = $1',
        [documentId],
      )
    : { rows: [] };
  return { ...mail, document: documents[0] ?? null };
}

/** What became of a try: sent, to be tried again, or given up. */
export type MailOutcome =
  | { readonly state: 'sent' }
  | { readonly state: 'waiting'; readonly error: string; readonly wait_s: number }
  | { readonly state: 'failed'; readonly error: string };

export async function settleMail(client: ClientBase, mailId: string, outcome: MailOutcome): Promise<void> {
  await client.query(
    `UPDATE mail SET state = $2, attempts = attempts + 1, error = $3,
       sent_at = CASE WHEN $2 = 'sent' THEN now() END, next_try_at = now() + make_interval(secs => $4) WHERE id = $1`,
    [
      mailId,
      outcome.state,
      outcome.state === 'sent' ? null : outcome.error,
      outcome.state === 'waiting' ? outcome.wait_s : 0,
    ],
  );
}

export interface MailRow {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly locale: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  readonly nextTryAt: Date;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly isAttached: boolean;
}

/** Mails about an audit, the newest first. */
export async function listMails(
  client: ClientBase,
  { organisationId }: Scope,
  auditId: string,
): Promise<MailRow[]> {
  const { rows } = await client.query<MailRow>(
    `SELECT id, recipient, subject, locale, state, attempts, next_try_at AS "nextTryAt", error, created_at AS "createdAt",
            sent_at AS "sentAt", document_id IS NOT NULL AS "isAttached"
     FROM mail WHERE organisation_id = $1 AND audit_id = $2 ORDER BY created_at DESC, recipient LIMIT 100`,
    [organisationId, auditId],
  );
  return rows;
}

/** Lets a mail that was not sent be tried at once; the audit it is about, or undefined where there is no such mail. */
export async function retryMail(
  client: ClientBase,
  { organisationId }: Scope,
  mailId: string,
): Promise<{ readonly auditId: string | null } | undefined> {
  const { rows } = await client.query<{ auditId: string | null }>(
    `UPDATE mail SET state = 'waiting', attempts = 0, next_try_at = now()
     WHERE organisation_id = $1 AND id = $2 AND state <> 'sent' RETURNING audit_id AS "auditId"`,
    [organisationId, mailId],
  );
  return rows[0];
}

export interface ScheduleRow {
  readonly id: string;
  readonly auditId: string;
  readonly locale: string;
  readonly recipients: readonly string[];
  readonly every: 'week' | 'month' | 'quarter' | 'year';
  readonly nextOn: LocalDate;
  readonly isAttached: boolean;
  readonly createdBy: string;
  readonly runState: 'waiting' | 'running' | 'done' | 'failed' | null;
  readonly runAt: Date | null;
  readonly runError: string | null;
}

const scheduleColumns = `s.id, s.audit_id AS "auditId", s.locale, s.recipients, s.every, s.next_on::text AS "nextOn",
  s.is_attached AS "isAttached", s.created_by AS "createdBy", j.state AS "runState", j.created_at AS "runAt",
  j.error AS "runError"`;

export async function listSchedules(
  client: ClientBase,
  { organisationId }: Scope,
  auditId: string,
): Promise<ScheduleRow[]> {
  const { rows } = await client.query<ScheduleRow>(
    `SELECT ${scheduleColumns} FROM report_schedule s LEFT JOIN job_run j ON j.id = s.job_run_id
     WHERE s.organisation_id = $1 AND s.audit_id = $2 ORDER BY s.next_on, s.id`,
    [organisationId, auditId],
  );
  return rows;
}

export async function findSchedule(client: ClientBase, id: string): Promise<ScheduleRow | undefined> {
  const { rows } = await client.query<ScheduleRow>(
    `SELECT ${scheduleColumns} FROM report_schedule s LEFT JOIN job_run j ON j.id = s.job_run_id WHERE s.id = $1`,
    [id],
  );
  return rows[0];
}

export async function addSchedule(
  client: ClientBase,
  { organisationId }: Scope,
  schedule: Pick<ScheduleRow, 'auditId' | 'locale' | 'recipients' | 'every' | 'isAttached' | 'createdBy'> & {
    readonly firstOn: LocalDate;
  },
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO report_schedule (organisation_id, audit_id, locale, recipients, every, next_on, is_attached, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [
      organisationId,
      schedule.auditId,
      schedule.locale,
      schedule.recipients,
      schedule.every,
      schedule.firstOn,
      schedule.isAttached,
      schedule.createdBy,
    ],
  );
  return rows[0]?.id ?? '';
}

/** Removes a schedule and tells what it was; undefined where there is none. */
export async function removeSchedule(
  client: ClientBase,
  { organisationId }: Scope,
  id: string,
): Promise<{ readonly auditId: string; readonly recipients: readonly string[] } | undefined> {
  const { rows } = await client.query<{ auditId: string; recipients: string[] }>(
    `DELETE FROM report_schedule WHERE organisation_id = $1 AND id = $2 RETURNING audit_id AS "auditId", recipients`,
    [organisationId, id],
  );
  return rows[0];
}

export interface DueSchedule {
  readonly id: string;
  readonly organisationId: number;
  readonly auditId: string;
  readonly auditName: string;
  readonly locale: string;
  readonly createdBy: string;
  readonly every: ScheduleRow['every'];
  readonly nextOn: LocalDate;
}

/** Schedules whose day has come, locked, those of all organisations. */
export async function takeDueSchedules(client: ClientBase, today: LocalDate): Promise<DueSchedule[]> {
  const { rows } = await client.query<DueSchedule>(
    `SELECT s.id, s.organisation_id AS "organisationId", s.audit_id AS "auditId", a.name AS "auditName", s.locale,
            s.created_by AS "createdBy", s.every, s.next_on::text AS "nextOn"
     FROM report_schedule s JOIN audit a ON a.id = s.audit_id WHERE s.next_on <= $1 ORDER BY s.next_on LIMIT 100
     FOR UPDATE OF s SKIP LOCKED`,
    [today],
  );
  return rows;
}

/** Asks for the report of a schedule and puts it off to its next day. Returns the job run. */
export async function runSchedule(
  client: ClientBase,
  schedule: DueSchedule,
  { kind, nextOn }: { readonly kind: string; readonly nextOn: LocalDate },
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO job_run (organisation_id, kind, title, input, requested_by) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [
      schedule.organisationId,
      kind,
      schedule.auditName,
      JSON.stringify({ auditId: schedule.auditId, locale: schedule.locale, scheduleId: schedule.id }),
      schedule.createdBy,
    ],
  );
  const id = rows[0]?.id ?? '';
  await client.query('UPDATE report_schedule SET next_on = $2, job_run_id = $3 WHERE id = $1', [
    schedule.id,
    nextOn,
    id,
  ]);
  return id;
}

export interface Reminded {
  readonly email: string;
  readonly name: string;
  readonly locale: string;
}

/** Who is reminded of the dates of an organisation: those who answer for all of it. */
export async function listReminded(client: ClientBase, organisationId: number): Promise<Reminded[]> {
  const { rows } = await client.query<Reminded>(
    `SELECT email, display_name AS name, locale FROM membership
     WHERE organisation_id = $1 AND role IN ('admin', 'energyManager') AND site_ids IS NULL AND email <> ''
     ORDER BY email`,
    [organisationId],
  );
  return rows;
}
