import type { FactorUse, FormulaVersions, LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** An audit is about a legal entity: a membership of some sites sees those whose entity has one of them. */
const visible = `($2::uuid[] IS NULL OR EXISTS (
  SELECT FROM site s WHERE s.legal_entity_id = a.legal_entity_id AND s.id = ANY ($2)))`;

export async function listAuditIds(client: PoolClient, scope: Scope): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT a.id FROM audit a JOIN legal_entity e ON e.id = a.legal_entity_id
     WHERE a.organisation_id = $1 AND ${visible} ORDER BY e.name, a.period_from DESC, a.id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows.map((row) => row.id);
}

/** Names of the audits with the entity that each is about. */
export async function listAuditNames(
  client: PoolClient,
  scope: Scope,
): Promise<{ readonly id: string; readonly name: string; readonly legalEntityId: string }[]> {
  const { rows } = await client.query<{ id: string; name: string; legalEntityId: string }>(
    `SELECT a.id, a.name, a.legal_entity_id AS "legalEntityId" FROM audit a
     WHERE a.organisation_id = $1 AND ${visible} ORDER BY a.period_from DESC, a.id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}

export async function isAuditVisible(client: PoolClient, scope: Scope, auditId: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM audit a WHERE a.organisation_id = $1 AND ${visible} AND a.id = $3`,
    [scope.organisationId, scope.siteIds, auditId],
  );
  return rows.length > 0;
}

export interface DocumentRow {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Null: a draft. */
  readonly signedBy: string | null;
  readonly signedAt: Date | null;
  /** A draft that was signed. */
  readonly isSigned: boolean;
  readonly groundSha256: string | null;
  /** A re-issue: the report that it replaces, or will when it is signed. */
  readonly replaces: string | null;
  /** The signed report that took its place. */
  readonly replacedBy: string | null;
  readonly replacedAt: Date | null;
  /** Of its snapshot: what its figures were computed with. */
  readonly used: ReportVersions;
}

/** What a snapshot says of the versions that it was computed with; snapshots of before they were kept say nothing. */
export interface ReportVersions {
  readonly formulas: FormulaVersions | null;
  readonly factors: readonly FactorUse[] | null;
  readonly country: string | null;
  readonly ruleDate: LocalDate | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string | null;
}

/** Documents of an audit, the newest first, without their bytes. */
export async function listDocuments(
  client: PoolClient,
  scope: Scope,
  auditId: string,
): Promise<DocumentRow[]> {
  const { rows } = await client.query<DocumentRow>(
    `SELECT d.id, d.name, d.locale, d.created_at AS "createdAt", d.created_by AS "createdBy", d.sha256,
            length(d.content) AS bytes, s.signer_name AS "signedBy", s.signed_at AS "signedAt",
            EXISTS (SELECT FROM audit_signature own WHERE own.draft_document_id = d.id) AS "isSigned",
            d.ground_sha256 AS "groundSha256", d.snapshot #>> '{reissue,documentId}' AS replaces,
            r.id AS "replacedBy", r.signed_at AS "replacedAt",
            json_build_object('formulas', d.snapshot -> 'formulas', 'factors', d.snapshot -> 'factors',
              'country', d.snapshot #>> '{entity,country}', 'ruleDate', d.snapshot #>> '{rule,date}',
              'createdAt', d.snapshot ->> 'createdAt') AS used
     FROM document d LEFT JOIN audit_signature s ON s.id = d.signature_id
     LEFT JOIN LATERAL (
       SELECT n.id, own.signed_at FROM document n JOIN audit_signature own ON own.id = n.signature_id
       WHERE n.replaces_signature_id = d.signature_id ORDER BY n.locale = d.locale DESC, own.signed_at, n.created_at, n.id LIMIT 1
     ) r ON true
     WHERE d.organisation_id = $1 AND d.audit_id = $2 ORDER BY d.created_at DESC, d.id`,
    [scope.organisationId, auditId],
  );
  return rows;
}

export interface DocumentContent {
  readonly auditId: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
  readonly sha256: string;
}

export async function findDocument(
  client: PoolClient,
  scope: Scope,
  documentId: string,
): Promise<DocumentContent | undefined> {
  const { rows } = await client.query<DocumentContent>(
    `SELECT audit_id AS "auditId", name, media_type AS "mediaType", content, sha256
     FROM document WHERE organisation_id = $1 AND id = $2`,
    [scope.organisationId, documentId],
  );
  return rows[0];
}

export interface ScopeDecision {
  readonly auditId: string;
  readonly deliveryPointId: string;
  readonly included: boolean;
  readonly reason: string;
}

/** Puts a delivery point into the audited scope or leaves it out; returns what was decided before, if anything was. */
export async function setAuditScope(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  { auditId, deliveryPointId, included, reason }: ScopeDecision,
): Promise<Pick<ScopeDecision, 'included' | 'reason'> | null> {
  const key = { auditId_deliveryPointId: { auditId, deliveryPointId } };
  const before = await tx.auditScope.findUnique({ where: key, select: { included: true, reason: true } });
  await tx.auditScope.upsert({
    where: key,
    create: { organisationId, auditId, deliveryPointId, included, reason },
    update: { included, reason },
  });
  return before;
}

/** Whether the delivery point belongs to the legal entity that the audit is about. */
export async function isPointOfAudit(
  tx: OrganisationTransaction,
  auditId: string,
  deliveryPointId: string,
): Promise<boolean> {
  const audit = await tx.audit.findUnique({ where: { id: auditId }, select: { legalEntityId: true } });
  const point = await tx.deliveryPoint.findUnique({
    where: { id: deliveryPointId },
    select: { legalEntityId: true },
  });
  return audit !== null && audit.legalEntityId === point?.legalEntityId;
}
