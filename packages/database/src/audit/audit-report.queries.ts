import { type LocalDate, localMidnight_ms } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { StoredDay, StoredEnb, StoredSavings } from '../performance/performance-record.ts';

/** Reads and writes of an audit report. The client's transaction has the organisation in scope. */

export interface AuditEnpiRecord {
  readonly id: string;
  readonly name: string;
  readonly siteName: string;
  readonly version: number;
  readonly model: StoredEnb;
  readonly savings: StoredSavings;
  readonly days: readonly StoredDay[];
  readonly findings: readonly {
    readonly code: string;
    readonly message: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
}

/** EnPIs of the entity's sites with the baseline and the result in force. */
export async function auditEnpis(client: ClientBase, legalEntityId: string): Promise<AuditEnpiRecord[]> {
  const { rows } = await client.query<AuditEnpiRecord>(
    `SELECT e.id, e.name, s.name AS "siteName", b.version, b.model, r.savings, r.days, r.findings
     FROM enpi e JOIN site s ON s.id = e.site_id JOIN enpi_result r ON r.enpi_id = e.id JOIN enb b ON b.id = r.enb_id
     WHERE s.legal_entity_id = $1 ORDER BY s.name, e.name, e.id`,
    [legalEntityId],
  );
  return rows;
}

export interface AuditEventRecord {
  readonly siteName: string;
  readonly timeZone: string;
  readonly meterName: string;
  readonly kind: 'replacement' | 'reset' | 'ratioChange';
  readonly at: Date;
  readonly origin: 'declared' | 'detected';
}

/** Events of the entity's meters within the local dates [from, to) of each site. */
export async function auditEvents(
  client: ClientBase,
  legalEntityId: string,
  period: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<AuditEventRecord[]> {
  const { rows } = await client.query<AuditEventRecord>(
    `SELECT s.name AS "siteName", s.time_zone AS "timeZone", m.name AS "meterName", v.kind, v.at, v.origin
     FROM meter_event v JOIN meter m ON m.id = v.meter_id JOIN site s ON s.id = m.site_id
     WHERE s.legal_entity_id = $1 ORDER BY v.at, m.id, v.measurand`,
    [legalEntityId],
  );
  return rows.filter(
    (row) =>
      row.at.getTime() >= localMidnight_ms(row.timeZone, period.from) &&
      row.at.getTime() < localMidnight_ms(row.timeZone, period.to),
  );
}

export interface NewDocument {
  readonly organisationId: number;
  readonly auditId: string;
  readonly name: string;
  readonly locale: string;
  readonly content: Buffer;
  readonly sha256: string;
  readonly snapshot: unknown;
  readonly createdBy: string;
  /** Null: a draft. */
  readonly signatureId: string | null;
  /** Digest of what it was computed from; null: nothing was kept. */
  readonly groundSha256: string | null;
  /** Signature under the report that this one replaces; null: it replaces none. */
  readonly replacesSignatureId: string | null;
}

/** Stores a finished report as its bytes. Returns its id. */
export async function storeAuditReport(client: ClientBase, document: NewDocument): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO document (organisation_id, audit_id, kind, name, locale, media_type, content, sha256, snapshot, created_by,
       signature_id, ground_sha256, replaces_signature_id)
     VALUES ($1, $2, 'auditReport', $3, $4, 'application/pdf', $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
    [
      document.organisationId,
      document.auditId,
      document.name,
      document.locale,
      document.content,
      document.sha256,
      JSON.stringify(document.snapshot),
      document.createdBy,
      document.signatureId,
      document.groundSha256,
      document.replacesSignatureId,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error('The report was not stored');
  return row.id;
}

export interface NewReportGround {
  readonly organisationId: number;
  readonly auditId: string;
  readonly sha256: string;
  readonly content: unknown;
}

/** Keeps what a report is computed from, once by its digest. Append-only. */
export async function storeReportGround(client: ClientBase, ground: NewReportGround): Promise<void> {
  await client.query(
    `INSERT INTO report_ground (organisation_id, audit_id, sha256, content) VALUES ($1, $2, $3, $4)
     ON CONFLICT (audit_id, sha256) DO NOTHING`,
    [ground.organisationId, ground.auditId, ground.sha256, JSON.stringify(ground.content)],
  );
}

/** What a report was computed from; null where nothing was kept. */
export async function reportGround(client: ClientBase, documentId: string): Promise<unknown> {
  const { rows } = await client.query<{ content: unknown }>(
    `SELECT g.content FROM document d JOIN report_ground g ON g.audit_id = d.audit_id AND g.sha256 = d.ground_sha256
     WHERE d.id = $1`,
    [documentId],
  );
  return rows[0]?.content ?? null;
}
