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

/** Ends a row of a site on a day; another entity takes it on from then. Rows of a document have their own end. */
export async function handOverRows(
  client: PoolClient,
  { organisationId }: Scope,
  wish: {
    readonly siteId: string;
    readonly fromEntityId: string;
    readonly toEntityId: string;
    readonly on: LocalDate;
    readonly by: string;
  },
): Promise<void> {
  const values = [organisationId, wish.siteId, wish.fromEntityId, wish.on];
  const reaching = `organisation_id = $1 AND site_id = $2 AND legal_entity_id = $3 AND meter_id IS NOT NULL
    AND (valid_to IS NULL OR valid_to > $4) AND (valid_from IS NULL OR valid_from < $4)`;
  await client.query(
    `INSERT INTO energy_account_row (organisation_id, legal_entity_id, kind, carrier, site_id, meter_id, calorific_basis,
       valid_from, valid_to, limit_percent, counterpart_entity_id, reason, source, created_by)
     SELECT organisation_id, $5, kind, carrier, site_id, meter_id, calorific_basis, $4, valid_to, limit_percent,
            CASE WHEN counterpart_entity_id <> $5 THEN counterpart_entity_id END, reason, source, $6
     FROM energy_account_row WHERE ${reaching}`,
    [...values, wish.toEntityId, wish.by],
  );
  await client.query(`UPDATE energy_account_row SET valid_to = $4 WHERE ${reaching}`, values);
}

/** Rows of documents of a site whose days reach over a day: each has to be divided by whoever knows how. */
export async function documentsAcross(
  client: PoolClient,
  { organisationId }: Scope,
  { siteId, on }: { readonly siteId: string; readonly on: LocalDate },
): Promise<string[]> {
  const { rows } = await client.query<{ source: string }>(
    `SELECT source FROM energy_account_row WHERE organisation_id = $1 AND site_id = $2 AND energy_kwh IS NOT NULL
       AND valid_from < $3 AND valid_to > $3 ORDER BY source`,
    [organisationId, siteId, on],
  );
  return rows.map(({ source }) => source);
}

export interface SiteHandOver {
  readonly siteId: string;
  readonly fromEntityId: string;
  readonly toEntityId: string;
  readonly on: LocalDate;
}

export async function listSiteHandOvers(client: PoolClient, scope: Scope): Promise<SiteHandOver[]> {
  const { rows } = await client.query<SiteHandOver>(
    `SELECT site_id AS "siteId", from_entity_id AS "fromEntityId", to_entity_id AS "toEntityId", on_date::text AS "on"
     FROM site_hand_over WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2)) ORDER BY on_date, site_id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}

/** The site belongs to another entity from a day on; what was before stays known. */
export async function handOverSite(
  client: PoolClient,
  { organisationId }: Scope,
  { siteId, fromEntityId, toEntityId, on, by }: SiteHandOver & { readonly by: string },
): Promise<void> {
  await client.query(
    `INSERT INTO site_hand_over (organisation_id, site_id, from_entity_id, to_entity_id, on_date, created_by)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [organisationId, siteId, fromEntityId, toEntityId, on, by],
  );
  await client.query('UPDATE site SET legal_entity_id = $3 WHERE organisation_id = $1 AND id = $2', [
    organisationId,
    siteId,
    toEntityId,
  ]);
}
