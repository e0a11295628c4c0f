import type { AccountKind, CalorificBasis, Carrier, EnergyUse, LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

/** Writes of the energy account: delivery points with their validity, and rows that no bill states. */

const entityVisible = `EXISTS (SELECT FROM legal_entity e WHERE e.organisation_id = $1 AND e.id = $3 AND
  ($2::uuid[] IS NULL OR EXISTS (SELECT FROM site s WHERE s.legal_entity_id = e.id AND s.id = ANY ($2))))`;

export async function isEntityVisible(
  client: PoolClient,
  scope: Scope,
  legalEntityId: string,
): Promise<boolean> {
  const { rows } = await client.query<{ seen: boolean }>(`SELECT ${entityVisible} AS seen`, [
    scope.organisationId,
    scope.siteIds,
    legalEntityId,
  ]);
  return rows[0]?.seen ?? false;
}

export interface NewPoint {
  readonly legalEntityId: string;
  readonly siteId: string | null;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse | null;
  readonly code: string;
  readonly name: string;
  readonly validFrom: LocalDate;
}

/** Ids of the points of a code that are open on a day or later: another would overlap them. */
export async function overlappingPoints(
  client: PoolClient,
  { organisationId }: Scope,
  { code, validFrom }: Pick<NewPoint, 'code' | 'validFrom'>,
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM delivery_point WHERE organisation_id = $1 AND code = $2 AND (valid_to IS NULL OR valid_to > $3)`,
    [organisationId, code, validFrom],
  );
  return rows.map(({ id }) => id);
}

export async function createPoint(
  client: PoolClient,
  { organisationId }: Scope,
  point: NewPoint,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, energy_use, code, name, valid_from)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [
      organisationId,
      point.legalEntityId,
      point.siteId,
      point.carrier,
      point.energyUse,
      point.code,
      point.name,
      point.validFrom,
    ],
  );
  return rows[0]?.id ?? '';
}

/** Ends a delivery point on a day; bills that reach over the day are told, none is changed. */
export async function endPoint(
  client: PoolClient,
  { organisationId }: Scope,
  { id, on }: { readonly id: string; readonly on: LocalDate },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ number: string }>(
    `SELECT number FROM bill WHERE organisation_id = $1 AND delivery_point_id = $2 AND period_to > $3 ORDER BY period_from`,
    [organisationId, id, on],
  );
  if (rows.length === 0)
    await client.query('UPDATE delivery_point SET valid_to = $3 WHERE organisation_id = $1 AND id = $2', [
      organisationId,
      id,
      on,
    ]);
  return rows.map(({ number }) => number);
}

export interface EnergyRow {
  readonly id: string;
  readonly legalEntityId: string;
  readonly kind: Exclude<AccountKind, 'purchased' | 'received'>;
  readonly carrier: Carrier;
  readonly siteId: string | null;
  readonly meterId: number | null;
  readonly energy_kwh: string | null;
  readonly calorificBasis: CalorificBasis;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
  readonly limit_percent: string | null;
  readonly counterpartEntityId: string | null;
  readonly reason: string;
  readonly source: string;
}

const rowColumns = `r.id, r.legal_entity_id AS "legalEntityId", r.kind, r.carrier, r.site_id AS "siteId",
  r.meter_id AS "meterId", r.energy_kwh::text, r.calorific_basis AS "calorificBasis", r.valid_from::text AS "validFrom",
  r.valid_to::text AS "validTo", r.limit_percent::text, r.counterpart_entity_id AS "counterpartEntityId", r.reason, r.source`;

/** A membership of some sites sees the rows of those sites; what is at no site is the organisation's. */
const rowVisible = '($2::uuid[] IS NULL OR r.site_id = ANY ($2))';

export async function listEnergyRows(client: PoolClient, scope: Scope): Promise<EnergyRow[]> {
  const { rows } = await client.query<EnergyRow>(
    `SELECT ${rowColumns} FROM energy_account_row r WHERE r.organisation_id = $1 AND ${rowVisible}
     ORDER BY r.legal_entity_id, r.kind, r.carrier, r.id LIMIT 5000`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}

export async function createEnergyRow(
  client: PoolClient,
  { organisationId }: Scope,
  row: Omit<EnergyRow, 'id'> & { readonly createdBy: string },
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO energy_account_row (organisation_id, legal_entity_id, kind, carrier, site_id, meter_id, energy_kwh,
       calorific_basis, valid_from, valid_to, limit_percent, counterpart_entity_id, reason, source, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id`,
    [
      organisationId,
      row.legalEntityId,
      row.kind,
      row.carrier,
      row.siteId,
      row.meterId,
      row.energy_kwh,
      row.calorificBasis,
      row.validFrom,
      row.validTo,
      row.limit_percent,
      row.counterpartEntityId,
      row.reason,
      row.source,
      row.createdBy,
    ],
  );
  return rows[0]?.id ?? '';
}

/** Removes a row and returns it, for the trace; undefined where there is none in sight. */
export async function removeEnergyRow(
  client: PoolClient,
  scope: Scope,
  rowId: string,
): Promise<EnergyRow | undefined> {
  const { rows } = await client.query<EnergyRow>(
    `DELETE FROM energy_account_row r WHERE r.organisation_id = $1 AND ${rowVisible} AND r.id = $3 RETURNING ${rowColumns}`,
    [scope.organisationId, scope.siteIds, rowId],
  );
  return rows[0];
}
