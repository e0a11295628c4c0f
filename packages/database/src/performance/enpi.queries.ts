import { type AccuracyPart, type LocalDate, measurandOf } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { instantText } from '../interval/time-range.ts';
import type { EnpiDefinition, StoredCandidate, StoredEnb, StoredPerformance } from './performance-record.ts';

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
  readonly accuracy: readonly AccuracyPart[];
  readonly enb: {
    readonly id: string;
    readonly version: number;
    readonly model: StoredEnb;
    readonly inputSha256: string;
  } | null;
}

interface EnpiRow {
  id: string;
  organisation_id: number;
  site_id: string;
  name: string;
  meter_id: number;
  measurand: string;
  production_meter_id: number | null;
  temperature_meter_id: number | null;
  baseline_from: string;
  baseline_to: string;
  reporting_from: string;
  confidence: number;
  time_zone: string;
  base_interval_s: number;
  currency: string;
  carrier: string;
  accuracy: AccuracyPart[];
  enb_id: string | null;
  enb_version: number | null;
  enb_model: StoredEnb | null;
  enb_input_sha256: string | null;
}

/** The EnPI of that id, or all. */
export async function loadEnpis(client: ClientBase, enpiId?: string): Promise<EnpiRecord[]> {
  const { rows } = await client.query<EnpiRow>(
    `SELECT e.id, e.organisation_id, e.site_id, e.name, e.meter_id, e.measurand, e.production_meter_id,
            e.temperature_meter_id, e.baseline_from::text, e.baseline_to::text, e.reporting_from::text, e.confidence,
            s.time_zone, s.base_interval_s, s.currency, m.carrier, m.accuracy,
            b.id AS enb_id, b.version AS enb_version, b.model AS enb_model, b.input_sha256 AS enb_input_sha256
     FROM enpi e JOIN site s ON s.id = e.site_id JOIN meter m ON m.id = e.meter_id
     LEFT JOIN LATERAL (SELECT * FROM enb WHERE enpi_id = e.id ORDER BY version DESC LIMIT 1) b ON true
     WHERE $1::uuid IS NULL OR e.id = $1 ORDER BY e.created_at, e.id`,
    [enpiId ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    organisationId: row.organisation_id,
    siteId: row.site_id,
    name: row.name,
    definition: {
      meterId: row.meter_id,
      measurand: row.measurand,
      productionMeterId: row.production_meter_id,
      temperatureMeterId: row.temperature_meter_id,
      baselineFrom: row.baseline_from,
      baselineTo: row.baseline_to,
    },
    reportingFrom: row.reporting_from,
    confidence: row.confidence,
    timeZone: row.time_zone,
    base_s: row.base_interval_s,
    currency: row.currency,
    carrier: row.carrier,
    accuracy: row.accuracy,
    enb:
      row.enb_id && row.enb_version !== null && row.enb_model && row.enb_input_sha256
        ? {
            id: row.enb_id,
            version: row.enb_version,
            model: row.enb_model,
            inputSha256: row.enb_input_sha256,
          }
        : null,
  }));
}

/** A local day of one meter and measurand. */
export interface DayRow {
  readonly start_ms: number;
  readonly duration_s: number;
  readonly delta: number | null;
  readonly mean: number | null;
  readonly n_measured: number;
  readonly n_interpolated: number;
  readonly n_estimated: number;
  readonly n_manual: number;
  readonly n_missing: number;
}

/** Local days with their start in [from, to). */
export async function readDays(
  client: ClientBase,
  key: { readonly meterId: number; readonly measurandId: number },
  range: { readonly from_ms: number; readonly to_ms: number },
): Promise<DayRow[]> {
  const { rows } = await client.query<
    Omit<DayRow, 'start_ms' | 'delta'> & { start: Date; delta: string | null }
  >(
    `SELECT start, duration_s, delta::text, mean, n_measured, n_interpolated, n_estimated, n_manual, n_missing
     FROM store.interval_day WHERE meter_id = $1 AND measurand = $2
       AND start >= '${instantText(range.from_ms)}' AND start < '${instantText(range.to_ms)}' ORDER BY start`,
    [key.meterId, key.measurandId],
  );
  return rows.map(({ start, delta, ...row }) => ({
    ...row,
    start_ms: start.getTime(),
    delta: delta === null ? null : Number(delta),
  }));
}

export const outdoorTemperature = measurandOf('outdoor_temperature_c');
export const productionMass = measurandOf('production_g');

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

/** Whether a person declared that the metering chain of a meter, or of a term of it, was changed in [from, to). */
export async function wasChainReplaced(
  client: ClientBase,
  meterId: number,
  range: { readonly from_ms: number; readonly to_ms: number },
): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM meter_event WHERE origin = 'declared' AND kind IN ('replacement', 'ratioChange')
         AND at >= '${instantText(range.from_ms)}' AND at < '${instantText(range.to_ms)}'
         AND (meter_id = $1 OR meter_id IN (SELECT source_meter_id FROM virtual_term WHERE meter_id = $1))) AS found`,
    [meterId],
  );
  return rows[0]?.found ?? false;
}

/** Accuracy of the chains that a virtual meter sums up, each once. */
export async function termAccuracies(
  client: ClientBase,
  meterId: number,
): Promise<(readonly AccuracyPart[])[]> {
  const { rows } = await client.query<{ accuracy: AccuracyPart[] }>(
    `SELECT accuracy FROM meter WHERE id IN (SELECT source_meter_id FROM virtual_term WHERE meter_id = $1) ORDER BY id`,
    [meterId],
  );
  return rows.map((row) => row.accuracy);
}

export interface NewEnb {
  readonly model: StoredEnb;
  readonly candidates: readonly StoredCandidate[];
  readonly findings: readonly unknown[];
  readonly inputSha256: string;
  readonly computedAt: Date;
}

/** Adds the next version of an EnPI's baseline; versions are never edited. */
export async function addEnb(
  client: ClientBase,
  enpi: Pick<EnpiRecord, 'id' | 'organisationId'>,
  enb: NewEnb,
): Promise<{ readonly id: string; readonly version: number }> {
  const { rows } = await client.query<{ id: string; version: number }>(
    `INSERT INTO enb (organisation_id, enpi_id, version, model, candidates, findings, input_sha256, computed_at)
     SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7 FROM enb WHERE enpi_id = $2
     RETURNING id, version`,
    [
      enpi.organisationId,
      enpi.id,
      JSON.stringify(enb.model),
      JSON.stringify(enb.candidates),
      JSON.stringify(enb.findings),
      enb.inputSha256,
      enb.computedAt,
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
    `INSERT INTO enpi_result (enpi_id, organisation_id, enb_id, reporting_to, savings, months, days, findings, computed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (enpi_id) DO UPDATE SET enb_id = excluded.enb_id, reporting_to = excluded.reporting_to,
       savings = excluded.savings, months = excluded.months, days = excluded.days, findings = excluded.findings,
       computed_at = excluded.computed_at`,
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
    ],
  );
}
