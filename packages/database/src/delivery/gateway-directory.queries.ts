import type { ClientBase } from 'pg';

/** A gateway as ingestion needs it: whose it is and which meter each of its keys means when. */
export interface GatewayRecord {
  readonly gatewayId: string;
  readonly organisationId: number;
  readonly siteId: string;
  readonly partition: number;
  readonly isRevoked: boolean;
  readonly meters: readonly GatewayMeterRecord[];
}
export interface GatewayMeterRecord {
  readonly meterKey: string;
  readonly meterId: number;
  /** Half-open; infinite where it has no bound. */
  readonly from_ms: number;
  readonly to_ms: number;
}

/** The gateways of these ids that exist, of any organisation: the caller's transaction has the scope `*`. */
export async function gatewayRecords(
  client: ClientBase,
  gatewayIds: readonly string[],
): Promise<GatewayRecord[]> {
  const gateways = await client.query<{
    id: string;
    organisation_id: number;
    site_id: string;
    partition: number;
    is_revoked: boolean;
  }>(
    `SELECT id, organisation_id, site_id, partition, revoked_at IS NOT NULL AS is_revoked
     FROM gateway WHERE id = ANY ($1)`,
    [gatewayIds],
  );
  const meters = await client.query<{
    gateway_id: string;
    meter_key: string;
    meter_id: number;
    from_ms: number;
    to_ms: number;
  }>(
    `SELECT gateway_id, meter_key, meter_id, extract(epoch FROM valid_from)::float8 * 1000 AS from_ms,
       extract(epoch FROM valid_to)::float8 * 1000 AS to_ms
     FROM gateway_meter WHERE gateway_id = ANY ($1)`,
    [gatewayIds],
  );
  return gateways.rows.map((g) => ({
    gatewayId: g.id,
    organisationId: g.organisation_id,
    siteId: g.site_id,
    partition: g.partition,
    isRevoked: g.is_revoked,
    meters: meters.rows
      .filter((m) => m.gateway_id === g.id)
      .map((m) => ({ meterKey: m.meter_key, meterId: m.meter_id, from_ms: m.from_ms, to_ms: m.to_ms })),
  }));
}

export interface GatewaySchemaRecord {
  readonly gatewayId: string;
  readonly hash: string;
  readonly encoded: Buffer;
}

/** Stored schemas of (gateway, hash), those that are known. */
export async function gatewaySchemas(
  client: ClientBase,
  keys: readonly { readonly gatewayId: string; readonly hash: string }[],
): Promise<GatewaySchemaRecord[]> {
  const found = await client.query<{ gateway_id: string; hash: string; encoded: Buffer }>(
    `SELECT s.gateway_id, s.hash, s.encoded FROM store.gateway_schema s
     JOIN unnest($1::text[], $2::text[]) AS k (gateway_id, hash) USING (gateway_id, hash)`,
    [keys.map((k) => k.gatewayId), keys.map((k) => k.hash)],
  );
  return found.rows.map((r) => ({ gatewayId: r.gateway_id, hash: r.hash, encoded: r.encoded }));
}

export async function saveGatewaySchemas(
  client: ClientBase,
  schemas: readonly GatewaySchemaRecord[],
): Promise<void> {
  if (schemas.length === 0) return;
  await client.query(
    `INSERT INTO store.gateway_schema (gateway_id, hash, encoded)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT DO NOTHING`,
    [schemas.map((s) => s.gatewayId), schemas.map((s) => s.hash), schemas.map((s) => s.encoded)],
  );
}
