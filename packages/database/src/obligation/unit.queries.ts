import type { ClientBase } from 'pg';
import type { Scope } from '../scope.ts';
import type { ReviewRecord, StatedProfile, UnitMember, UnitRecord } from './unit-record.ts';

/** Groups an organisation may state. */
export const groupLimit = 100;

/** A membership of some sites sees the entities of those sites, and groups all of whose entities it sees. */
const visible = `($2::uuid[] IS NULL OR EXISTS (SELECT FROM site s WHERE s.legal_entity_id = e.id AND s.id = ANY ($2)))`;

/** Units of the organisation: every legal entity, then the groups. One of them where its id is given. */
export async function listUnits(
  client: ClientBase,
  { organisationId, siteIds }: Scope,
  unitId: string | null = null,
): Promise<UnitRecord[]> {
  const { rows: entities } = await client.query<Omit<UnitRecord, 'kind' | 'members'>>(
    `SELECT e.id, e.name, e.country, e.registration_number AS "registrationNumber", u.profile AS stated,
            u.updated_at AS "updatedAt", u.updated_by AS "updatedBy"
     FROM legal_entity e LEFT JOIN obliged_unit u ON u.legal_entity_id = e.id
     WHERE e.organisation_id = $1 AND ${visible} AND ($3::uuid IS NULL OR e.id = $3) ORDER BY e.name, e.id`,
    [organisationId, siteIds, unitId],
  );
  const { rows: groups } = await client.query<Omit<UnitRecord, 'kind'> & { readonly isWhole: boolean }>(
    `SELECT u.id, u.name, u.country, '' AS "registrationNumber", u.profile AS stated, u.updated_at AS "updatedAt",
            u.updated_by AS "updatedBy", bool_and(${visible}) AS "isWhole",
            jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'country', e.country) ORDER BY e.name) AS members
     FROM obliged_unit u JOIN obliged_unit_member m ON m.obliged_unit_id = u.id JOIN legal_entity e ON e.id = m.legal_entity_id
     WHERE u.organisation_id = $1 AND u.legal_entity_id IS NULL AND ($3::uuid IS NULL OR u.id = $3)
     GROUP BY u.id ORDER BY u.name, u.id LIMIT ${groupLimit}`,
    [organisationId, siteIds, unitId],
  );
  return [
    ...entities.map(
      (entity): UnitRecord => ({ ...entity, kind: 'legalEntity', members: [memberOf(entity)] }),
    ),
    ...groups
      .filter(({ isWhole }) => isWhole)
      .map(({ isWhole: _, ...group }): UnitRecord => ({ ...group, kind: 'group' })),
  ];
}

const memberOf = ({ id, name, country }: UnitMember): UnitMember => ({ id, name, country });

/** Keeps what is stated about a unit; of a legal entity the row is made on the first time. */
export async function saveStatedProfile(
  client: ClientBase,
  { organisationId }: Scope,
  { unit, stated, by }: { readonly unit: UnitRecord; readonly stated: StatedProfile; readonly by: string },
): Promise<void> {
  await client.query(
    `INSERT INTO obliged_unit (id, organisation_id, legal_entity_id, name, country, profile, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, updated_by = excluded.updated_by, updated_at = now()`,
    [
      unit.id,
      organisationId,
      unit.kind === 'legalEntity' ? unit.id : null,
      unit.name,
      unit.country,
      JSON.stringify(stated),
      by,
    ],
  );
}

/** Makes a group of legal entities of the organisation; null where one of them is not its own. */
export async function createGroup(
  client: ClientBase,
  { organisationId, siteIds }: Scope,
  group: {
    readonly name: string;
    readonly country: string;
    readonly legalEntityIds: readonly string[];
    readonly stated: StatedProfile;
    readonly by: string;
  },
): Promise<string | null> {
  const { rows: known } = await client.query(
    `SELECT 1 FROM legal_entity e WHERE e.organisation_id = $1 AND ${visible} AND e.id = ANY ($3)`,
    [organisationId, siteIds, group.legalEntityIds],
  );
  if (known.length !== new Set(group.legalEntityIds).size) return null;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO obliged_unit (organisation_id, name, country, profile, updated_by) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [organisationId, group.name, group.country, JSON.stringify(group.stated), group.by],
  );
  const id = rows[0]?.id ?? null;
  await client.query(
    `INSERT INTO obliged_unit_member (organisation_id, obliged_unit_id, legal_entity_id)
     SELECT $1, $2, unnest($3::uuid[])`,
    [organisationId, id, group.legalEntityIds],
  );
  return id;
}

export async function removeGroup(
  client: ClientBase,
  { organisationId }: Scope,
  unitId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'DELETE FROM obliged_unit WHERE organisation_id = $1 AND id = $2 AND legal_entity_id IS NULL',
    [organisationId, unitId],
  );
  return rowCount === 1;
}

export async function listReviews(client: ClientBase, { organisationId }: Scope): Promise<ReviewRecord[]> {
  const { rows } = await client.query<ReviewRecord>(
    `SELECT rule_id AS "ruleId", reviewer_name AS name, reviewed_on::text AS date FROM rule_review
     WHERE organisation_id = $1 ORDER BY rule_id`,
    [organisationId],
  );
  return rows;
}

export async function saveReview(
  client: ClientBase,
  { organisationId }: Scope,
  review: ReviewRecord & { readonly by: string },
): Promise<void> {
  await client.query(
    `INSERT INTO rule_review (organisation_id, rule_id, reviewer_name, reviewed_on, created_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (organisation_id, rule_id) DO UPDATE
       SET reviewer_name = excluded.reviewer_name, reviewed_on = excluded.reviewed_on, created_by = excluded.created_by,
           created_at = now()`,
    [organisationId, review.ruleId, review.name, review.date, review.by],
  );
}

export async function removeReview(
  client: ClientBase,
  { organisationId }: Scope,
  ruleId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'DELETE FROM rule_review WHERE organisation_id = $1 AND rule_id = $2',
    [organisationId, ruleId],
  );
  return rowCount === 1;
}
