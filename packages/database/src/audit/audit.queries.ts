import type {
  AccountBill,
  AccountKind,
  AccountPoint,
  Carrier,
  EnergyUse,
  LocalDate,
  QualityCounts,
  ScopeEntry,
} from '@wattproof/energy';
import { findMeasurand, localMidnight_ms } from '@wattproof/energy';
import type { ClientBase } from 'pg';

/** Reads of an audit. The client's transaction has the organisation in scope; series are read through its views. */

export interface AuditRecord {
  readonly id: string;
  readonly organisationId: number;
  readonly organisationName: string;
  readonly name: string;
  readonly legalEntityId: string;
  readonly legalEntityName: string;
  readonly registrationNumber: string;
  readonly country: string;
  /** Local dates, [from, to). */
  readonly periodFrom: LocalDate;
  readonly periodTo: LocalDate;
  readonly auditorName: string;
  readonly dueOn: LocalDate | null;
}

export async function findAudit(client: ClientBase, auditId: string): Promise<AuditRecord | null> {
  const { rows } = await client.query<AuditRecord>(
    `SELECT a.id, a.organisation_id AS "organisationId", o.name AS "organisationName", a.name,
            e.id AS "legalEntityId", e.name AS "legalEntityName", e.registration_number AS "registrationNumber",
            e.country, a.period_from::text AS "periodFrom", a.period_to::text AS "periodTo",
            a.auditor_name AS "auditorName", a.due_on::text AS "dueOn"
     FROM audit a JOIN legal_entity e ON e.id = a.legal_entity_id JOIN organisation o ON o.id = a.organisation_id
     WHERE a.id = $1`,
    [auditId],
  );
  return rows[0] ?? null;
}

export interface AuditSite {
  readonly id: string;
  readonly name: string;
  readonly activity: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly floorArea_m2: number | null;
}

export async function auditSites(client: ClientBase, legalEntityId: string): Promise<AuditSite[]> {
  const { rows } = await client.query<AuditSite>(
    `SELECT id, name, activity, time_zone AS "timeZone", currency, floor_area_m2 AS "floorArea_m2"
     FROM site WHERE legal_entity_id = $1 ORDER BY name, id`,
    [legalEntityId],
  );
  return rows;
}

export interface AuditPoint extends AccountPoint {
  readonly code: string;
  readonly name: string;
  readonly energyUse: EnergyUse | null;
}

/** Delivery points of an entity that were its own at some time of the period. Water is billed but is no energy. */
export async function auditPoints(
  client: ClientBase,
  { legalEntityId, periodFrom, periodTo }: AuditRecord,
): Promise<AuditPoint[]> {
  const { rows } = await client.query<AuditPoint>(
    `SELECT id, code, name, carrier, energy_use AS "energyUse", site_id AS "siteId",
            valid_from::text AS "validFrom", valid_to::text AS "validTo"
     FROM delivery_point
     WHERE legal_entity_id = $1 AND carrier <> 'water' AND valid_from < $3
       AND (valid_to IS NULL OR valid_to > $2)
     ORDER BY carrier, name, id`,
    [legalEntityId, periodFrom, periodTo],
  );
  return rows;
}

export interface AuditBill extends AccountBill {
  readonly number: string;
  readonly quantity: string;
  readonly unit: string;
}

/** Bills of these points that reach into the period. */
export async function auditBills(
  client: ClientBase,
  pointIds: readonly string[],
  { periodFrom, periodTo }: AuditRecord,
): Promise<AuditBill[]> {
  const { rows } = await client.query<AuditBill>(
    `SELECT id, delivery_point_id AS "deliveryPointId", number, period_from::text AS "from", period_to::text AS "to",
            quantity::text, unit, energy_kwh::text, calorific_basis AS "calorificBasis", amount_ex_vat::text AS amount,
            currency, estimated
     FROM bill WHERE delivery_point_id = ANY ($1) AND period_from < $3 AND period_to > $2
     ORDER BY delivery_point_id, period_from, number`,
    [pointIds, periodFrom, periodTo],
  );
  return rows;
}

export async function auditScope(client: ClientBase, auditId: string): Promise<ScopeEntry[]> {
  const { rows } = await client.query<ScopeEntry>(
    `SELECT delivery_point_id AS "deliveryPointId", included, reason FROM audit_scope WHERE audit_id = $1
     ORDER BY delivery_point_id`,
    [auditId],
  );
  return rows;
}

/** Row of the account that is no bill; its energy is that of its meter. */
export interface AccountRowRecord {
  readonly id: string;
  readonly kind: Exclude<AccountKind, 'purchased'>;
  readonly carrier: Carrier;
  readonly siteId: string | null;
  readonly meterId: number | null;
  readonly reason: string;
  readonly source: string;
}

export async function accountRows(client: ClientBase, legalEntityId: string): Promise<AccountRowRecord[]> {
  const { rows } = await client.query<AccountRowRecord>(
    `SELECT id, kind, carrier, site_id AS "siteId", meter_id AS "meterId", reason, source
     FROM energy_account_row WHERE legal_entity_id = $1 ORDER BY kind, carrier, id`,
    [legalEntityId],
  );
  return rows;
}

/** A meter of the entity that counts a carrier, as the measured share needs it. */
export interface AuditMeter {
  readonly id: number;
  readonly siteId: string;
  readonly name: string;
  readonly kind: 'physical' | 'virtual' | 'manual';
  readonly role: string;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse | null;
  readonly measurand: string;
  readonly parentId: number | null;
}

export async function auditMeters(client: ClientBase, siteIds: readonly string[]): Promise<AuditMeter[]> {
  const { rows } = await client.query<AuditMeter>(
    `SELECT id, site_id AS "siteId", name, kind, role, carrier, energy_use AS "energyUse", measurand,
            parent_id AS "parentId"
     FROM meter WHERE site_id = ANY ($1) AND measurand IS NOT NULL ORDER BY id`,
    [siteIds],
  );
  return rows;
}

/** Consumption of a meter over a period: the sum of its days or months, in the base unit of its measurand. */
export interface MeterTotal extends QualityCounts {
  readonly meterId: number;
  /** Null where nothing is known. */
  readonly delta: number | null;
}

/** Totals of meters over the local dates [from, to) of their site; of whole months from the coarser tier. */
export async function meterTotals(
  client: ClientBase,
  meters: readonly Pick<AuditMeter, 'id' | 'measurand'>[],
  period: { readonly from: LocalDate; readonly to: LocalDate; readonly timeZone: string },
): Promise<ReadonlyMap<number, MeterTotal>> {
  const from = new Date(localMidnight_ms(period.timeZone, period.from)).toISOString();
  const to = new Date(localMidnight_ms(period.timeZone, period.to)).toISOString();
  const isWholeMonths = period.from.endsWith('-01') && period.to.endsWith('-01');
  const { rows } = await client.query<Omit<MeterTotal, 'delta'> & { delta: string | null }>(
    `SELECT d.meter_id AS "meterId", sum(d.delta)::text AS delta, sum(d.n_measured)::int AS n_measured,
            sum(d.n_interpolated)::int AS n_interpolated, sum(d.n_estimated)::int AS n_estimated,
            sum(d.n_manual)::int AS n_manual, sum(d.n_missing)::int AS n_missing
     FROM ${isWholeMonths ? 'interval_month' : 'interval_day'} d JOIN unnest($1::int4[], $2::int2[]) AS k (meter_id, measurand)
       ON k.meter_id = d.meter_id AND k.measurand = d.measurand
     WHERE d.start >= '${from}' AND d.start < '${to}' GROUP BY d.meter_id`,
    [meters.map((m) => m.id), meters.map((m) => findMeasurand(m.measurand)?.id ?? 0)],
  );
  return new Map(
    rows.map((row) => [row.meterId, { ...row, delta: row.delta === null ? null : Number(row.delta) }]),
  );
}
