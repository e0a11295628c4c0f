import type {
  AccountBill,
  AccountKind,
  AccountPoint,
  AccuracyPart,
  CalorificBasis,
  Carrier,
  DateRange,
  Decimal,
  EnergyUse,
  LocalDate,
  QualityCounts,
  ScopeEntry,
  SiteCluster,
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
  /** Local dates, [ownedFrom, ownedTo), in which it belonged to the entity; null: open on that side. */
  readonly ownedFrom: LocalDate | null;
  readonly ownedTo: LocalDate | null;
}

/**
 * Sites that were the entity's at some time of [from, to), with the days on which they were. Of a site that came back, its
 * last stay counts.
 */
export async function auditSites(
  client: ClientBase,
  legalEntityId: string,
  { from, to }: DateRange,
): Promise<AuditSite[]> {
  const { rows } = await client.query<AuditSite>(
    `SELECT * FROM (
       SELECT s.id, s.name, s.activity, s.time_zone AS "timeZone", s.currency, s.floor_area_m2 AS "floorArea_m2",
              (SELECT max(h.on_date)::text FROM site_hand_over h WHERE h.site_id = s.id AND h.to_entity_id = $1) AS "ownedFrom",
              CASE WHEN s.legal_entity_id <> $1 THEN
                (SELECT max(h.on_date)::text FROM site_hand_over h WHERE h.site_id = s.id AND h.from_entity_id = $1)
              END AS "ownedTo"
       FROM site s WHERE s.legal_entity_id = $1
          OR EXISTS (SELECT FROM site_hand_over h WHERE h.site_id = s.id AND h.from_entity_id = $1)
     ) owned WHERE ("ownedFrom" IS NULL OR "ownedFrom" < $3) AND ("ownedTo" IS NULL OR "ownedTo" > $2) ORDER BY name, id`,
    [legalEntityId, from, to],
  );
  return rows;
}

export interface AuditPoint extends AccountPoint {
  readonly code: string;
  readonly name: string;
  readonly energyUse: EnergyUse | null;
}

/** Delivery points of an entity that were its own at some time of [from, to). Water is billed but is no energy. */
export async function entityPoints(
  client: ClientBase,
  { legalEntityId, from, to }: { readonly legalEntityId: string } & DateRange,
): Promise<AuditPoint[]> {
  const { rows } = await client.query<AuditPoint>(
    `SELECT id, code, name, carrier, energy_use AS "energyUse", site_id AS "siteId",
            valid_from::text AS "validFrom", valid_to::text AS "validTo"
     FROM delivery_point
     WHERE legal_entity_id = $1 AND carrier <> 'water' AND valid_from < $3
       AND (valid_to IS NULL OR valid_to > $2)
     ORDER BY carrier, name, id`,
    [legalEntityId, from, to],
  );
  return rows;
}

export interface AuditBill extends AccountBill {
  readonly quantity: string;
  readonly unit: string;
}

/** Bills of these points that reach into [from, to). */
export async function entityBills(
  client: ClientBase,
  pointIds: readonly string[],
  { from, to }: DateRange,
): Promise<AuditBill[]> {
  const { rows } = await client.query<AuditBill>(
    `SELECT id, delivery_point_id AS "deliveryPointId", number, kind, corrects, period_from::text AS "from", period_to::text AS "to",
            quantity::text, unit, energy_kwh::text, calorific_basis AS "calorificBasis", amount_ex_vat::text AS amount,
            currency, estimated
     FROM bill WHERE delivery_point_id = ANY ($1) AND period_from < $3 AND period_to > $2
     ORDER BY delivery_point_id, period_from, number`,
    [pointIds, from, to],
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

/** Row of the account that is no bill; its energy is that of its meter, or as its document states it. */
export interface AccountRowRecord {
  readonly id: string;
  readonly kind: Exclude<AccountKind, 'purchased'>;
  readonly carrier: Carrier;
  readonly siteId: string | null;
  readonly meterId: number | null;
  /** Of the whole of [validFrom, validTo), kWh; null: the meter says. */
  readonly energy_kwh: Decimal | null;
  readonly calorificBasis: CalorificBasis;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
  readonly limit_percent: Decimal | null;
  /** Accuracy chain of the meter. */
  readonly accuracy: readonly AccuracyPart[] | null;
  /** The other entity: that it is passed on to, or that it was received from. */
  readonly counterpartName: string | null;
  readonly reason: string;
  readonly source: string;
}

/**
 * Rows of an entity's account, and the rows of other entities that pass energy on to it: those stand in its account as
 * received, so that one row keeps both accounts true.
 */
export async function accountRows(client: ClientBase, legalEntityId: string): Promise<AccountRowRecord[]> {
  const { rows } = await client.query<AccountRowRecord>(
    `SELECT r.id, CASE WHEN r.legal_entity_id = $1 THEN r.kind ELSE 'received' END AS kind, r.carrier,
            CASE WHEN r.legal_entity_id = $1 THEN r.site_id END AS "siteId", r.meter_id AS "meterId",
            r.energy_kwh::text, r.calorific_basis AS "calorificBasis", r.valid_from::text AS "validFrom",
            r.valid_to::text AS "validTo", r.limit_percent::text, m.accuracy,
            CASE WHEN r.legal_entity_id = $1 THEN c.name ELSE o.name END AS "counterpartName", r.reason, r.source
     FROM energy_account_row r JOIN legal_entity o ON o.id = r.legal_entity_id
     LEFT JOIN legal_entity c ON c.id = r.counterpart_entity_id LEFT JOIN meter m ON m.id = r.meter_id
     WHERE r.legal_entity_id = $1 OR r.counterpart_entity_id = $1 ORDER BY 2, r.carrier, r.id`,
    [legalEntityId],
  );
  return rows;
}

/** Clusters of alike sites of an audit. */
export async function auditClusters(client: ClientBase, auditId: string): Promise<SiteCluster[]> {
  const { rows } = await client.query<SiteCluster>(
    `SELECT c.id, c.name, c.justification, c.stated_size AS "statedSize",
            coalesce(array_agg(s.site_id::text ORDER BY s.site_id) FILTER (WHERE s.site_id IS NOT NULL), '{}') AS "siteIds"
     FROM audit_cluster c LEFT JOIN audit_site s ON s.cluster_id = c.id WHERE c.audit_id = $1
     GROUP BY c.id ORDER BY c.name`,
    [auditId],
  );
  return rows;
}

/** A use of a site that is audited by itself. */
export interface AuditUseRecord {
  readonly siteId: string;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse;
}

export async function auditedUses(client: ClientBase, auditId: string): Promise<AuditUseRecord[]> {
  const { rows } = await client.query<AuditUseRecord>(
    `SELECT site_id AS "siteId", carrier, energy_use AS "energyUse" FROM audit_use WHERE audit_id = $1 AND is_included
     ORDER BY site_id, carrier, energy_use`,
    [auditId],
  );
  return rows;
}

/** Who answers for applying a rule that was not checked against its source; null: nobody. */
export async function ruleReviewer(
  client: ClientBase,
  organisationId: number,
  ruleId: string,
): Promise<{ readonly name: string; readonly date: LocalDate } | null> {
  const { rows } = await client.query<{ name: string; date: LocalDate }>(
    `SELECT reviewer_name AS name, reviewed_on::text AS date FROM rule_review WHERE organisation_id = $1 AND rule_id = $2`,
    [organisationId, ruleId],
  );
  return rows[0] ?? null;
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
  readonly accuracy: readonly AccuracyPart[] | null;
}

export async function auditMeters(client: ClientBase, siteIds: readonly string[]): Promise<AuditMeter[]> {
  const { rows } = await client.query<AuditMeter>(
    `SELECT id, site_id AS "siteId", name, kind, role, carrier, energy_use AS "energyUse", measurand,
            parent_id AS "parentId", accuracy
     FROM meter WHERE site_id = ANY ($1) AND measurand IS NOT NULL ORDER BY id`,
    [siteIds],
  );
  return rows;
}

/** One meter by its id, with the time zone of its site. */
export async function auditMeter(
  client: ClientBase,
  meterId: number,
): Promise<(Pick<AuditMeter, 'id' | 'siteId' | 'measurand'> & { readonly timeZone: string }) | null> {
  const { rows } = await client.query<{ id: number; siteId: string; measurand: string; timeZone: string }>(
    `SELECT m.id, m.site_id AS "siteId", m.measurand, s.time_zone AS "timeZone"
     FROM meter m JOIN site s ON s.id = m.site_id WHERE m.id = $1 AND m.measurand IS NOT NULL`,
    [meterId],
  );
  return rows[0] ?? null;
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
