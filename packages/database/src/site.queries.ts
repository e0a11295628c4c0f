import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface SiteRow {
  readonly id: string;
  readonly name: string;
  readonly legalEntityId: string;
  readonly legalEntityName: string;
  readonly activity: string;
  readonly country: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly floorArea_m2: number | null;
  readonly subscribedPower_w: number | null;
  readonly baseInterval_s: number;
}

const columns = `s.id, s.name, s.legal_entity_id AS "legalEntityId", e.name AS "legalEntityName", s.activity, s.country,
  s.time_zone AS "timeZone", s.currency, s.floor_area_m2 AS "floorArea_m2", s.subscribed_power_w AS "subscribedPower_w",
  s.base_interval_s AS "baseInterval_s"`;

/** Sites that the scope lets see, by legal entity and name. */
export async function listSites(client: PoolClient, scope: Scope): Promise<SiteRow[]> {
  const { rows } = await client.query<SiteRow>(
    `SELECT ${columns} FROM site s JOIN legal_entity e ON e.id = s.legal_entity_id
     WHERE s.organisation_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY ($2)) ORDER BY e.name, s.name`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}

export async function findSite(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<SiteRow | undefined> {
  const { rows } = await client.query<SiteRow>(
    `SELECT ${columns} FROM site s JOIN legal_entity e ON e.id = s.legal_entity_id
     WHERE s.organisation_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY ($2)) AND s.id = $3`,
    [scope.organisationId, scope.siteIds, siteId],
  );
  return rows[0];
}

export interface OrganisationRow {
  readonly id: number;
  readonly name: string;
  readonly trade: string;
  readonly currency: string;
}

export async function findOrganisation(client: PoolClient, scope: Scope): Promise<OrganisationRow> {
  const { rows } = await client.query<OrganisationRow>(
    'SELECT id, name, trade, currency FROM organisation WHERE id = $1',
    [scope.organisationId],
  );
  const [row] = rows;
  if (!row) throw new Error(`organisation ${scope.organisationId} is in scope but not there`);
  return row;
}
