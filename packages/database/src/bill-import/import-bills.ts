import { createHash } from 'node:crypto';
import { type Carrier, compareDecimal, type LocalDate } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { type Rejection, readBillFile } from './bill-file.ts';
import { type BilledPoint, type NewBill, readBillLine } from './bill-line.ts';

export interface BillImportWish {
  readonly organisationId: number;
  /** Only delivery points of these sites may be billed; null: all. */
  readonly siteIds: readonly string[] | null;
  readonly fileName: string;
  readonly content: Uint8Array;
  readonly importedBy: string;
  readonly dryRun: boolean;
  /** Today where the organisation is. */
  readonly today: LocalDate;
}

export interface BillImportOutcome {
  /** null on a dry run. */
  readonly id: string | null;
  readonly rows: number;
  readonly stored: number;
  /** Bills that were there already, exactly so. */
  readonly unchanged: number;
  readonly rejected: readonly Rejection[];
  readonly importedAt: Date | null;
}

/** Rejections told and kept; a file with more faults is wrong as a whole. */
const rejectionLimit = 1_000;

/**
 * Imports a file of bills: all of it, or, where any row is rejected, nothing of it. Bills that are stored already are left
 * alone, so the same file may be sent again. The file and its outcome are kept either way; a dry run writes nothing.
 * The caller's transaction has the organisation in scope.
 */
export async function importBills(client: ClientBase, wish: BillImportWish): Promise<BillImportOutcome> {
  const file = readBillFile(wish.content);
  const points = await pointsByCode(client, wish);
  const rejected: Rejection[] = [...file.rejections];
  const bills: NewBill[] = [];
  for (const line of file.lines) {
    const read = readBillLine(line, points, wish.today);
    if ('row' in read) bills.push(read);
    else rejected.push(...read);
  }
  rejected.push(...repeated(bills));
  const known = await knownBills(client, wish.organisationId, bills);
  const fresh: NewBill[] = [];
  for (const bill of bills) {
    const stored = known.get(keyOf(bill));
    if (!stored) fresh.push(bill);
    else if (!isSame(bill, stored))
      rejected.push({
        row: bill.row,
        column: 'number',
        value: bill.number,
        message: `is stored already with other values: ${describe(stored)}`,
      });
  }
  rejected.sort((a, b) => a.row - b.row);
  const isWhole = rejected.length === 0;
  const outcome = {
    rows: file.lines.length,
    stored: isWhole ? fresh.length : 0,
    unchanged: bills.length - fresh.length,
    rejected: rejected.slice(0, rejectionLimit),
  };
  if (wish.dryRun) return { id: null, importedAt: null, ...outcome };
  const kept = await keepFile(client, wish, {
    ...outcome,
    rejectedRows: new Set(rejected.map((r) => r.row)).size,
  });
  if (isWhole) await storeBills(client, { organisationId: wish.organisationId, importId: kept.id }, fresh);
  return { ...kept, ...outcome };
}

async function pointsByCode(
  client: ClientBase,
  { organisationId, siteIds }: BillImportWish,
): Promise<ReadonlyMap<string, BilledPoint>> {
  const { rows } = await client.query<BilledPoint & { carrier: Carrier }>(
    `SELECT id, code, carrier, valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM delivery_point
     WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2))`,
    [organisationId, siteIds],
  );
  return new Map(rows.map((point) => [point.code, point]));
}

const keyOf = (bill: Pick<NewBill, 'deliveryPointId' | 'number'>): string =>
  `${bill.deliveryPointId} ${bill.number}`;

function repeated(bills: readonly NewBill[]): Rejection[] {
  const firstRows = new Map<string, number>();
  return bills.flatMap((bill) => {
    const first = firstRows.get(keyOf(bill));
    if (first === undefined) {
      firstRows.set(keyOf(bill), bill.row);
      return [];
    }
    return [
      {
        row: bill.row,
        column: 'number',
        value: bill.number,
        message: `is in the file already, in row ${first}`,
      },
    ];
  });
}

type KnownBill = Omit<NewBill, 'row' | 'factorId'>;

async function knownBills(
  client: ClientBase,
  organisationId: number,
  bills: readonly NewBill[],
): Promise<ReadonlyMap<string, KnownBill>> {
  const { rows } = await client.query<KnownBill>(
    `SELECT b.delivery_point_id AS "deliveryPointId", b.number, b.period_from::text AS "periodFrom",
       b.period_to::text AS "periodTo", b.quantity::text, b.unit, b.energy_kwh::text, b.calorific_basis AS "calorificBasis",
       b.amount_ex_vat::text AS "amountExVat", b.currency, b.estimated
     FROM unnest($2::uuid[], $3::text[]) AS wanted (point, number)
     JOIN bill b ON b.delivery_point_id = wanted.point AND b.number = wanted.number
     WHERE b.organisation_id = $1`,
    [organisationId, bills.map((b) => b.deliveryPointId), bills.map((b) => b.number)],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function isSame(a: NewBill, b: KnownBill): boolean {
  return (
    a.periodFrom === b.periodFrom &&
    a.periodTo === b.periodTo &&
    a.unit === b.unit &&
    a.calorificBasis === b.calorificBasis &&
    a.currency === b.currency &&
    a.estimated === b.estimated &&
    compareDecimal(a.quantity, b.quantity) === 0 &&
    compareDecimal(a.energy_kwh, b.energy_kwh) === 0 &&
    compareDecimal(a.amountExVat, b.amountExVat) === 0
  );
}

const describe = (bill: KnownBill): string =>
  `${bill.quantity} ${bill.unit}, ${bill.amountExVat} ${bill.currency}, ${bill.periodFrom} to ${bill.periodTo}${bill.estimated ? ', estimated' : ''}`;

async function keepFile(
  client: ClientBase,
  wish: BillImportWish,
  outcome: Pick<BillImportOutcome, 'rows' | 'stored' | 'rejected'> & { readonly rejectedRows: number },
): Promise<{ readonly id: string; readonly importedAt: Date }> {
  const { rows } = await client.query<{ id: string; importedAt: Date }>(
    `INSERT INTO bill_import (organisation_id, file_name, sha256, content, imported_by, n_rows, n_stored, n_rejected, rejections)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id, imported_at AS "importedAt"`,
    [
      wish.organisationId,
      wish.fileName,
      createHash('sha256').update(wish.content).digest('hex'),
      Buffer.from(wish.content),
      wish.importedBy,
      outcome.rows,
      outcome.stored,
      outcome.rejectedRows,
      JSON.stringify(outcome.rejected),
    ],
  );
  const [kept] = rows;
  if (!kept) throw new Error('the import was not kept');
  await client.query(
    `INSERT INTO audit_event (organisation_id, actor, action, object, after) VALUES ($1, $2, 'billImport.create', $3, $4)`,
    [
      wish.organisationId,
      wish.importedBy,
      kept.id,
      JSON.stringify({
        fileName: wish.fileName,
        rows: outcome.rows,
        stored: outcome.stored,
        rejected: outcome.rejectedRows,
      }),
    ],
  );
  return kept;
}

async function storeBills(
  client: ClientBase,
  { organisationId, importId }: { readonly organisationId: number; readonly importId: string },
  bills: readonly NewBill[],
): Promise<void> {
  const column = <Value>(pick: (bill: NewBill) => Value): Value[] => bills.map(pick);
  await client.query(
    `INSERT INTO bill (organisation_id, bill_import_id, delivery_point_id, row_number, number, period_from, period_to,
       quantity, unit, energy_kwh, factor_id, calorific_basis, amount_ex_vat, currency, estimated)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::int[], $5::text[], $6::date[], $7::date[], $8::numeric[], $9::text[],
       $10::numeric[], $11::text[], $12::text[], $13::numeric[], $14::text[], $15::boolean[])`,
    [
      organisationId,
      importId,
      column((b) => b.deliveryPointId),
      column((b) => b.row),
      column((b) => b.number),
      column((b) => b.periodFrom),
      column((b) => b.periodTo),
      column((b) => b.quantity),
      column((b) => b.unit),
      column((b) => b.energy_kwh),
      column((b) => b.factorId),
      column((b) => b.calorificBasis),
      column((b) => b.amountExVat),
      column((b) => b.currency),
      column((b) => b.estimated),
    ],
  );
}
