import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** A value that contradicts the stored one of the same meter and instant, and what a person decided about it. */
export interface ReadingConflictRow {
  readonly id: string;
  readonly meterId: number;
  readonly meterName: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly at: Date;
  readonly measurand: string;
  readonly stored: number;
  readonly arrived: number;
  readonly receivedAt: Date;
  readonly decision: 'keep' | 'replace' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
  readonly appliedAt: Date | null;
  readonly outcome: string | null;
}

export interface ReadingConflictFilter {
  readonly siteId?: string | undefined;
  readonly meterId?: number | undefined;
  readonly state?: 'open' | 'decided' | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Only older than this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

const inScope = `c.organisation_id = $1 AND ($2::uuid[] IS NULL OR m.site_id = ANY ($2))`;

/** The newest first. */
export async function listReadingConflicts(
  client: PoolClient,
  scope: Scope,
  filter: ReadingConflictFilter,
): Promise<ReadingConflictRow[]> {
  const { rows } = await client.query<ReadingConflictRow>(
    `SELECT c.id, c.meter_id AS "meterId", m.name AS "meterName", m.site_id AS "siteId", s.name AS "siteName", c.at,
       c.measurand, c.stored, c.arrived, c.received_at AS "receivedAt", c.decision, c.decided_by AS "decidedBy",
       c.decided_at AS "decidedAt", c.reason, c.applied_at AS "appliedAt", c.outcome
     FROM reading_conflict c JOIN meter m ON m.id = c.meter_id JOIN site s ON s.id = m.site_id
     WHERE ${inScope} AND ($3::uuid IS NULL OR m.site_id = $3) AND ($4::int IS NULL OR c.meter_id = $4)
       AND ($5::text IS NULL OR (c.decision IS NULL) = ($5 = 'open')) AND ($6::bigint[] IS NULL OR c.id = ANY ($6))
       AND ($7::bigint IS NULL OR c.id < $7)
     ORDER BY c.id DESC LIMIT $8`,
    [
      scope.organisationId,
      scope.siteIds,
      filter.siteId ?? null,
      filter.meterId ?? null,
      filter.state ?? null,
      filter.ids ?? null,
      filter.before ?? null,
      filter.limit,
    ],
  );
  return rows;
}

export async function countOpenReadingConflicts(client: PoolClient, scope: Scope): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM reading_conflict c JOIN meter m ON m.id = c.meter_id
     WHERE ${inScope} AND c.decision IS NULL`,
    [scope.organisationId, scope.siteIds],
  );
  return rows[0]?.n ?? 0;
}

/** Writes a decision about conflicts that are open; how many were. A `replace` is carried out by ingestion. */
export function decideReadingConflicts(
  tx: OrganisationTransaction,
  scope: Scope,
  ids: readonly string[],
  decision: { readonly decision: 'keep' | 'replace'; readonly decidedBy: string; readonly reason: string },
): Promise<number> {
  return tx.$executeRaw`UPDATE reading_conflict
    SET decision = ${decision.decision}, decided_by = ${decision.decidedBy}, decided_at = now(), reason = ${decision.reason}
    WHERE organisation_id = ${scope.organisationId} AND id = ANY (${ids.map(BigInt)}) AND decision IS NULL`;
}
