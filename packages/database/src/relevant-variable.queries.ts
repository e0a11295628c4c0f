import type { LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import { type VariableRecord, variableColumns } from './performance/index.ts';
import type { Scope } from './scope.ts';

export interface VariableRow extends VariableRecord {
  readonly siteId: string;
  readonly timeZone: string;
  readonly base_s: number;
}

/** Relevant variables of the scope. */
export async function listVariables(
  client: PoolClient,
  scope: Scope,
  filter: { readonly siteId?: string; readonly ids?: readonly string[] },
): Promise<VariableRow[]> {
  const { rows } = await client.query<VariableRow>(
    `SELECT ${variableColumns}, v.site_id AS "siteId", s.time_zone AS "timeZone", s.base_interval_s AS base_s
     FROM relevant_variable v JOIN site s ON s.id = v.site_id
     WHERE v.organisation_id = $1 AND ($2::uuid[] IS NULL OR v.site_id = ANY ($2)) AND ($3::uuid IS NULL OR v.site_id = $3)
       AND ($4::uuid[] IS NULL OR v.id = ANY ($4)) ORDER BY v.key`,
    [scope.organisationId, scope.siteIds, filter.siteId ?? null, filter.ids ?? null],
  );
  return rows;
}

export type NewVariable = Omit<VariableRecord, 'id'>;

/** Answers null where the site has a variable of that key already. */
export async function addVariable(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  variable: NewVariable,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO relevant_variable (organisation_id, site_id, key, name, unit, source, quantity, combine, granularity, meter_id,
       measurand, station_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (site_id, key) DO NOTHING RETURNING id`,
    [
      scope.organisationId,
      siteId,
      variable.key,
      variable.name,
      variable.unit,
      variable.source,
      variable.quantity,
      variable.combine,
      variable.granularity,
      variable.meterId,
      variable.measurand,
      variable.stationId,
    ],
  );
  return rows[0]?.id ?? null;
}

export interface VariableValueRow {
  readonly date: LocalDate;
  readonly value: number;
  readonly source: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

/** The record of each date that counts. */
export async function listVariableValues(
  client: PoolClient,
  scope: Scope,
  variableId: string,
  range: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<VariableValueRow[]> {
  const { rows } = await client.query<VariableValueRow>(
    `SELECT DISTINCT ON (on_date) on_date::text AS date, value, source, recorded_by AS "recordedBy", recorded_at AS "recordedAt"
     FROM variable_value WHERE organisation_id = $1 AND variable_id = $2 AND on_date >= $3 AND on_date < $4
     ORDER BY on_date, recorded_at DESC LIMIT 4000`,
    [scope.organisationId, variableId, range.from, range.to],
  );
  return rows;
}

/** Records values of dates, in one statement; answers how many dates had another value before. */
export async function recordVariableValues(
  client: PoolClient,
  scope: Scope,
  variableId: string,
  {
    values,
    sourceOf,
    by,
  }: {
    readonly values: readonly { readonly date: LocalDate; readonly value: number }[];
    readonly sourceOf: (position: number) => string;
    readonly by: string;
  },
): Promise<number> {
  const { rows } = await client.query<{ replaced: number }>(
    `WITH given AS (SELECT * FROM unnest($3::date[], $4::float8[], $5::text[]) AS w (on_date, value, source)),
     known AS (SELECT DISTINCT ON (v.on_date) v.on_date, v.value FROM variable_value v JOIN given g USING (on_date)
       WHERE v.variable_id = $2 ORDER BY v.on_date, v.recorded_at DESC),
     added AS (INSERT INTO variable_value (variable_id, on_date, recorded_at, organisation_id, value, source, recorded_by)
       SELECT $2, g.on_date, clock_timestamp(), $1, g.value, g.source, $6 FROM given g LEFT JOIN known k USING (on_date)
       WHERE k.value IS DISTINCT FROM g.value)
     SELECT count(*)::int AS replaced FROM given g JOIN known k USING (on_date) WHERE k.value IS DISTINCT FROM g.value`,
    [
      scope.organisationId,
      variableId,
      values.map(({ date }) => date),
      values.map(({ value }) => value),
      values.map((_, i) => sourceOf(i)),
      by,
    ],
  );
  return rows[0]?.replaced ?? 0;
}

export interface StaticFactorRow {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly unit: string;
  readonly values: readonly {
    readonly validFrom: LocalDate;
    readonly value: string;
    readonly source: string;
    readonly recordedBy: string;
    readonly recordedAt: string;
  }[];
}

export async function listStaticFactors(
  client: PoolClient,
  scope: Scope,
  filter: { readonly siteId?: string; readonly factorId?: string },
): Promise<StaticFactorRow[]> {
  const { rows } = await client.query<StaticFactorRow>(
    `SELECT f.id, f.site_id AS "siteId", f.name, f.unit, (SELECT coalesce(json_agg(r ORDER BY r."validFrom"), '[]') FROM (
         SELECT DISTINCT ON (v.valid_from) v.valid_from AS "validFrom", v.value, v.source, v.recorded_by AS "recordedBy",
           v.recorded_at AS "recordedAt" FROM static_factor_value v WHERE v.factor_id = f.id
         ORDER BY v.valid_from, v.recorded_at DESC) r) AS values
     FROM static_factor f WHERE f.organisation_id = $1 AND ($2::uuid[] IS NULL OR f.site_id = ANY ($2))
       AND ($3::uuid IS NULL OR f.site_id = $3) AND ($4::uuid IS NULL OR f.id = $4) ORDER BY f.name`,
    [scope.organisationId, scope.siteIds, filter.siteId ?? null, filter.factorId ?? null],
  );
  return rows;
}

/** Answers null where the site has a factor of that name already. */
export async function addStaticFactor(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  factor: { readonly name: string; readonly unit: string },
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO static_factor (organisation_id, site_id, name, unit) VALUES ($1, $2, $3, $4)
     ON CONFLICT (site_id, name) DO NOTHING RETURNING id`,
    [scope.organisationId, siteId, factor.name, factor.unit],
  );
  return rows[0]?.id ?? null;
}

export async function addStaticFactorValue(
  client: PoolClient,
  scope: Scope,
  factorId: string,
  value: {
    readonly value: string;
    readonly validFrom: LocalDate;
    readonly source: string;
    readonly by: string;
  },
): Promise<void> {
  await client.query(
    `INSERT INTO static_factor_value (factor_id, valid_from, recorded_at, organisation_id, value, source, recorded_by)
     VALUES ($1, $2, clock_timestamp(), $3, $4, $5, $6)`,
    [factorId, value.validFrom, scope.organisationId, value.value, value.source, value.by],
  );
}

/** EnPIs that a static factor concerns: those that name it, and those of its site that name none. */
export async function enpisOfStaticFactor(
  client: PoolClient,
  scope: Scope,
  factorId: string,
): Promise<{ readonly id: string; readonly enbId: string | null }[]> {
  const { rows } = await client.query<{ id: string; enbId: string | null }>(
    `SELECT e.id, (SELECT b.id FROM enb b WHERE b.enpi_id = e.id AND b.state = 'approved') AS "enbId"
     FROM static_factor f JOIN enpi e ON e.site_id = f.site_id
     WHERE f.organisation_id = $1 AND f.id = $2 AND (
       EXISTS (SELECT FROM enpi_static_factor x WHERE x.enpi_id = e.id AND x.factor_id = f.id)
       OR NOT EXISTS (SELECT FROM enpi_static_factor x WHERE x.enpi_id = e.id)) ORDER BY e.id`,
    [scope.organisationId, factorId],
  );
  return rows;
}
