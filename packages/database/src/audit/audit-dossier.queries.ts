import { type AuditDossier, emptyDossier, type LocalDate, type ReportSection } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { Scope } from '../scope.ts';

/** What is stated about an audit. The client's transaction has the organisation in scope. */
export interface DossierRecord {
  /** 0: nothing is stated yet. */
  readonly version: number;
  readonly content: AuditDossier;
  readonly updatedAt: Date | null;
  readonly updatedBy: string | null;
}

export async function findDossier(client: ClientBase, auditId: string): Promise<DossierRecord> {
  const { rows } = await client.query<DossierRecord>(
    `SELECT version, content, updated_at AS "updatedAt", updated_by AS "updatedBy" FROM audit_dossier WHERE audit_id = $1`,
    [auditId],
  );
  return rows[0] ?? { version: 0, content: emptyDossier, updatedAt: null, updatedBy: null };
}

/** Replaces the version that was read; false where somebody else was first. */
export async function saveDossier(
  client: ClientBase,
  { organisationId }: Scope,
  dossier: {
    readonly auditId: string;
    readonly version: number;
    readonly content: AuditDossier;
    readonly by: string;
  },
): Promise<boolean> {
  const { auditId, version, content, by } = dossier;
  const result =
    version === 0
      ? await client.query(
          `INSERT INTO audit_dossier (audit_id, organisation_id, version, content, updated_by) VALUES ($1, $2, 1, $3, $4)
           ON CONFLICT (audit_id) DO NOTHING`,
          [auditId, organisationId, JSON.stringify(content), by],
        )
      : await client.query(
          `UPDATE audit_dossier SET version = version + 1, content = $4, updated_by = $5, updated_at = now()
           WHERE audit_id = $1 AND organisation_id = $2 AND version = $3`,
          [auditId, organisationId, version, JSON.stringify(content), by],
        );
  return result.rowCount === 1;
}

export interface PhotoRecord {
  readonly id: string;
  readonly auditId: string;
  readonly section: ReportSection;
  readonly siteId: string | null;
  readonly caption: string;
  readonly takenOn: LocalDate | null;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

const photoColumns = `id, audit_id AS "auditId", section, site_id AS "siteId", caption, taken_on::text AS "takenOn",
  width, height, length(content) AS bytes, sha256, created_at AS "createdAt", created_by AS "createdBy"`;

/** Photos of an audit that were not taken out, in the order in which they came. */
export async function listPhotos(client: ClientBase, auditId: string): Promise<PhotoRecord[]> {
  const { rows } = await client.query<PhotoRecord>(
    `SELECT ${photoColumns} FROM audit_photo WHERE audit_id = $1 AND removed_at IS NULL ORDER BY created_at, id`,
    [auditId],
  );
  return rows;
}

export interface NewPhoto {
  readonly auditId: string;
  readonly section: ReportSection;
  readonly siteId: string | null;
  readonly caption: string;
  readonly takenOn: LocalDate | null;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly content: Buffer;
  readonly sha256: string;
  readonly uploadSha256: string;
  readonly by: string;
}

export async function addPhoto(
  client: ClientBase,
  { organisationId }: Scope,
  photo: NewPhoto,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO audit_photo (organisation_id, audit_id, section, site_id, caption, taken_on, media_type, width, height,
       content, sha256, upload_sha256, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
    [
      organisationId,
      photo.auditId,
      photo.section,
      photo.siteId,
      photo.caption,
      photo.takenOn,
      photo.mediaType,
      photo.width,
      photo.height,
      photo.content,
      photo.sha256,
      photo.uploadSha256,
      photo.by,
    ],
  );
  return rows[0]?.id ?? '';
}

/** A photo with its bytes; also one that was taken out, since a report may show it. */
export async function findPhoto(
  client: ClientBase,
  { organisationId }: Scope,
  photoId: string,
): Promise<(PhotoRecord & { readonly content: Buffer; readonly mediaType: string }) | undefined> {
  const { rows } = await client.query<PhotoRecord & { content: Buffer; mediaType: string }>(
    `SELECT ${photoColumns}, content, media_type AS "mediaType" FROM audit_photo WHERE organisation_id = $1 AND id = $2`,
    [organisationId, photoId],
  );
  return rows[0];
}

/** Takes a photo out of the reports to come; its bytes stay for those that show it. */
export async function removePhoto(
  client: ClientBase,
  { organisationId }: Scope,
  photoId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE audit_photo SET removed_at = now() WHERE organisation_id = $1 AND id = $2 AND removed_at IS NULL`,
    [organisationId, photoId],
  );
  return rowCount === 1;
}

/** Bytes of the photos of a report, by their SHA-256. */
export async function photoBytes(
  client: ClientBase,
  auditId: string,
  digests: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  if (digests.length === 0) return new Map();
  const { rows } = await client.query<{ sha256: string; content: Buffer }>(
    'SELECT DISTINCT ON (sha256) sha256, content FROM audit_photo WHERE audit_id = $1 AND sha256 = ANY ($2)',
    [auditId, digests],
  );
  return new Map(rows.map(({ sha256, content }) => [sha256, content]));
}

export interface NamedAuditor {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

/** Members of the organisation who are auditors of all of its sites. */
export async function listAuditors(client: ClientBase, { organisationId }: Scope): Promise<NamedAuditor[]> {
  const { rows } = await client.query<NamedAuditor>(
    `SELECT user_id AS "userId", display_name AS name, email FROM membership
     WHERE organisation_id = $1 AND role = 'auditor' AND site_ids IS NULL ORDER BY display_name, email`,
    [organisationId],
  );
  return rows;
}

/** The account that alone may sign the reports of an audit; null: nobody is named. */
export async function auditorOf(client: ClientBase, auditId: string): Promise<string | null> {
  const { rows } = await client.query<{ userId: string | null }>(
    'SELECT auditor_user_id AS "userId" FROM audit WHERE id = $1',
    [auditId],
  );
  return rows[0]?.userId ?? null;
}

export async function setAuditor(
  client: ClientBase,
  { organisationId }: Scope,
  { auditId, auditor }: { readonly auditId: string; readonly auditor: Pick<NamedAuditor, 'userId' | 'name'> },
): Promise<void> {
  await client.query(
    'UPDATE audit SET auditor_user_id = $3, auditor_name = $4 WHERE organisation_id = $1 AND id = $2',
    [organisationId, auditId, auditor.userId, auditor.name],
  );
}
