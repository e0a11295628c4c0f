import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

const open = '(a.cleared_at IS NULL OR a.acknowledged_at IS NULL)';

/** Alarms of the scope that are active or not acknowledged. */
export async function countOpenAlarms(client: PoolClient, scope: Scope): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM alarm a
     WHERE a.organisation_id = $1 AND ($2::uuid[] IS NULL OR a.site_id = ANY ($2)) AND ${open}`,
    [scope.organisationId, scope.siteIds],
  );
  return rows[0]?.n ?? 0;
}

export async function countOpenAlarmsBySite(
  client: PoolClient,
  scope: Scope,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ siteId: string; n: number }>(
    `SELECT a.site_id AS "siteId", count(*)::integer AS n FROM alarm a
     WHERE a.organisation_id = $1 AND ($2::uuid[] IS NULL OR a.site_id = ANY ($2)) AND ${open} GROUP BY 1`,
    [scope.organisationId, scope.siteIds],
  );
  return new Map(rows.map((row) => [row.siteId, row.n]));
}

export interface AlarmRow {
  readonly id: string;
  readonly ruleId: string;
  readonly name: string;
  readonly kind: 'threshold' | 'noData';
  readonly severity: 'warning' | 'critical';
  readonly siteId: string;
  readonly siteName: string;
  readonly meterId: number | null;
  readonly meterName: string | null;
  readonly gatewayId: string | null;
  readonly energyUse: string | null;
  readonly measurand: string | null;
  readonly threshold: number | null;
  readonly comparison: 'above' | 'below' | null;
  readonly raisedAt: Date;
  readonly clearedAt: Date | null;
  readonly value: number | null;
  readonly extreme: number | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly comment: string;
  readonly procedure: string;
}

export interface AlarmFilter {
  readonly state: 'open' | 'history';
  readonly siteId?: string | undefined;
  readonly alarmId?: string | undefined;
  readonly limit: number;
}

/** Alarms, the newest first. History: cleared and acknowledged. */
export async function listAlarms(client: PoolClient, scope: Scope, filter: AlarmFilter): Promise<AlarmRow[]> {
  const { rows } = await client.query<AlarmRow>(
    `SELECT a.id, a.alarm_rule_id AS "ruleId", r.name, r.kind, r.severity, a.site_id AS "siteId", s.name AS "siteName",
       r.meter_id AS "meterId", m.name AS "meterName", r.gateway_id AS "gatewayId", m.energy_use AS "energyUse",
       r.measurand, r.threshold, r.comparison, a.raised_at AS "raisedAt", a.cleared_at AS "clearedAt", a.value, a.extreme,
       a.acknowledged_at AS "acknowledgedAt", a.acknowledged_by AS "acknowledgedBy", a.comment, r.procedure
     FROM alarm a JOIN alarm_rule r ON r.id = a.alarm_rule_id JOIN site s ON s.id = a.site_id
     LEFT JOIN meter m ON m.id = r.meter_id
     WHERE a.organisation_id = $1 AND ($2::uuid[] IS NULL OR a.site_id = ANY ($2))
       AND ($3::uuid IS NULL OR a.site_id = $3) AND ($4::uuid IS NULL OR a.id = $4)
       AND ($4::uuid IS NOT NULL OR ${open} = $5)
     ORDER BY a.raised_at DESC, a.id LIMIT $6`,
    [
      scope.organisationId,
      scope.siteIds,
      filter.siteId ?? null,
      filter.alarmId ?? null,
      filter.state === 'open',
      filter.limit,
    ],
  );
  return rows;
}
