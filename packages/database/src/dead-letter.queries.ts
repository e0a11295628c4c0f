import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

export interface DeadLetterRow {
  readonly id: string;
  readonly gatewayId: string | null;
  readonly topic: string;
  readonly receivedAt: Date;
  readonly code: string;
  readonly message: string;
  readonly location: string;
  readonly meterKey: string | null;
  /** The beginning of it. */
  readonly payload: Buffer;
  readonly payloadBytes: number;
  readonly resolvedAt: Date | null;
}

export interface DeadLetterFilter {
  readonly gatewayId?: string | undefined;
  readonly code?: string | undefined;
  /** Only older than this id. */
  readonly before?: string | undefined;
  readonly id?: string | undefined;
  readonly limit: number;
}

/** A membership of some sites sees the dead letters of those sites' gateways. */
const inScope = `d.organisation_id = $1 AND ($2::uuid[] IS NULL OR EXISTS (
  SELECT FROM gateway g WHERE g.id = d.gateway_id AND g.site_id = ANY ($2)))`;

/** The newest first. */
export async function listDeadLetters(
  client: PoolClient,
  scope: Scope,
  filter: DeadLetterFilter,
): Promise<DeadLetterRow[]> {
  const { rows } = await client.query<DeadLetterRow>(
    `SELECT d.id, d.gateway_id AS "gatewayId", d.topic, d.received_at AS "receivedAt", d.code, d.message, d.location,
       d.meter_key AS "meterKey", substring(d.payload FROM 1 FOR 2000) AS payload, length(d.payload) AS "payloadBytes",
       d.resolved_at AS "resolvedAt"
     FROM dead_letter d
     WHERE ${inScope} AND ($3::text IS NULL OR d.gateway_id = $3) AND ($4::text IS NULL OR d.code = $4)
       AND ($5::bigint IS NULL OR d.id < $5) AND ($6::bigint IS NULL OR d.id = $6)
     ORDER BY d.id DESC LIMIT $7`,
    [
      scope.organisationId,
      scope.siteIds,
      filter.gatewayId ?? null,
      filter.code ?? null,
      filter.before ?? null,
      filter.id ?? null,
      filter.limit,
    ],
  );
  return rows;
}

export async function countOpenDeadLetters(client: PoolClient, scope: Scope): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM dead_letter d WHERE ${inScope} AND d.resolved_at IS NULL`,
    [scope.organisationId, scope.siteIds],
  );
  return rows[0]?.n ?? 0;
}

/** False where it is not there or was resolved before. */
export async function resolveDeadLetter(
  tx: OrganisationTransaction,
  scope: Scope,
  id: string,
  resolution: string,
): Promise<boolean> {
  const { count } = await tx.deadLetter.updateMany({
    where: { id: BigInt(id), organisationId: scope.organisationId, resolvedAt: null },
    data: { resolvedAt: new Date(), resolution },
  });
  return count > 0;
}
