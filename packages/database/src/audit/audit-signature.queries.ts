import type { ClientBase } from 'pg';
import type { Scope } from '../scope.ts';

/** A named auditor's signature of a draft. Append-only: the database refuses to change or remove one. */
export interface SignatureRecord {
  readonly id: string;
  readonly auditId: string;
  readonly draftDocumentId: string;
  readonly draftSha256: string;
  readonly signerName: string;
  readonly signedAt: Date;
}

/** Report with the data that it was made of. */
export interface ReportRecord {
  readonly id: string;
  readonly auditId: string;
  readonly locale: string;
  readonly sha256: string;
  readonly snapshot: unknown;
  readonly signatureId: string | null;
  readonly groundSha256: string | null;
  readonly replacesSignatureId: string | null;
  readonly name: string;
  readonly createdAt: Date;
}

export async function findReport(
  client: ClientBase,
  { organisationId }: Pick<Scope, 'organisationId'>,
  documentId: string,
): Promise<ReportRecord | undefined> {
  const { rows } = await client.query<ReportRecord>(
    `SELECT id, audit_id AS "auditId", locale, sha256, snapshot, signature_id AS "signatureId",
            ground_sha256 AS "groundSha256", replaces_signature_id AS "replacesSignatureId", name, created_at AS "createdAt"
     FROM document
     WHERE organisation_id = $1 AND id = $2 AND kind = 'auditReport' AND audit_id IS NOT NULL`,
    [organisationId, documentId],
  );
  return rows[0];
}

/** Keeps a signature; null where the draft is signed already. */
export async function addSignature(
  client: ClientBase,
  { organisationId }: Pick<Scope, 'organisationId'>,
  signature: Omit<SignatureRecord, 'id' | 'signedAt'> & { readonly signerUserId: string },
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO audit_signature (organisation_id, audit_id, draft_document_id, draft_sha256, signer_user_id, signer_name,
       signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, date_trunc('second', now()))
     ON CONFLICT (draft_document_id) DO NOTHING RETURNING id`,
    [
      organisationId,
      signature.auditId,
      signature.draftDocumentId,
      signature.draftSha256,
      signature.signerUserId,
      signature.signerName,
    ],
  );
  return rows[0]?.id ?? null;
}

export async function findSignature(
  client: ClientBase,
  signatureId: string,
): Promise<SignatureRecord | undefined> {
  const { rows } = await client.query<SignatureRecord>(
    `SELECT id, audit_id AS "auditId", draft_document_id AS "draftDocumentId", draft_sha256 AS "draftSha256",
            signer_name AS "signerName", signed_at AS "signedAt"
     FROM audit_signature WHERE id = $1`,
    [signatureId],
  );
  return rows[0];
}

/** The signed report in a language; there is one at most. */
export async function findSignedReport(
  client: ClientBase,
  signatureId: string,
  locale: string,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM document WHERE signature_id = $1 AND locale = $2',
    [signatureId, locale],
  );
  return rows[0]?.id ?? null;
}

/** The signed report that replaced those under a signature, in its first language; null: none did. */
export async function replacementOf(
  client: ClientBase,
  signatureId: string,
): Promise<{ readonly documentId: string; readonly signedAt: Date } | null> {
  const { rows } = await client.query<{ documentId: string; signedAt: Date }>(
    `SELECT d.id AS "documentId", s.signed_at AS "signedAt" FROM document d JOIN audit_signature s ON s.id = d.signature_id
     WHERE d.replaces_signature_id = $1 ORDER BY s.signed_at, d.created_at, d.id LIMIT 1`,
    [signatureId],
  );
  return rows[0] ?? null;
}
