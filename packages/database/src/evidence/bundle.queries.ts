import { findMeasurandById, type LocalDate, type Locale } from '@wattproof/energy';
import type { MeterEntry, SumEntry } from '@wattproof/evidence';
import type { ClientBase } from 'pg';
import type { StoredDay, StoredEnb, StoredSavings } from '../performance/performance-record.ts';

/** Reads and writes of an evidence bundle. The client's transaction has the organisation in scope. */

/** Kind of a run that makes an evidence bundle: the name of its job. Input: `{ auditId }`. */
export const evidenceBundleRun = 'makeEvidenceBundle';

export interface BundleEnpi {
  readonly id: string;
  readonly name: string;
  readonly siteId: string;
  readonly version: number;
  readonly confidence: number;
  readonly model: StoredEnb;
  readonly savings: StoredSavings;
  readonly days: readonly StoredDay[];
}

/** EnPIs of the entity's sites with the baseline and the result in force. */
export async function bundleEnpis(client: ClientBase, legalEntityId: string): Promise<BundleEnpi[]> {
  const { rows } = await client.query<BundleEnpi>(
    `SELECT e.id, e.name, e.site_id AS "siteId", b.version, e.confidence, b.model, r.savings, r.days
     FROM enpi e JOIN site s ON s.id = e.site_id JOIN enpi_result r ON r.enpi_id = e.id JOIN enb b ON b.id = r.enb_id
     WHERE s.legal_entity_id = $1 ORDER BY s.name, e.name, e.id`,
    [legalEntityId],
  );
  return rows;
}

/** Meters of some sites with what their figures rest on. */
export async function bundleMeters(client: ClientBase, siteIds: readonly string[]): Promise<MeterEntry[]> {
  const { rows } = await client.query<MeterEntry>(
    `SELECT id, site_id AS "siteId", name, kind, role, carrier, serial_number AS "serialNumber",
       profile_id AS "profileId",
       (SELECT coalesce(json_agg(json_build_object('part', a->>'part', 'class', (a->>'class')::float8)), '[]')
        FROM jsonb_array_elements(accuracy) a) AS accuracy
     FROM meter WHERE site_id = ANY ($1) ORDER BY id`,
    [siteIds],
  );
  return rows;
}

/** What the meters of some sites counted on sealed days of local dates [from, to), from the days as they are now. */
export async function sealedSums(
  client: ClientBase,
  siteIds: readonly string[],
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<SumEntry[]> {
  const { rows } = await client.query<{
    meterId: number;
    measurand: number;
    delta: number | null;
    days: number;
  }>(
    `SELECT d.meter_id AS "meterId", d.measurand, sum(i.delta)::float8 AS delta, count(i.delta)::int AS days
     FROM sealed_day d JOIN store.interval_day i ON i.meter_id = d.meter_id AND i.measurand = d.measurand AND i.start = d.start
     WHERE d.site_id = ANY ($1) AND d.version = 1 AND d.date >= $2 AND d.date < $3
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [siteIds, from, to],
  );
  return rows.flatMap(({ measurand: id, ...sum }) => {
    const measurand = findMeasurandById(id);
    return measurand?.kind === 'counter' ? [{ ...sum, measurand: measurand.name, from, to }] : [];
  });
}

export interface IssuedReport {
  readonly id: string;
  readonly name: string;
  readonly locale: Locale;
  readonly content: Buffer;
  readonly sha256: string;
  readonly snapshot: Readonly<Record<string, unknown>>;
}

/** The newest signed report of an audit, else its newest draft; null where none was made. */
export async function newestReport(client: ClientBase, auditId: string): Promise<IssuedReport | null> {
  const { rows } = await client.query<IssuedReport>(
    `SELECT id, name, locale, content, sha256, snapshot FROM document WHERE audit_id = $1 AND kind = 'auditReport'
       AND media_type = 'application/pdf' ORDER BY (signature_id IS NULL), created_at DESC, id LIMIT 1`,
    [auditId],
  );
  return rows[0] ?? null;
}

export interface NewBundle {
  readonly organisationId: number;
  readonly auditId: string;
  readonly documentId: string | null;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly fingerprint: string;
  readonly anchor: string;
  readonly meterDays: number;
  readonly createdBy: string;
}

/** A bundle's row; its pieces follow by `storeBundlePiece`. */
export async function storeBundle(client: ClientBase, bundle: NewBundle): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO evidence_bundle (organisation_id, audit_id, document_id, name, bytes, sha256, fingerprint, anchor, meter_days, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
    [
      bundle.organisationId,
      bundle.auditId,
      bundle.documentId,
      bundle.name,
      bundle.bytes,
      bundle.sha256,
      bundle.fingerprint,
      bundle.anchor,
      bundle.meterDays,
      bundle.createdBy,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error('The bundle was not stored');
  return row.id;
}

export async function storeBundlePiece(
  client: ClientBase,
  piece: { readonly bundleId: string; readonly organisationId: number; readonly position: number },
  content: Uint8Array,
): Promise<void> {
  await client.query(
    'INSERT INTO evidence_bundle_piece (bundle_id, position, organisation_id, content) VALUES ($1, $2, $3, $4)',
    [
      piece.bundleId,
      piece.position,
      piece.organisationId,
      Buffer.from(content.buffer, content.byteOffset, content.length),
    ],
  );
}

export interface BundleRow extends Omit<NewBundle, 'organisationId'> {
  readonly id: string;
  readonly createdAt: Date;
}

/** Bundles of an audit, the newest first. */
export async function listBundles(client: ClientBase, auditId: string): Promise<BundleRow[]> {
  const { rows } = await client.query<BundleRow>(
    `SELECT id, audit_id AS "auditId", document_id AS "documentId", name, bytes::float8 AS bytes, sha256, fingerprint,
       anchor, meter_days AS "meterDays", created_by AS "createdBy", created_at AS "createdAt"
     FROM evidence_bundle WHERE audit_id = $1 ORDER BY created_at DESC, id`,
    [auditId],
  );
  return rows;
}

export async function findBundle(client: ClientBase, bundleId: string): Promise<BundleRow | null> {
  const { rows } = await client.query<BundleRow>(
    `SELECT id, audit_id AS "auditId", document_id AS "documentId", name, bytes::float8 AS bytes, sha256, fingerprint,
       anchor, meter_days AS "meterDays", created_by AS "createdBy", created_at AS "createdAt"
     FROM evidence_bundle WHERE id = $1`,
    [bundleId],
  );
  return rows[0] ?? null;
}

/** A piece of a bundle's bytes; null after the last one. */
export async function bundlePiece(
  client: ClientBase,
  bundleId: string,
  position: number,
): Promise<Buffer | null> {
  const { rows } = await client.query<{ content: Buffer }>(
    'SELECT content FROM evidence_bundle_piece WHERE bundle_id = $1 AND position = $2',
    [bundleId, position],
  );
  return rows[0]?.content ?? null;
}
