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
  /** Readings that were decoded and not stored, with the reach of their instants; null where there are none. */
  readonly readings: number | null;
  readonly firstAt_ms: number | null;
  readonly lastAt_ms: number | null;
  readonly decision: 'take' | 'discard' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly correction_s: number | null;
  readonly resolvedAt: Date | null;
  readonly resolution: string | null;
  readonly outcome: string | null;
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
/** Readings with impossible clocks that nobody has decided about. */
const isQuarantined = `d.code = 'timestampOutOfRange' AND d.readings IS NOT NULL AND d.decision IS NULL AND d.resolved_at IS NULL`;

/** The newest first. */
export async function listDeadLetters(
  client: PoolClient,
  scope: Scope,
  filter: DeadLetterFilter,
): Promise<DeadLetterRow[]> {
  const { rows } = await client.query<DeadLetterRow>(
    `SELECT d.id, d.gateway_id AS "gatewayId", d.topic, d.received_at AS "receivedAt", d.code, d.message, d.location,
       d.meter_key AS "meterKey", substring(d.payload FROM 1 FOR 2000) AS payload, length(d.payload) AS "payloadBytes",
       d.readings, d.first_at_ms::float8 AS "firstAt_ms", d.last_at_ms::float8 AS "lastAt_ms", d.decision,
       d.decided_by AS "decidedBy", d.decided_at AS "decidedAt", d.correction_s::float8 AS "correction_s",
       d.resolved_at AS "resolvedAt", d.resolution, d.outcome
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

/** What a person decided about dead letters; a discarded one is resolved by it, a taken one when ingestion has stored it. */
export interface DeadLetterDecision {
  readonly decision: 'take' | 'discard';
  readonly decidedBy: string;
  readonly resolution: string;
  /** Of a take: added to the instants of readings that are out of range. */
  readonly correction_s: number;
}

const decided = ({ decision, decidedBy, resolution, correction_s }: DeadLetterDecision) => {
  const decidedAt = new Date();
  return {
    decision,
    decidedBy,
    decidedAt,
    resolution,
    outcome: null,
    correctionS: decision === 'take' ? BigInt(correction_s) : null,
    resolvedAt: decision === 'take' ? null : decidedAt,
  };
};

/** False where it is not there or was decided about before. */
export async function decideDeadLetter(
  tx: OrganisationTransaction,
  scope: Scope,
  id: string,
  decision: DeadLetterDecision,
): Promise<boolean> {
  const { count } = await tx.deadLetter.updateMany({
    where: { id: BigInt(id), organisationId: scope.organisationId, resolvedAt: null, decision: null },
    data: decided(decision),
  });
  return count > 0;
}

/** Decides about all of a gateway's readings with impossible clocks up to a letter. How many letters that was. */
export async function decideQuarantine(
  tx: OrganisationTransaction,
  scope: Scope,
  { gatewayId, upTo }: { readonly gatewayId: string; readonly upTo: string },
  decision: DeadLetterDecision,
): Promise<number> {
  const { count } = await tx.deadLetter.updateMany({
    where: {
      id: { lte: BigInt(upTo) },
      organisationId: scope.organisationId,
      gatewayId,
      code: 'timestampOutOfRange',
      readings: { not: null },
      resolvedAt: null,
      decision: null,
    },
    data: decided(decision),
  });
  return count;
}

export interface QuarantineRow {
  readonly gatewayId: string;
  readonly gatewayName: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly messages: number;
  readonly readings: number;
  readonly firstAt_ms: number;
  readonly lastAt_ms: number;
  readonly firstReceivedAt: Date;
  readonly lastReceivedAt: Date;
  /** Reach of (arrival − newest reading of the message). */
  readonly leastAge_ms: number;
  readonly lastLetterId: string;
}

/** Readings with impossible clocks by gateway; up to a letter where one is given. */
export async function listQuarantine(
  client: PoolClient,
  scope: Scope,
  { gatewayId, upTo }: { readonly gatewayId?: string; readonly upTo?: string } = {},
): Promise<QuarantineRow[]> {
  const { rows } = await client.query<QuarantineRow>(
    `SELECT g.id AS "gatewayId", g.name AS "gatewayName", s.id AS "siteId", s.name AS "siteName",
       count(*)::int AS messages, sum(d.readings)::int AS readings, min(d.first_at_ms)::float8 AS "firstAt_ms",
       max(d.last_at_ms)::float8 AS "lastAt_ms", min(d.received_at) AS "firstReceivedAt", max(d.received_at) AS "lastReceivedAt",
       min(extract(epoch FROM d.received_at) * 1000 - d.last_at_ms)::float8 AS "leastAge_ms", max(d.id)::text AS "lastLetterId"
     FROM dead_letter d JOIN gateway g ON g.id = d.gateway_id JOIN site s ON s.id = g.site_id
     WHERE ${inScope} AND ${isQuarantined} AND ($3::text IS NULL OR g.id = $3) AND ($4::bigint IS NULL OR d.id <= $4)
     GROUP BY g.id, s.id ORDER BY max(d.id) DESC LIMIT 500`,
    [scope.organisationId, scope.siteIds, gatewayId ?? null, upTo ?? null],
  );
  return rows;
}
