import type { CalorificBasis, Carrier, EnergyUse, LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { NewBillLine } from './bill-import/index.ts';
import type { Scope } from './scope.ts';
import type { Rejection } from './table-file.ts';

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
  readonly kind: 'bill' | 'creditNote';
  readonly corrects: string | null;
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
       b.kind, b.corrects, b.bill_import_id AS "importId", b.row_number AS "rowNumber"
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
  readonly carrier: Carrier;
  readonly siteName: string | null;
  readonly timeZone: string | null;
  readonly issuedOn: LocalDate | null;
  readonly vatAmount: string | null;
  /** Who typed it into a form; null where it came in a file. */
  readonly createdBy: string | null;
  readonly fileName: string | null;
  readonly mediaType: string | null;
  readonly fileSha256: string | null;
}

export async function findBill(client: PoolClient, scope: Scope, billId: string): Promise<BillSource | null> {
  const { rows } = await client.query<BillSource>(
    `SELECT b.id, b.delivery_point_id AS "deliveryPointId", b.number, b.period_from::text AS "periodFrom",
       b.period_to::text AS "periodTo", b.quantity::text, b.unit, b.energy_kwh::text, b.calorific_basis AS "calorificBasis",
       b.factor_id AS "factorId", b.amount_ex_vat::text AS "amountExVat", b.currency, b.estimated, b.kind, b.corrects,
       b.bill_import_id AS "importId", b.row_number AS "rowNumber", b.issued_on::text AS "issuedOn",
       b.vat_amount::text AS "vatAmount", b.created_by AS "createdBy", p.name AS "deliveryPointName", p.code, p.carrier,
       s.name AS "siteName", s.time_zone AS "timeZone", i.file_name AS "fileName", i.media_type AS "mediaType",
       i.sha256 AS "fileSha256"
     FROM bill b JOIN delivery_point p ON p.id = b.delivery_point_id LEFT JOIN site s ON s.id = p.site_id
     LEFT JOIN bill_import i ON i.id = b.bill_import_id
     WHERE b.organisation_id = $1 AND ${visible} AND b.id = $3`,
    [scope.organisationId, scope.siteIds, billId],
  );
  return rows[0] ?? null;
}

/** Lines of a bill that was found to be visible, as they stand on it. */
export async function listBillLines(
  client: PoolClient,
  { organisationId }: Scope,
  billId: string,
): Promise<NewBillLine[]> {
  const { rows } = await client.query<NewBillLine>(
    `SELECT position, name, quantity::text, unit, unit_price::text AS "unitPrice", amount_ex_vat::text AS "amountExVat",
       vat_rate::text AS "vatRate", counts_as_energy AS "countsAsEnergy"
     FROM bill_line WHERE organisation_id = $1 AND bill_id = $2 ORDER BY position`,
    [organisationId, billId],
  );
  return rows;
}

/** The file of an import, as it was sent. A membership of some sites sees it where all its bills are of those. */
export async function findBillFile(
  client: PoolClient,
  scope: Scope,
  importId: string,
): Promise<{ readonly fileName: string; readonly mediaType: string; readonly content: Buffer } | undefined> {
  const { rows } = await client.query<{ fileName: string; mediaType: string; content: Buffer }>(
    `SELECT i.file_name AS "fileName", i.media_type AS "mediaType", i.content FROM bill_import i
     WHERE i.organisation_id = $1 AND i.id = $3 AND ($2::uuid[] IS NULL OR NOT EXISTS (
       SELECT FROM bill b JOIN delivery_point p ON p.id = b.delivery_point_id
       WHERE b.bill_import_id = i.id AND NOT ${visible}))`,
    [scope.organisationId, scope.siteIds, importId],
  );
  return rows[0];
}

export interface BillImportRow {
  readonly id: string;
  readonly fileName: string;
  readonly rows: number;
  readonly stored: number;
  readonly rejections: readonly Rejection[];
  readonly importedAt: Date;
  readonly importedBy: string;
  readonly mediaType: string;
}

/** The latest 100 imports. */
export async function listBillImports(client: PoolClient, scope: Scope): Promise<BillImportRow[]> {
  const { rows } = await client.query<BillImportRow>(
    `SELECT id, file_name AS "fileName", n_rows AS rows, n_stored AS stored, rejections, imported_at AS "importedAt",
       imported_by AS "importedBy", media_type AS "mediaType"
     FROM bill_import WHERE organisation_id = $1 ORDER BY imported_at DESC LIMIT 100`,
    [scope.organisationId],
  );
  return rows;
}
