import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface MeterRow {
  readonly id: number;
  readonly siteId: string;
  readonly name: string;
  readonly kind: string;
  readonly role: string;
  readonly carrier: string;
  readonly energyUse: string | null;
  readonly measurand: string | null;
  readonly parentId: number | null;
  readonly circuitId: string | null;
  readonly zoneId: string | null;
  readonly serialNumber: string;
  readonly profileId: string | null;
  readonly unitAddress: number | null;
  readonly lineId: string | null;
  readonly lineName: string | null;
  readonly transport: string | null;
  readonly accuracy: readonly { readonly part: string; readonly class: number }[];
  readonly readingPeriod_s: number;
}

export interface MeterFilter {
  readonly siteId?: string | undefined;
  readonly meterIds?: readonly number[] | undefined;
}

/** Meters of the scope, in their order on site. */
export async function listMeters(client: PoolClient, scope: Scope, filter: MeterFilter): Promise<MeterRow[]> {
  const { rows } = await client.query<MeterRow>(
    `SELECT m.id, m.site_id AS "siteId", m.name, m.kind, m.role, m.carrier, m.energy_use AS "energyUse", m.measurand,
       m.parent_id AS "parentId", m.circuit_id AS "circuitId", m.zone_id AS "zoneId", m.serial_number AS "serialNumber",
       m.profile_id AS "profileId", m.unit_address AS "unitAddress", m.line_id AS "lineId", l.name AS "lineName",
       l.transport, m.accuracy, m.reading_period_s AS "readingPeriod_s"
     FROM meter m LEFT JOIN line l ON l.id = m.line_id
     WHERE m.organisation_id = $1 AND ($2::uuid[] IS NULL OR m.site_id = ANY ($2))
       AND ($3::uuid IS NULL OR m.site_id = $3) AND ($4::integer[] IS NULL OR m.id = ANY ($4))
     ORDER BY m.position, m.id`,
    [scope.organisationId, scope.siteIds, filter.siteId ?? null, filter.meterIds ?? null],
  );
  return rows;
}

/** The newest reading of a meter: each value with the instant it was read. */
export interface LatestRow {
  readonly meterId: number;
  readonly at: Date;
  readonly receivedAt: Date;
  readonly quality: number;
  readonly values: unknown;
}

/** Newest readings of meters that the caller has already found in its scope. */
export async function readLatest(
  client: PoolClient,
  scope: Scope,
  meterIds: readonly number[],
): Promise<LatestRow[]> {
  const { rows } = await client.query<LatestRow>(
    `SELECT meter_id AS "meterId", at, received_at AS "receivedAt", quality, values
     FROM public.latest WHERE organisation_id = $1 AND meter_id = ANY ($2)`,
    [scope.organisationId, meterIds],
  );
  return rows;
}

export interface MeterEventRow {
  readonly kind: string;
  readonly at: Date;
  readonly measurand: string;
  readonly closingIndex: number | null;
  readonly openingIndex: number;
  readonly note: string;
  readonly origin: string;
}
export interface TermRow {
  readonly meterId: number;
  readonly sourceMeterId: number;
  readonly sourceName: string;
  readonly sourceMeasurand: string;
  readonly sign: 1 | -1;
}
export interface MeterKeyRow {
  readonly gatewayId: string;
  readonly meterKey: string;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

export async function listMeterEvents(
  client: PoolClient,
  scope: Scope,
  meterId: number,
): Promise<MeterEventRow[]> {
  const { rows } = await client.query<MeterEventRow>(
    `SELECT kind, at, measurand, closing_index::double precision AS "closingIndex",
       opening_index::double precision AS "openingIndex", note, origin
     FROM meter_event WHERE organisation_id = $1 AND meter_id = $2 ORDER BY at DESC LIMIT 500`,
    [scope.organisationId, meterId],
  );
  return rows;
}

/** Terms in force now of virtual meters. */
export async function listTerms(
  client: PoolClient,
  scope: Scope,
  meterIds: readonly number[],
): Promise<TermRow[]> {
  const { rows } = await client.query<TermRow>(
    `SELECT t.meter_id AS "meterId", t.source_meter_id AS "sourceMeterId", m.name AS "sourceName",
       t.source_measurand AS "sourceMeasurand", t.sign
     FROM virtual_term t JOIN meter m ON m.id = t.source_meter_id
     WHERE t.organisation_id = $1 AND t.meter_id = ANY ($2) AND now() >= t.valid_from AND now() < t.valid_to
     ORDER BY t.meter_id, t.source_meter_id`,
    [scope.organisationId, meterIds],
  );
  return rows;
}

/** Names under which gateways report a meter; null where a bound is open. */
export async function listMeterKeys(
  client: PoolClient,
  scope: Scope,
  meterId: number,
): Promise<MeterKeyRow[]> {
  const { rows } = await client.query<MeterKeyRow>(
    `SELECT gateway_id AS "gatewayId", meter_key AS "meterKey",
       CASE WHEN isfinite(valid_from) THEN valid_from END AS "validFrom",
       CASE WHEN isfinite(valid_to) THEN valid_to END AS "validTo"
     FROM gateway_meter WHERE organisation_id = $1 AND meter_id = $2 ORDER BY valid_from`,
    [scope.organisationId, meterId],
  );
  return rows;
}
