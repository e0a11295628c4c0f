import type { LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface AdjustmentEffect {
  readonly enpiId: string;
  readonly energy_wh_per_day: number;
  readonly halfWidth_wh_per_day: number;
}

export interface NewAdjustment {
  readonly siteId: string;
  readonly event: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly method: string;
  readonly evidence: string;
  readonly evidenceFiles: readonly { readonly name: string; readonly sha256: string }[];
  readonly effects: readonly AdjustmentEffect[];
}

/** A file that is kept with a dossier. */
export interface AdjustmentFileRow {
  readonly id: string;
  readonly name: string;
  readonly sha256: string;
  readonly mediaType: string;
  readonly size_bytes: number;
  readonly addedBy: string;
  readonly addedAt: string;
}

export interface AdjustmentRow extends NewAdjustment {
  readonly files: readonly AdjustmentFileRow[];
  readonly id: string;
  readonly siteName: string;
  readonly state: 'proposed' | 'approved' | 'refused' | 'withdrawn';
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
}

export async function listAdjustments(
  client: PoolClient,
  scope: Scope,
  filter: { readonly siteId?: string | undefined; readonly adjustmentId?: string },
): Promise<AdjustmentRow[]> {
  const { rows } = await client.query<AdjustmentRow>(
    `SELECT a.id, a.site_id AS "siteId", s.name AS "siteName", a.event, a.from_date::text AS "from", a.to_date::text AS "to",
       a.method, a.evidence, a.evidence_files AS "evidenceFiles", a.state, a.proposed_by AS "proposedBy",
       a.proposed_at AS "proposedAt", a.decided_by AS "decidedBy", a.decided_at AS "decidedAt",
       a.decision_reason AS "decisionReason",
       (SELECT coalesce(json_agg(json_build_object('enpiId', f.enpi_id, 'energy_wh_per_day', f.energy_wh_per_day,
         'halfWidth_wh_per_day', f.half_width_wh_per_day) ORDER BY f.enpi_id), '[]')
        FROM adjustment_effect f WHERE f.adjustment_id = a.id) AS effects,
       (SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'sha256', f.sha256, 'mediaType', f.media_type,
         'size_bytes', length(f.content), 'addedBy', f.added_by, 'addedAt', f.added_at) ORDER BY f.added_at, f.id), '[]')
        FROM adjustment_file f WHERE f.adjustment_id = a.id) AS files
     FROM adjustment a JOIN site s ON s.id = a.site_id
     WHERE a.organisation_id = $1 AND ($2::uuid[] IS NULL OR a.site_id = ANY ($2)) AND ($3::uuid IS NULL OR a.site_id = $3)
       AND ($4::uuid IS NULL OR a.id = $4) ORDER BY a.from_date DESC, a.id LIMIT 500`,
    [scope.organisationId, scope.siteIds, filter.siteId ?? null, filter.adjustmentId ?? null],
  );
  return rows;
}

export async function addAdjustment(
  client: PoolClient,
  scope: Scope,
  adjustment: NewAdjustment,
  by: string,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO adjustment (organisation_id, site_id, event, from_date, to_date, method, evidence, evidence_files, proposed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
    [
      scope.organisationId,
      adjustment.siteId,
      adjustment.event,
      adjustment.from,
      adjustment.to,
      adjustment.method,
      adjustment.evidence,
      JSON.stringify(adjustment.evidenceFiles),
      by,
    ],
  );
  const id = rows[0]?.id as string;
  await client.query(
    `INSERT INTO adjustment_effect (adjustment_id, enpi_id, organisation_id, energy_wh_per_day, half_width_wh_per_day)
     SELECT $1, w.enpi, $2, w.energy, w.half FROM unnest($3::uuid[], $4::float8[], $5::float8[]) AS w (enpi, energy, half)`,
    [
      id,
      scope.organisationId,
      adjustment.effects.map(({ enpiId }) => enpiId),
      adjustment.effects.map(({ energy_wh_per_day }) => energy_wh_per_day),
      adjustment.effects.map(({ halfWidth_wh_per_day }) => halfWidth_wh_per_day),
    ],
  );
  return id;
}

export async function decideAdjustmentState(
  client: PoolClient,
  scope: Scope,
  adjustmentId: string,
  decision: {
    readonly from: readonly AdjustmentRow['state'][];
    readonly to: AdjustmentRow['state'];
    readonly by: string;
    readonly reason: string;
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE adjustment SET state = $4, decided_by = $5, decided_at = now(), decision_reason = $6
     WHERE organisation_id = $1 AND id = $2 AND state = ANY ($3)`,
    [scope.organisationId, adjustmentId, decision.from, decision.to, decision.by, decision.reason],
  );
  return rowCount === 1;
}

/** EnPIs of a site with the days and energies of their reporting period. */
export interface SiteEnpiRow {
  readonly id: string;
  readonly name: string;
  readonly reportingFrom: LocalDate;
  readonly days:
    | readonly {
        readonly date: LocalDate;
        readonly phase: string;
        readonly actual_wh: number | null;
        readonly expected_wh: number | null;
      }[]
    | null;
  readonly adjustments: readonly { readonly id: string; readonly energy_wh: number }[] | null;
  readonly savings: { readonly actual_wh: number; readonly expected_wh: number } | null;
}

export async function listSiteEnpis(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<SiteEnpiRow[]> {
  const { rows } = await client.query<SiteEnpiRow>(
    `SELECT e.id, e.name, e.reporting_from::text AS "reportingFrom", r.days, r.performance -> 'adjustments' AS adjustments,
       r.savings
     FROM enpi e LEFT JOIN enpi_result r ON r.enpi_id = e.id
     WHERE e.organisation_id = $1 AND ($2::uuid[] IS NULL OR e.site_id = ANY ($2)) AND e.site_id = $3 ORDER BY e.name, e.id`,
    [scope.organisationId, scope.siteIds, siteId],
  );
  return rows;
}

/** Keeps a file with a dossier; null where the same bytes are there already. */
export async function addAdjustmentFile(
  client: PoolClient,
  scope: Scope,
  adjustmentId: string,
  file: {
    readonly name: string;
    readonly mediaType: string;
    readonly sha256: string;
    readonly content: Buffer;
    readonly by: string;
  },
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO adjustment_file (organisation_id, adjustment_id, name, media_type, sha256, content, added_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (adjustment_id, sha256) DO NOTHING RETURNING id`,
    [scope.organisationId, adjustmentId, file.name, file.mediaType, file.sha256, file.content, file.by],
  );
  return rows[0]?.id ?? null;
}

/** A file with its bytes, where the dossier's site is in scope. */
export async function findAdjustmentFile(
  client: PoolClient,
  scope: Scope,
  { adjustmentId, fileId }: { readonly adjustmentId: string; readonly fileId: string },
): Promise<{ readonly name: string; readonly mediaType: string; readonly content: Buffer } | undefined> {
  const { rows } = await client.query<{ name: string; mediaType: string; content: Buffer }>(
    `SELECT f.name, f.media_type AS "mediaType", f.content FROM adjustment_file f JOIN adjustment a ON a.id = f.adjustment_id
     WHERE f.organisation_id = $1 AND ($2::uuid[] IS NULL OR a.site_id = ANY ($2)) AND a.id = $3 AND f.id = $4`,
    [scope.organisationId, scope.siteIds, adjustmentId, fileId],
  );
  return rows[0];
}
