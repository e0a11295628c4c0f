import type { AccuracyPart, LocalDate, ModelChoice } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { instantText } from '../interval/time-range.ts';
import type {
  EnbState,
  EnpiDefinition,
  StoredCandidate,
  StoredEnb,
  StoredEnbResult,
  StoredPerformance,
} from './performance-record.ts';
import { variableColumns } from './performance-variable.ts';

/** A version of a baseline. */
export interface EnbRecord {
  readonly id: string;
  readonly version: number;
  readonly state: EnbState;
  readonly model: StoredEnb;
  readonly choice: ModelChoice | null;
  readonly inputSha256: string;
}

/** An approved adjustment, as far as it touches an EnPI. */
export interface AdjustmentRecord {
  readonly id: string;
  readonly event: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly energy_wh_per_day: number;
  readonly halfWidth_wh_per_day: number;
}

export interface TargetRecord {
  readonly id: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly saving_percent: number;
}

/** An EnPI with everything about it that is not a series; queries of the workers, across organisations. */
export interface EnpiRecord {
  readonly id: string;
  readonly organisationId: number;
  readonly siteId: string;
  readonly name: string;
  readonly definition: EnpiDefinition;
  readonly reportingFrom: LocalDate;
  readonly confidence: number;
  readonly timeZone: string;
  readonly base_s: number;
  readonly currency: string;
  readonly carrier: string;
  /** Every version, newest first. */
  readonly enbs: readonly EnbRecord[];
  readonly adjustments: readonly AdjustmentRecord[];
  readonly targets: readonly TargetRecord[];
}

/** The version that counts: what was approved, else the newest proposal. */
export const enbInForce = (enbs: readonly EnbRecord[]): EnbRecord | undefined =>
  enbs.find(({ state }) => state === 'approved') ?? enbs.find(({ state }) => state === 'proposed');

interface EnpiRow extends Omit<EnpiRecord, 'definition'> {
  readonly kind: EnpiDefinition['kind'];
  readonly granularity: EnpiDefinition['granularity'];
  readonly measurand: string;
  readonly meterIds: number[];
  readonly variables: EnpiDefinition['variables'];
  readonly baselineFrom: LocalDate;
  readonly baselineTo: LocalDate;
}

const rowsAsJson = (columns: string, source: string, order: string): string =>
  `(SELECT coalesce(json_agg(r), '[]') FROM (SELECT ${columns} FROM ${source} ORDER BY ${order}) r)`;

/** Ids of all EnPIs, oldest first. */
export async function enpiIds(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM enpi ORDER BY created_at, id');
  return rows.map(({ id }) => id);
}

/** The EnPI of that id, or all. */
export async function loadEnpis(client: ClientBase, enpiId?: string): Promise<EnpiRecord[]> {
  const { rows } = await client.query<EnpiRow>(
    `SELECT e.id, e.organisation_id AS "organisationId", e.site_id AS "siteId", e.name, e.kind, e.granularity, e.measurand,
       ARRAY[e.meter_id] || ARRAY(SELECT x.meter_id FROM enpi_meter x WHERE x.enpi_id = e.id AND x.meter_id <> e.meter_id
         ORDER BY 1) AS "meterIds",
       ${rowsAsJson(variableColumns, 'enpi_variable x JOIN relevant_variable v ON v.id = x.variable_id WHERE x.enpi_id = e.id', 'v.key')} AS variables,
       e.baseline_from::text AS "baselineFrom", e.baseline_to::text AS "baselineTo",
       e.reporting_from::text AS "reportingFrom", e.confidence, s.time_zone AS "timeZone", s.base_interval_s AS base_s,
       s.currency, m.carrier,
       ${rowsAsJson(
         'b.id, b.version, b.state, b.model, b.choice, b.input_sha256 AS "inputSha256"',
         'enb b WHERE b.enpi_id = e.id',
         'b.version DESC',
       )} AS enbs,
       ${rowsAsJson(
         'a.id, a.event, a.from_date AS "from", a.to_date AS "to", f.energy_wh_per_day, f.half_width_wh_per_day AS "halfWidth_wh_per_day"',
         "adjustment a JOIN adjustment_effect f ON f.adjustment_id = a.id WHERE f.enpi_id = e.id AND a.state = 'approved'",
         'a.from_date, a.id',
       )} AS adjustments,
       ${rowsAsJson(
         't.id, t.from_date AS "from", t.to_date AS "to", t.saving_percent',
         'energy_target t WHERE t.enpi_id = e.id AND t.withdrawn_at IS NULL',
         't.from_date, t.id',
       )} AS targets
     FROM enpi e JOIN site s ON s.id = e.site_id JOIN meter m ON m.id = e.meter_id
     WHERE $1::uuid IS NULL OR e.id = $1 ORDER BY e.created_at, e.id`,
    [enpiId ?? null],
  );
  return rows.map(
    ({ kind, granularity, measurand, meterIds, variables, baselineFrom, baselineTo, ...row }) => ({
      ...row,
      definition: { meterIds, measurand, kind, granularity, variables, baselineFrom, baselineTo },
    }),
  );
}

/** Dated prices of a carrier at a site, oldest first. */
export async function readPrices(
  client: ClientBase,
  siteId: string,
  carrier: string,
): Promise<{ readonly validFrom: LocalDate; readonly pricePerUnit: string }[]> {
  const { rows } = await client.query<{ validFrom: string; pricePerUnit: string }>(
    `SELECT valid_from::text AS "validFrom", price_per_unit::text AS "pricePerUnit" FROM tariff
     WHERE site_id = $1 AND carrier = $2 ORDER BY valid_from`,
    [siteId, carrier],
  );
  return rows;
}

/** Whether a person declared that the metering chain of a meter, or of a term of one, was changed in [from, to). */
export async function wasChainReplaced(
  client: ClientBase,
  meterIds: readonly number[],
  range: { readonly from_ms: number; readonly to_ms: number },
): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM meter_event WHERE origin = 'declared' AND kind IN ('replacement', 'ratioChange')
         AND at >= '${instantText(range.from_ms)}' AND at < '${instantText(range.to_ms)}'
         AND (meter_id = ANY ($1) OR meter_id IN (SELECT source_meter_id FROM virtual_term WHERE meter_id = ANY ($1)))) AS found`,
    [meterIds],
  );
  return rows[0]?.found ?? false;
}

/** Accuracy of the chains of meters, and of those that virtual meters sum up, each once. */
export async function chainAccuracies(
  client: ClientBase,
  meterIds: readonly number[],
): Promise<(readonly AccuracyPart[])[]> {
  const { rows } = await client.query<{ accuracy: AccuracyPart[] }>(
    `SELECT accuracy FROM meter WHERE accuracy <> '[]' AND (id = ANY ($1)
       OR id IN (SELECT source_meter_id FROM virtual_term WHERE meter_id = ANY ($1))) ORDER BY id`,
    [meterIds],
  );
  return rows.map((row) => row.accuracy);
}

export interface NewEnb {
  readonly model: StoredEnb;
  readonly candidates: readonly StoredCandidate[];
  readonly findings: readonly unknown[];
  readonly inputSha256: string;
  readonly computedAt: Date;
  readonly choice: ModelChoice | null;
  readonly reason: string;
  /** null: the computation. */
  readonly proposedBy: string | null;
}

/** Adds the next version of an EnPI's baseline; versions are never edited. */
export async function addEnb(
  client: ClientBase,
  enpi: Pick<EnpiRecord, 'id' | 'organisationId'>,
  enb: NewEnb,
): Promise<{ readonly id: string; readonly version: number }> {
  const { rows } = await client.query<{ id: string; version: number }>(
    `INSERT INTO enb (organisation_id, enpi_id, version, model, candidates, findings, input_sha256, computed_at, choice,
       reason, proposed_by, proposed_at)
     SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $7 FROM enb WHERE enpi_id = $2
     RETURNING id, version`,
    [
      enpi.organisationId,
      enpi.id,
      JSON.stringify(enb.model),
      JSON.stringify(enb.candidates),
      JSON.stringify(enb.findings),
      enb.inputSha256,
      enb.computedAt,
      enb.choice && JSON.stringify(enb.choice),
      enb.reason,
      enb.proposedBy,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error('The baseline was not stored');
  return row;
}

export async function storePerformance(
  client: ClientBase,
  enpi: Pick<EnpiRecord, 'id' | 'organisationId'>,
  result: StoredPerformance & { readonly enbId: string; readonly computedAt: Date },
): Promise<void> {
  await client.query(
    `INSERT INTO enpi_result (enpi_id, organisation_id, enb_id, reporting_to, savings, months, days, findings, computed_at,
       performance)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (enpi_id) DO UPDATE SET enb_id = excluded.enb_id, reporting_to = excluded.reporting_to,
       savings = excluded.savings, months = excluded.months, days = excluded.days, findings = excluded.findings,
       computed_at = excluded.computed_at, performance = excluded.performance`,
    [
      enpi.id,
      enpi.organisationId,
      result.enbId,
      result.reportingTo,
      JSON.stringify(result.savings),
      JSON.stringify(result.months),
      JSON.stringify(result.days),
      JSON.stringify(result.findings),
      result.computedAt,
      JSON.stringify(result.performance),
    ],
  );
}

/** What a version says of the reporting period: its fit stays as it is. */
export async function storeEnbResult(
  client: ClientBase,
  enbId: string,
  result: StoredEnbResult,
): Promise<void> {
  await client.query('UPDATE enb SET result = $2 WHERE id = $1', [enbId, JSON.stringify(result)]);
}

export interface NewProposal {
  readonly trigger:
    | 'staticFactorChanged'
    | 'variableOutOfRange'
    | 'drift'
    | 'baselineDataChanged'
    | 'definitionChanged'
    | 'manual';
  readonly since: LocalDate;
  readonly findings: readonly unknown[];
  readonly aboutEnbId: string | null;
  /** null: the computation. */
  readonly raisedBy: string | null;
}

/**
 * Raises a proposal to look at a baseline again. One of each trigger is open at a time; what the computation found and
 * a person dismissed is not raised again for the same version.
 */
export async function raiseRebaseline(
  client: ClientBase,
  enpi: Pick<EnpiRecord, 'id' | 'organisationId'>,
  proposal: NewProposal,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO rebaseline_proposal (organisation_id, enpi_id, about_enb_id, trigger, since, findings, raised_by)
     SELECT $1::int, $2::uuid, $3::uuid, $4::text, $5::date, $6::jsonb, $7::text
     WHERE $7::text IS NOT NULL OR NOT EXISTS (SELECT FROM rebaseline_proposal p WHERE p.enpi_id = $2 AND p.trigger = $4
       AND p.about_enb_id IS NOT DISTINCT FROM $3 AND p.state <> 'open')
     ON CONFLICT (enpi_id, trigger) WHERE state = 'open' DO NOTHING RETURNING id`,
    [
      enpi.organisationId,
      enpi.id,
      proposal.aboutEnbId,
      proposal.trigger,
      proposal.since,
      JSON.stringify(proposal.findings),
      proposal.raisedBy,
    ],
  );
  return rows[0]?.id ?? null;
}
