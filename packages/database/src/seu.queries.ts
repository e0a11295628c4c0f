import type { LocalDate, RankChange } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { StoredSavings } from './performance/index.ts';
import type { Scope } from './scope.ts';

export interface SeuRow {
  readonly id: string;
  readonly siteId: string;
  readonly key: string;
  readonly name: string;
  readonly isSignificant: boolean;
  readonly rank: number | null;
  readonly since: LocalDate;
  readonly potential_percent: number | null;
  readonly potentialNote: string;
  readonly operators: readonly string[];
  readonly operatingCriteria: string;
  readonly variableIds: readonly string[];
  readonly enpiId: string | null;
  readonly savings: StoredSavings | null;
}

export async function listSeus(
  client: PoolClient,
  scope: Scope,
  filter: { readonly siteId?: string; readonly seuId?: string },
): Promise<SeuRow[]> {
  const { rows } = await client.query<SeuRow>(
    `SELECT u.id, u.site_id AS "siteId", u.key, u.name, u.is_significant AS "isSignificant", u.rank, u.since::text,
       u.potential_percent, u.potential_note AS "potentialNote", u.operators, u.operating_criteria AS "operatingCriteria",
       ARRAY(SELECT x.variable_id::text FROM seu_variable x WHERE x.seu_id = u.id ORDER BY 1) AS "variableIds",
       u.enpi_id AS "enpiId", r.savings
     FROM seu u LEFT JOIN enpi_result r ON r.enpi_id = u.enpi_id
     WHERE u.organisation_id = $1 AND ($2::uuid[] IS NULL OR u.site_id = ANY ($2)) AND ($3::uuid IS NULL OR u.site_id = $3)
       AND ($4::uuid IS NULL OR u.id = $4) ORDER BY u.is_significant DESC, u.rank NULLS LAST, u.key`,
    [scope.organisationId, scope.siteIds, filter.siteId ?? null, filter.seuId ?? null],
  );
  return rows;
}

export interface SeuReviewRow {
  readonly id: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly basis: 'energy' | 'cost' | 'carbon' | 'potential';
  readonly threshold: number;
  readonly criteria: string;
  readonly reason: string;
  readonly decidedBy: string;
  readonly decidedAt: Date;
  readonly changes: readonly RankChange[];
}

export async function listSeuReviews(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<SeuReviewRow[]> {
  const { rows } = await client.query<SeuReviewRow>(
    `SELECT id, from_date::text AS "from", to_date::text AS "to", basis, threshold, criteria, reason, decided_by AS "decidedBy",
       decided_at AS "decidedAt", changes
     FROM seu_review WHERE organisation_id = $1 AND site_id = $2 ORDER BY decided_at DESC LIMIT 100`,
    [scope.organisationId, siteId],
  );
  return rows;
}

export interface NewSeuReview {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly basis: SeuReviewRow['basis'];
  readonly threshold: number;
  readonly criteria: string;
  readonly reason: string;
  readonly ranking: object;
  readonly changes: readonly RankChange[];
  readonly by: string;
  /** Uses as the review leaves them. */
  readonly uses: readonly {
    readonly key: string;
    readonly name: string;
    readonly isSignificant: boolean;
    readonly rank: number | null;
  }[];
  readonly since: LocalDate;
}

/** Keeps a review and what it decided of each use; `since` moves only where significance changes. */
export async function addSeuReview(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  review: NewSeuReview,
): Promise<void> {
  await client.query(
    `INSERT INTO seu_review (organisation_id, site_id, from_date, to_date, basis, threshold, criteria, reason, ranking, changes,
       decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      scope.organisationId,
      siteId,
      review.from,
      review.to,
      review.basis,
      review.threshold,
      review.criteria,
      review.reason,
      JSON.stringify(review.ranking),
      JSON.stringify(review.changes),
      review.by,
    ],
  );
  await client.query(
    `INSERT INTO seu (organisation_id, site_id, key, name, is_significant, rank, since)
     SELECT $1, $2, w.key, w.name, w.significant, w.rank, $7::date
     FROM unnest($3::text[], $4::text[], $5::boolean[], $6::int[]) AS w (key, name, significant, rank)
     ON CONFLICT (site_id, key) DO UPDATE SET is_significant = excluded.is_significant, rank = excluded.rank,
       since = CASE WHEN seu.is_significant = excluded.is_significant THEN seu.since ELSE excluded.since END`,
    [
      scope.organisationId,
      siteId,
      review.uses.map(({ key }) => key),
      review.uses.map(({ name }) => name),
      review.uses.map(({ isSignificant }) => isSignificant),
      review.uses.map(({ rank }) => rank),
      review.since,
    ],
  );
}

export async function updateSeuRecord(
  client: PoolClient,
  scope: Scope,
  seuId: string,
  seu: Pick<
    SeuRow,
    | 'name'
    | 'potential_percent'
    | 'potentialNote'
    | 'operators'
    | 'operatingCriteria'
    | 'variableIds'
    | 'enpiId'
  >,
): Promise<void> {
  await client.query(
    `UPDATE seu SET name = $3, potential_percent = $4, potential_note = $5, operators = $6, operating_criteria = $7, enpi_id = $8
     WHERE organisation_id = $1 AND id = $2`,
    [
      scope.organisationId,
      seuId,
      seu.name,
      seu.potential_percent,
      seu.potentialNote,
      seu.operators,
      seu.operatingCriteria,
      seu.enpiId,
    ],
  );
  await client.query('DELETE FROM seu_variable WHERE organisation_id = $1 AND seu_id = $2', [
    scope.organisationId,
    seuId,
  ]);
  await client.query(
    'INSERT INTO seu_variable (seu_id, variable_id, organisation_id) SELECT $1, w, $2 FROM unnest($3::uuid[]) AS w',
    [seuId, scope.organisationId, seu.variableIds],
  );
}
