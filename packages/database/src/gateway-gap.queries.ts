import type { PoolClient } from 'pg';
import { type BatchRange, missingRanges } from './delivery/watermark.ts';
import type { Scope } from './scope.ts';

/** One delivery sequence of a gateway and what is missing in it. */
export interface GatewaySequenceRow {
  readonly gatewayId: string;
  readonly boot: string;
  readonly lane: 'live' | 'backfill';
  readonly upTo: number;
  readonly updatedAt: Date;
  readonly missing: readonly BatchRange[];
  readonly gapSince: Date | null;
  readonly gapAsked: number;
  readonly gapAskedAt: Date | null;
}
export interface GivenUpRow extends BatchRange {
  readonly gatewayId: string;
  readonly boot: string;
  readonly lane: string;
  readonly asked: number;
  readonly at: Date;
}

const inScope = `organisation_id = $1 AND gateway_id IN (
  SELECT g.id FROM gateway g WHERE g.organisation_id = $1 AND ($2::uuid[] IS NULL OR g.site_id = ANY ($2))
    AND ($3::text IS NULL OR g.id = $3))`;

/** Sequences of one gateway, or of all that miss something; those heard of last come first. */
export async function listGatewaySequences(
  client: PoolClient,
  scope: Scope,
  gatewayId: string | null = null,
): Promise<GatewaySequenceRow[]> {
  const { rows } = await client.query<
    Omit<GatewaySequenceRow, 'missing' | 'upTo'> & { upTo: string; beyond: readonly string[] }
  >(
    `SELECT gateway_id AS "gatewayId", boot, lane, up_to AS "upTo", beyond, updated_at AS "updatedAt",
       gap_since AS "gapSince", gap_asked AS "gapAsked", gap_asked_at AS "gapAskedAt"
     FROM gateway_sequence WHERE ${inScope} AND ($3::text IS NOT NULL OR beyond <> '{}')
     ORDER BY updated_at DESC LIMIT 200`,
    [scope.organisationId, scope.siteIds, gatewayId],
  );
  return rows.map(({ upTo, beyond, ...row }) => ({
    ...row,
    upTo: Number(upTo),
    missing: missingRanges({ upTo: Number(upTo), beyond: beyond.map(Number) }),
  }));
}

/** Batches that never came, of one gateway or of all; the newest first. */
export async function listGivenUp(
  client: PoolClient,
  scope: Scope,
  gatewayId: string | null = null,
): Promise<GivenUpRow[]> {
  const { rows } = await client.query<GivenUpRow>(
    `SELECT gateway_id AS "gatewayId", boot, lane, from_seq::float8 AS "from", to_seq::float8 AS "to", asked, at
     FROM gateway_given_up WHERE ${inScope} ORDER BY at DESC LIMIT 1000`,
    [scope.organisationId, scope.siteIds, gatewayId],
  );
  return rows;
}
