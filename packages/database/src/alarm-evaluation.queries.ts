import {
  type AlarmReading,
  type AlarmState,
  type AlarmTransition,
  findMeasurand,
  type MeasurandName,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { readingValue } from './series/reading-value.ts';

/** An enabled alarm rule with the state of its evaluation; queries of the workers, in the scope of all organisations. */
export interface AlarmRuleRecord {
  readonly id: string;
  readonly organisationId: number;
  readonly siteId: string;
  readonly kind: 'threshold' | 'noData';
  readonly meterId: number | null;
  readonly gatewayId: string | null;
  readonly measurand: MeasurandName | null;
  readonly comparison: 'above' | 'below' | null;
  readonly threshold: number | null;
  readonly hysteresis: number;
  readonly delay_s: number;
  readonly createdAt_ms: number;
  readonly state: AlarmState | null;
  /** When the rule was last evaluated; null before the first time. */
  readonly evaluatedTo_ms: number | null;
  /** The open alarm of the rule was acknowledged by a person. */
  readonly isAcknowledged: boolean;
}

/** A meter as silence is judged: how often it reports, and what it hangs on. */
export interface SupervisedMeter {
  readonly meterId: number;
  readonly gatewayId: string;
  readonly lineId: string | null;
  readonly readingPeriod_s: number;
  /** Newest instant at which any value was read; null before the first. */
  readonly newest_ms: number | null;
}

const evaluationLock = 0x616c_726d;

/** One evaluation at a time, whoever runs it; false where another is running. Ends with the transaction. */
export async function lockAlarmEvaluation(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS ok', [
    evaluationLock,
  ]);
  return rows[0]?.ok ?? false;
}

interface RuleRow {
  id: string;
  organisation_id: number;
  site_id: string;
  kind: 'threshold' | 'noData';
  meter_id: number | null;
  gateway_id: string | null;
  measurand: string | null;
  comparison: 'above' | 'below' | null;
  threshold: number | null;
  hysteresis: number;
  delay_s: number;
  created_at: Date;
  state: AlarmState | null;
  evaluated_to: Date | null;
  is_acknowledged: boolean;
}

export async function enabledAlarmRules(client: ClientBase): Promise<AlarmRuleRecord[]> {
  const { rows } = await client.query<RuleRow>(
    `SELECT r.id, r.organisation_id, r.site_id, r.kind, r.meter_id, r.gateway_id, r.measurand, r.comparison,
            r.threshold, r.hysteresis, r.delay_s, r.created_at, s.state, s.evaluated_to,
            EXISTS (SELECT FROM alarm a WHERE a.alarm_rule_id = r.id AND a.cleared_at IS NULL
                    AND a.acknowledged_at IS NOT NULL) AS is_acknowledged
     FROM alarm_rule r LEFT JOIN alarm_state s ON s.alarm_rule_id = r.id
     WHERE r.enabled ORDER BY r.created_at, r.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    organisationId: row.organisation_id,
    siteId: row.site_id,
    kind: row.kind,
    meterId: row.meter_id,
    gatewayId: row.gateway_id,
    measurand: row.measurand === null ? null : (findMeasurand(row.measurand)?.name ?? null),
    comparison: row.comparison,
    threshold: row.threshold,
    hysteresis: row.hysteresis,
    delay_s: row.delay_s,
    createdAt_ms: row.created_at.getTime(),
    state: row.state,
    evaluatedTo_ms: row.evaluated_to?.getTime() ?? null,
    isAcknowledged: row.is_acknowledged,
  }));
}

/** Every meter that a gateway reports at this time, with the age of its newest value. */
export async function supervisedMeters(client: ClientBase): Promise<SupervisedMeter[]> {
  const { rows } = await client.query<{
    meter_id: number;
    gateway_id: string;
    line_id: string | null;
    reading_period_s: number;
    newest_ms: number | null;
  }>(
    `SELECT m.id AS meter_id, g.gateway_id, m.line_id, m.reading_period_s,
            (SELECT max((v.value ->> 1)::float8) FROM jsonb_each(l.values) v) AS newest_ms
     FROM gateway_meter g JOIN meter m ON m.id = g.meter_id JOIN gateway w ON w.id = g.gateway_id
     LEFT JOIN store.latest l ON l.meter_id = m.id
     WHERE g.valid_from <= now() AND g.valid_to > now() AND w.revoked_at IS NULL
     ORDER BY m.id`,
  );
  return rows.map((row) => ({
    meterId: row.meter_id,
    gatewayId: row.gateway_id,
    lineId: row.line_id,
    readingPeriod_s: row.reading_period_s,
    newest_ms: row.newest_ms,
  }));
}

/** Usable values of one measurand in (after, to], oldest first. */
export async function alarmReadings(
  client: ClientBase,
  key: { readonly meterId: number; readonly measurand: MeasurandName },
  range: { readonly after_ms: number; readonly to_ms: number },
): Promise<AlarmReading[]> {
  const value = readingValue(key.measurand);
  const { rows } = await client.query<{ at: Date; value: number | string }>(
    `SELECT at, ${value} AS value FROM store.reading
     WHERE meter_id = ${key.meterId} AND at > '${new Date(range.after_ms).toISOString()}'
       AND at <= '${new Date(range.to_ms).toISOString()}' AND quality IN (0, 6, 7) AND ${value} IS NOT NULL
     ORDER BY at`,
  );
  return rows.map((row) => ({ at_ms: row.at.getTime(), value: Number(row.value) }));
}

/** What one rule's evaluation came to. */
export interface AlarmEvaluation {
  readonly rule: AlarmRuleRecord;
  readonly state: AlarmState;
  readonly evaluatedTo_ms: number;
  readonly transitions: readonly AlarmTransition[];
}

/** Name in `alarm.acknowledged_by` of what was over before anybody could have been told. */
export const acknowledgedByLateData = 'late data';

/** Stores the state and what it did: a raised alarm is one row, clearing closes it. */
export async function storeAlarmEvaluation(client: ClientBase, evaluation: AlarmEvaluation): Promise<void> {
  const { rule, state, transitions } = evaluation;
  let isHistory = false;
  for (const transition of transitions) {
    const at = new Date(transition.at_ms);
    if (transition.kind === 'raised') {
      isHistory = !transition.notify;
      await client.query(
        `INSERT INTO alarm (organisation_id, site_id, alarm_rule_id, raised_at, value, extreme)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (alarm_rule_id) WHERE cleared_at IS NULL DO NOTHING`,
        [rule.organisationId, rule.siteId, rule.id, at, transition.value, transition.extreme],
      );
    } else
      await client.query(
        `UPDATE alarm SET cleared_at = $2, extreme = coalesce($3, extreme),
           acknowledged_at = CASE WHEN $4 THEN coalesce(acknowledged_at, now()) ELSE acknowledged_at END,
           acknowledged_by = CASE WHEN $4 THEN coalesce(acknowledged_by, $5) ELSE acknowledged_by END
         WHERE alarm_rule_id = $1 AND cleared_at IS NULL`,
        [rule.id, at, transition.extreme, isHistory && !transition.notify, acknowledgedByLateData],
      );
  }
  if (state.extreme !== null && state.raisedAt_ms !== null)
    await client.query(
      `UPDATE alarm SET extreme = $2 WHERE alarm_rule_id = $1 AND cleared_at IS NULL AND extreme IS DISTINCT FROM $2`,
      [rule.id, state.extreme],
    );
  await client.query(
    `INSERT INTO alarm_state (alarm_rule_id, organisation_id, state, evaluated_to) VALUES ($1, $2, $3, $4)
     ON CONFLICT (alarm_rule_id) DO UPDATE SET state = excluded.state, evaluated_to = excluded.evaluated_to`,
    [rule.id, rule.organisationId, state, new Date(evaluation.evaluatedTo_ms)],
  );
}
