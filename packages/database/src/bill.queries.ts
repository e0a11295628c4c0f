import type { CalorificBasis, Carrier, EnergyUse, LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Rejection } from './bill-import/index.ts';
import type { Scope } from './scope.ts';

export interface DeliveryPointRow {
  readonly id: string;
  readonly legalEntityId: string;
  readonly legalEntityName: string;
  readonly siteId: string | null;
  readonly siteName: string | null;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse | null;
  readonly code: string;
  readonly name: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
}

/** A membership of some sites sees the delivery points of those sites; what is at no site is the organisation's. */
const visible = '($2::uuid[] IS NULL OR p.site_id = ANY ($2))';

export async function listDeliveryPoints(client: PoolClient, scope: Scope): Promise<DeliveryPointRow[]> {
  const { rows } = await client.query<DeliveryPointRow>(
    `SELECT p.id, p.legal_entity_id AS "legalEntityId", e.name AS "legalEntityName", p.site_id AS "siteId",
       s.name AS "siteName", p.carrier, p.energy_use AS "energyUse", p.code, p.name,
       p.valid_from::text AS "validFrom", p.valid_to::text AS "validTo"
     FROM delivery_point p JOIN legal_entity e ON e.id = p.legal_entity_id LEFT JOIN site s ON s.id = p.site_id
     WHERE p.organisation_id = $1 AND ${visible} ORDER BY e.name, s.name NULLS LAST, p.carrier, p.name, p.id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}

export interface BillRow {
  readonly id: string;
  readonly deliveryPointId: string;
  readonly number: string;
  readonly periodFrom: LocalDate;
  readonly periodTo: LocalDate;
  readonly quantity: string;
  readonly unit: string;
  readonly energy_kwh: string;
  readonly calorificBasis: CalorificBasis;
  readonly factorId: string | null;
  readonly amountExVat: string;
  readonly currency: string;
  readonly estimated: boolean;
  readonly importId: string | null;
  readonly rowNumber: number | null;
}

/** Bills that touch [from, to), the newest first. */
export async function listBills(
  client: PoolClient,
  scope: Scope,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<BillRow[]> {
  const { rows } = await client.query<BillRow>(
    `SELECT b.id, b.delivery_point_id AS "deliveryPointId", b.number, b.period_from::text AS "periodFrom",
       b.period_to::text AS "periodTo", b.quantity::text, b.unit, b.energy_kwh::text, b.calorific_basis AS "calorificBasis",
       b.factor_id AS "factorId", b.amount_ex_vat::text AS "amountExVat", b.currency, b.estimated,
       b.bill_import_id AS "importId", b.row_number AS "rowNumber"
     FROM bill b JOIN delivery_point p ON p.id = b.delivery_point_id
     WHERE b.organisation_id = $1 AND ${visible} AND b.period_from < $4 AND b.period_to > $3
     ORDER BY b.period_from DESC, b.id LIMIT 20000`,
    [scope.organisationId, scope.siteIds, from, to],
  );
  return rows;
}

/** One bill with its delivery point and the file it came in. */
export interface BillSource extends BillRow {
  readonly deliveryPointName: string;
  readonly code: string;
  readonly timeZone: string | null;
  readonly fileName: string | null;
  readonly fileSha256: string | null;
}

export async function findBill(client: PoolClient, scope: Scope, billId: string): Promise<BillSource | null> {
  const { rows } = await client.query<BillSource>(
    `SELECT b.id, b.delivery_point_id AS "deliveryPointId", b.number, b.period_from::text AS "periodFrom",
       b.period_to::text AS "periodTo", b.quantity::text, b.unit, b.energy_kwh::text, b.calorific_basis AS "calorificBasis",
       b.factor_id AS "factorId", b.amount_ex_vat::text AS "amountExVat", b.currency, b.estimated,
       b.bill_import_id AS "importId", b.row_number AS "rowNumber", p.name AS "deliveryPointName", p.code,
       (SELECT time_zone FROM site s WHERE s.id = p.site_id) AS "timeZone", i.file_name AS "fileName", i.sha256 AS "fileSha256"
     FROM bill b JOIN delivery_point p ON p.id = b.delivery_point_id LEFT JOIN bill_import i ON i.id = b.bill_import_id
     WHERE b.organisation_id = $1 AND ${visible} AND b.id = $3`,
    [scope.organisationId, scope.siteIds, billId],
  );
  return rows[0] ?? null;
}

export interface BillImportRow {
  readonly id: string;
  readonly fileName: string;
  readonly rows: number;
  readonly stored: number;
  readonly rejections: readonly Rejection[];
  readonly importedAt: Date;
  readonly importedBy: string;
}

/** The latest 100 imports. */
export async function listBillImports(client: PoolClient, scope: Scope): Promise<BillImportRow[]> {
  const { rows } = await client.query<BillImportRow>(
    `SELECT id, file_name AS "fileName", n_rows AS rows, n_stored AS stored, rejections, imported_at AS "importedAt",
       imported_by AS "importedBy"
     FROM bill_import WHERE organisation_id = $1 ORDER BY imported_at DESC LIMIT 100`,
    [scope.organisationId],
  );
  return rows;
}
