import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { EnrolPayload } from './gateway-credential.ts';
import type { Scope } from './scope.ts';

export interface GatewayRow {
  readonly id: string;
  readonly name: string;
  readonly kind: 'edge' | 'custom';
  readonly siteId: string;
  readonly siteName: string;
  readonly partition: number;
  readonly configurationVersion: number;
  readonly state: unknown;
  readonly online: boolean;
  readonly stateAt: Date | null;
  readonly lastMessageAt: Date | null;
  readonly enrolledAt: Date | null;
  readonly revokedAt: Date | null;
}

export async function listGateways(
  client: PoolClient,
  scope: Scope,
  gatewayId: string | null = null,
): Promise<GatewayRow[]> {
  const { rows } = await client.query<GatewayRow>(
    `SELECT g.id, g.name, g.kind, g.site_id AS "siteId", s.name AS "siteName", g.partition,
       g.configuration_version AS "configurationVersion", g.state, g.online, g.state_at AS "stateAt",
       g.last_message_at AS "lastMessageAt", g.enrolled_at AS "enrolledAt", g.revoked_at AS "revokedAt"
     FROM gateway g JOIN site s ON s.id = g.site_id
     WHERE g.organisation_id = $1 AND ($2::uuid[] IS NULL OR g.site_id = ANY ($2)) AND ($3::text IS NULL OR g.id = $3)
     ORDER BY s.name, g.name, g.id`,
    [scope.organisationId, scope.siteIds, gatewayId],
  );
  return rows;
}

export interface LineRow {
  readonly id: string;
  readonly gatewayId: string;
  readonly key: string;
  readonly name: string;
  readonly transport: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function listLines(
  client: PoolClient,
  scope: Scope,
  gatewayIds: readonly string[],
): Promise<LineRow[]> {
  const { rows } = await client.query<LineRow>(
    `SELECT id, gateway_id AS "gatewayId", key, name, transport, settings FROM line
     WHERE organisation_id = $1 AND gateway_id = ANY ($2) ORDER BY key`,
    [scope.organisationId, gatewayIds],
  );
  return rows;
}

export interface GatewayMeterRow {
  readonly gatewayId: string;
  readonly key: string;
  readonly meterId: number;
  readonly name: string;
  readonly lineKey: string | null;
  readonly unitAddress: number | null;
  readonly profileId: string | null;
  readonly readingPeriod_s: number;
}

/** Meters that some gateways report now, under the keys in force. */
export async function listGatewayMeters(
  client: PoolClient,
  scope: Scope,
  gatewayIds: readonly string[],
): Promise<GatewayMeterRow[]> {
  const { rows } = await client.query<GatewayMeterRow>(
    `SELECT k.gateway_id AS "gatewayId", k.meter_key AS key, m.id AS "meterId", m.name, l.key AS "lineKey",
       m.unit_address AS "unitAddress", m.profile_id AS "profileId", m.reading_period_s AS "readingPeriod_s"
     FROM gateway_meter k JOIN meter m ON m.id = k.meter_id LEFT JOIN line l ON l.id = m.line_id
     WHERE k.organisation_id = $1 AND k.gateway_id = ANY ($2) AND now() >= k.valid_from AND now() < k.valid_to
     ORDER BY l.key, m.unit_address, k.meter_key`,
    [scope.organisationId, gatewayIds],
  );
  return rows;
}

export interface NewGatewayMeter {
  readonly key: string;
  readonly name: string;
  readonly carrier: string;
  readonly energyUse: string | null;
  readonly measurand: string;
}
export interface NewGateway {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly kind: 'edge' | 'custom';
  readonly partition: number;
  readonly meters: readonly NewGatewayMeter[];
  readonly credential: EnrolPayload;
}

/** A gateway with its meters, and the outbox row that lets it in: all or nothing. */
export async function createGateway(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  gateway: NewGateway,
): Promise<void> {
  const { id, siteId, name, kind, partition, meters, credential } = gateway;
  await tx.gateway.create({ data: { id, organisationId, siteId, name, kind, partition } });
  for (const [position, meter] of meters.entries()) {
    const row = await tx.meter.create({
      data: {
        organisationId,
        siteId,
        name: meter.name,
        kind: 'physical',
        role: meter.energyUse ? 'use' : 'feeder',
        carrier: meter.carrier,
        energyUse: meter.energyUse,
        measurand: meter.measurand,
        readingPeriod_s: 900,
        position: 1_000 + position,
      },
      select: { id: true },
    });
    await tx.gatewayMeter.create({
      data: { organisationId, gatewayId: id, meterKey: meter.key, meterId: row.id },
    });
  }
  await tx.outbox.create({
    data: { organisationId, gatewayId: id, kind: 'enrol', payload: { ...credential } },
  });
}

/** False where the gateway is not there or was revoked before. */
export async function revokeGateway(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  gatewayId: string,
): Promise<boolean> {
  const { count } = await tx.gateway.updateMany({
    where: { id: gatewayId, organisationId, revokedAt: null },
    data: { revokedAt: new Date(), online: false },
  });
  if (count === 0) return false;
  await tx.outbox.create({ data: { organisationId, gatewayId, kind: 'revoke', payload: {} } });
  return true;
}
