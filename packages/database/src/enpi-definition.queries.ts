import type { LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { StoredRun } from './performance/index.ts';
import type { Scope } from './scope.ts';

/** What an EnPI is made of, as people defined it. */
export interface EnpiDefinitionRow {
  readonly siteId: string;
  readonly name: string;
  readonly kind: 'measured' | 'ratio' | 'model';
  readonly meterIds: readonly number[];
  readonly measurand: string;
  readonly variableIds: readonly string[];
  readonly staticFactorIds: readonly string[];
  readonly granularity: 'day' | 'month';
  readonly baseline: { readonly from: LocalDate; readonly to: LocalDate };
  readonly reportingFrom: LocalDate;
  readonly confidence: number;
}

export interface EnpiRunRow {
  readonly id: string;
  readonly timeZone: string;
  readonly definition: EnpiDefinitionRow;
  readonly enb: { readonly id: string; readonly version: number; readonly state: string } | null;
  readonly run: StoredRun | null;
  readonly findings: unknown;
  readonly computedAt: Date | null;
}

interface Flat extends Omit<EnpiDefinitionRow, 'baseline'> {
  readonly id: string;
  readonly timeZone: string;
  readonly baselineFrom: string;
  readonly baselineTo: string;
  readonly enbId: string | null;
  readonly version: number | null;
  readonly state: string | null;
  readonly run: StoredRun | null;
  readonly findings: unknown;
  readonly computedAt: Date | null;
}

/** An EnPI of the scope with its definition and everything that was computed beside the headline. */
export async function findEnpiRun(
  client: PoolClient,
  scope: Scope,
  enpiId: string,
): Promise<EnpiRunRow | undefined> {
  const { rows } = await client.query<Flat>(
    `SELECT e.id, e.site_id AS "siteId", e.name, e.kind, e.measurand, e.granularity,
       ARRAY[e.meter_id] || ARRAY(SELECT x.meter_id FROM enpi_meter x WHERE x.enpi_id = e.id AND x.meter_id <> e.meter_id
         ORDER BY 1) AS "meterIds",
       ARRAY(SELECT x.variable_id::text FROM enpi_variable x JOIN relevant_variable v ON v.id = x.variable_id
         WHERE x.enpi_id = e.id ORDER BY v.key) AS "variableIds",
       ARRAY(SELECT x.factor_id::text FROM enpi_static_factor x WHERE x.enpi_id = e.id ORDER BY 1) AS "staticFactorIds",
       e.baseline_from::text AS "baselineFrom", e.baseline_to::text AS "baselineTo",
       e.reporting_from::text AS "reportingFrom", e.confidence, s.time_zone AS "timeZone",
       b.id AS "enbId", b.version, b.state, r.performance AS run, r.findings, r.computed_at AS "computedAt"
     FROM enpi e JOIN site s ON s.id = e.site_id LEFT JOIN enpi_result r ON r.enpi_id = e.id LEFT JOIN enb b ON b.id = r.enb_id
     WHERE e.organisation_id = $1 AND ($2::uuid[] IS NULL OR e.site_id = ANY ($2)) AND e.id = $3`,
    [scope.organisationId, scope.siteIds, enpiId],
  );
  const [row] = rows;
  if (!row) return undefined;
  const {
    id,
    timeZone,
    baselineFrom,
    baselineTo,
    enbId,
    version,
    state,
    run,
    findings,
    computedAt,
    ...rest
  } = row;
  return {
    id,
    timeZone,
    definition: { ...rest, baseline: { from: baselineFrom, to: baselineTo } },
    enb: enbId !== null && version !== null && state !== null ? { id: enbId, version, state } : null,
    run,
    findings,
    computedAt,
  };
}

/** Stores a new EnPI, or another definition of one that the caller has found in its scope. */
export async function saveEnpiDefinition(
  client: PoolClient,
  scope: Scope,
  definition: EnpiDefinitionRow,
  enpiId: string | null,
): Promise<string> {
  const values = [
    definition.name,
    definition.kind,
    definition.meterIds[0],
    definition.measurand,
    definition.granularity,
    definition.baseline.from,
    definition.baseline.to,
    definition.reportingFrom,
    definition.confidence,
    scope.organisationId,
  ];
  const { rows } = enpiId
    ? await client.query<{ id: string }>(
        `UPDATE enpi SET name = $1, kind = $2, meter_id = $3, measurand = $4, granularity = $5, baseline_from = $6,
           baseline_to = $7, reporting_from = $8, confidence = $9 WHERE organisation_id = $10 AND id = $11 RETURNING id`,
        [...values, enpiId],
      )
    : await client.query<{ id: string }>(
        `INSERT INTO enpi (name, kind, meter_id, measurand, granularity, baseline_from, baseline_to, reporting_from,
           confidence, organisation_id, site_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
        [...values, definition.siteId],
      );
  const id = rows[0]?.id;
  if (!id) throw new Error('The EnPI was not stored');
  for (const [table, column, type, ids] of [
    ['enpi_meter', 'meter_id', 'int', definition.meterIds],
    ['enpi_variable', 'variable_id', 'uuid', definition.variableIds],
    ['enpi_static_factor', 'factor_id', 'uuid', definition.staticFactorIds],
  ] as const) {
    await client.query(`DELETE FROM ${table} WHERE organisation_id = $1 AND enpi_id = $2`, [
      scope.organisationId,
      id,
    ]);
    await client.query(
      `INSERT INTO ${table} (enpi_id, ${column}, organisation_id) SELECT $1, w, $2 FROM unnest($3::${type}[]) AS w`,
      [id, scope.organisationId, ids],
    );
  }
  return id;
}

export interface EnergyTargetRow {
  readonly id: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly saving_percent: number;
  readonly reason: string;
  readonly setBy: string;
  readonly setAt: Date;
}

const targetColumns = `id, from_date::text AS "from", to_date::text AS "to", saving_percent, reason, set_by AS "setBy", set_at AS "setAt"`;

export async function listEnergyTargets(
  client: PoolClient,
  scope: Scope,
  enpiId: string,
): Promise<EnergyTargetRow[]> {
  const { rows } = await client.query<EnergyTargetRow>(
    `SELECT ${targetColumns} FROM energy_target WHERE organisation_id = $1 AND enpi_id = $2 AND withdrawn_at IS NULL
     ORDER BY from_date, id`,
    [scope.organisationId, enpiId],
  );
  return rows;
}

export async function addEnergyTarget(
  client: PoolClient,
  scope: Scope,
  enpiId: string,
  target: Omit<EnergyTargetRow, 'id' | 'setAt'>,
): Promise<EnergyTargetRow> {
  const { rows } = await client.query<EnergyTargetRow>(
    `INSERT INTO energy_target (organisation_id, enpi_id, from_date, to_date, saving_percent, reason, set_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${targetColumns}`,
    [
      scope.organisationId,
      enpiId,
      target.from,
      target.to,
      target.saving_percent,
      target.reason,
      target.setBy,
    ],
  );
  return rows[0] as EnergyTargetRow;
}

/** Targets are withdrawn, not removed. */
export async function withdrawEnergyTarget(
  client: PoolClient,
  scope: Scope,
  enpiId: string,
  targetId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE energy_target SET withdrawn_at = now()
     WHERE organisation_id = $1 AND enpi_id = $2 AND id = $3 AND withdrawn_at IS NULL`,
    [scope.organisationId, enpiId, targetId],
  );
  return rowCount === 1;
}

/** What the sum of EnPIs is made of: the headline of each. */
export interface EnpiPartRow {
  readonly enpiId: string;
  readonly name: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly country: string;
  readonly carrier: string;
  readonly measurand: string;
  readonly meterIds: readonly number[];
  readonly reportingTo: LocalDate | null;
  readonly savings: {
    readonly actual_wh: number;
    readonly expected_wh: number;
    readonly modelHalfWidth: number;
    readonly meteringHalfWidth: number;
    readonly energy_wh: { readonly confidence: number | null };
  } | null;
}

export async function listEnpiParts(client: PoolClient, scope: Scope): Promise<EnpiPartRow[]> {
  const { rows } = await client.query<EnpiPartRow>(
    `SELECT e.id AS "enpiId", e.name, e.site_id AS "siteId", s.name AS "siteName", s.country, m.carrier, e.measurand,
       ARRAY[e.meter_id] || ARRAY(SELECT x.meter_id FROM enpi_meter x WHERE x.enpi_id = e.id AND x.meter_id <> e.meter_id) AS "meterIds",
       r.reporting_to::text AS "reportingTo", r.savings
     FROM enpi e JOIN site s ON s.id = e.site_id JOIN meter m ON m.id = e.meter_id LEFT JOIN enpi_result r ON r.enpi_id = e.id
     WHERE e.organisation_id = $1 AND ($2::uuid[] IS NULL OR e.site_id = ANY ($2)) ORDER BY s.name, e.name, e.id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}
