import { createHash } from 'node:crypto';
import { type Carrier, compareDecimal, type LocalDate } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { decodeText, type Rejection } from '../table-file.ts';
import { type BillLine, billFileLimits, readBillFile, readBillSheet } from './bill-file.ts';
import { type BilledPoint, type NewBill, type NewBillLine, readBillLine } from './bill-line.ts';
import { type BillRestatement, billRestatements, recordBillRestatements } from './closed-month.ts';
import { readEInvoice } from './e-invoice.ts';
import { billsOfInvoice, knownLineKey } from './invoice-bills.ts';
import { xmlOfPdf } from './pdf-attachment.ts';
import { XmlFault } from './xml-document.ts';

export interface BillImportWish {
  readonly organisationId: number;
  /** Only delivery points of these sites may be billed; null: all. */
  readonly siteIds: readonly string[] | null;
  readonly fileName: string;
  readonly content: Uint8Array;
  /** Rows of the first sheet, where the content is a workbook. */
  readonly sheet?: readonly (readonly string[])[];
  /** Of an electronic bill: the lines whose quantity is the energy, and whether the supplier estimated it. */
  readonly energyLines?: readonly number[] | null;
  readonly isEstimated?: boolean;
  readonly importedBy: string;
  /** Why bills of signed-off months change; such bills are rejected without it. */
  readonly reason?: string;
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
  readonly mediaType: string;
  /** The first bills as they were read, whatever became of the file. */
  readonly preview: readonly NewBill[];
}

/** Bills shown of a file before it is stored. */
const previewLimit = 50;
/** Rejections told and kept; a file with more faults is wrong as a whole. */
const rejectionLimit = 1_000;

/**
 * Imports a file of bills: all of it, or, where any row is rejected, nothing of it. Bills that are stored already are left
 * alone, so the same file may be sent again. The file and its outcome are kept either way; a dry run writes nothing.
 * The caller's transaction has the organisation in scope.
 */
export async function importBills(client: ClientBase, wish: BillImportWish): Promise<BillImportOutcome> {
  const { mediaType, bills, rejections, rows } = await readContent(client, wish);
  const rejected: Rejection[] = [...rejections];
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
  const restatements = await billRestatements(client, fresh);
  rejected.push(...unreasoned(restatements, wish.reason));
  rejected.sort((a, b) => a.row - b.row);
  const isWhole = rejected.length === 0;
  const outcome = {
    rows,
    stored: isWhole ? fresh.length : 0,
    unchanged: bills.length - fresh.length,
    rejected: rejected.slice(0, rejectionLimit),
    mediaType,
    preview: bills.slice(0, previewLimit),
  };
  if (wish.dryRun) return { id: null, importedAt: null, ...outcome };
  const kept = await keepFile(client, wish, {
    ...outcome,
    rejectedRows: new Set(rejected.map((r) => r.row)).size,
  });
  if (isWhole) {
    const { organisationId, importedBy: by, reason = '' } = wish;
    await storeBills(client, { organisationId, importId: kept.id }, fresh);
    await recordBillRestatements(client, organisationId, { restatements, reason, by, now: new Date() });
  }
  return { ...kept, ...outcome };
}

/** Bills that change signed-off months, where nobody says why. */
function unreasoned(restatements: readonly BillRestatement[], reason = ''): Rejection[] {
  if (reason.trim() !== '') return [];
  return restatements.flatMap(({ bills, month }) =>
    bills.map(({ row }) => ({
      row,
      column: 'reason',
      value: month,
      message: `${month} is signed off: say why its bills change`,
    })),
  );
}

interface ReadBills {
  readonly mediaType: string;
  readonly bills: readonly NewBill[];
  readonly rejections: readonly Rejection[];
  readonly rows: number;
}

/** A table or an electronic bill, known by its first bytes. */
async function readContent(client: ClientBase, wish: BillImportWish): Promise<ReadBills> {
  const points = await pointsByCode(client, wish);
  const head = Buffer.from(wish.content.subarray(0, 512)).toString('latin1');
  if (head.startsWith('%PDF') || /^(?:\xEF\xBB\xBF)?\s*</.test(head))
    return readDocument(client, wish, points);
  const file = wish.sheet ? readBillSheet(wish.sheet) : readBillFile(wish.content);
  const rejections: Rejection[] = [...file.rejections];
  const bills: NewBill[] = [];
  for (const line of file.lines) {
    const read = readBillLine(line, points, wish.today);
    if ('row' in read) bills.push(read);
    else rejections.push(...read);
  }
  return { mediaType: wish.sheet ? workbookType : 'text/csv', bills, rejections, rows: file.lines.length };
}

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function readDocument(
  client: ClientBase,
  wish: BillImportWish,
  points: ReadonlyMap<string, readonly BilledPoint[]>,
): Promise<ReadBills> {
  const isPdf = wish.content[0] === 0x25;
  const mediaType = isPdf ? 'application/pdf' : 'application/xml';
  const refuse = (message: string): ReadBills => ({
    mediaType,
    bills: [],
    rejections: [{ row: 1, column: '', value: '', message }],
    rows: 0,
  });
  if (wish.content.length > billFileLimits.bytes)
    return refuse(`the file is larger than ${billFileLimits.bytes} bytes`);
  const xml = isPdf ? xmlOfPdf(Buffer.from(wish.content)) : decodeText(wish.content);
  if (xml === null)
    return refuse(
      'the PDF carries no electronic bill (Factur-X, ZUGFeRD); type the bill in, or send its XML',
    );
  try {
    const invoice = readEInvoice(xml);
    const read = billsOfInvoice(invoice, {
      points,
      today: wish.today,
      energyLines: wish.energyLines ?? null,
      isEstimated: wish.isEstimated ?? false,
      knownLines: await knownLines(client, wish.organisationId),
    });
    const bills = read.filter((one): one is NewBill => 'deliveryPointId' in one);
    const rejections = read.filter((one): one is Rejection => !('deliveryPointId' in one));
    return { mediaType, bills, rejections, rows: invoice.lines.length };
  } catch (error) {
    if (error instanceof XmlFault) return refuse(`the electronic bill cannot be read: ${error.message}`);
    throw error;
  }
}

/** Which lines counted as energy on earlier bills of a point, by their name; the latest bill says. */
async function knownLines(client: ClientBase, organisationId: number): Promise<ReadonlyMap<string, boolean>> {
  const { rows } = await client.query<{ code: string; name: string; counts: boolean }>(
    `SELECT DISTINCT ON (p.code, l.name) p.code, l.name, l.counts_as_energy AS counts
     FROM bill_line l JOIN bill b ON b.id = l.bill_id JOIN delivery_point p ON p.id = b.delivery_point_id
     WHERE l.organisation_id = $1 ORDER BY p.code, l.name, b.period_to DESC LIMIT 20000`,
    [organisationId],
  );
  return new Map(rows.map(({ code, name, counts }) => [knownLineKey(code, name), counts]));
}

async function pointsByCode(
  client: ClientBase,
  { organisationId, siteIds }: Pick<BillImportWish, 'organisationId' | 'siteIds'>,
): Promise<ReadonlyMap<string, readonly BilledPoint[]>> {
  const { rows } = await client.query<BilledPoint & { carrier: Carrier }>(
    `SELECT id, code, carrier, valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM delivery_point
     WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR site_id = ANY ($2)) ORDER BY code, valid_from`,
    [organisationId, siteIds],
  );
  return Map.groupBy(rows, (point) => point.code);
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

type KnownBill = Omit<NewBill, 'row' | 'factorId' | 'lines' | 'issuedOn' | 'corrects' | 'vatAmount'>;

async function knownBills(
  client: ClientBase,
  organisationId: number,
  bills: readonly NewBill[],
): Promise<ReadonlyMap<string, KnownBill>> {
  const { rows } = await client.query<KnownBill>(
    `SELECT b.delivery_point_id AS "deliveryPointId", b.number, b.period_from::text AS "periodFrom",
       b.period_to::text AS "periodTo", b.quantity::text, b.unit, b.energy_kwh::text, b.calorific_basis AS "calorificBasis",
       b.amount_ex_vat::text AS "amountExVat", b.currency, b.estimated, b.kind
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
    a.kind === b.kind &&
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
  outcome: Pick<BillImportOutcome, 'rows' | 'stored' | 'rejected' | 'mediaType'> & {
    readonly rejectedRows: number;
  },
): Promise<{ readonly id: string; readonly importedAt: Date }> {
  const { rows } = await client.query<{ id: string; importedAt: Date }>(
    `INSERT INTO bill_import (organisation_id, file_name, sha256, content, imported_by, n_rows, n_stored, n_rejected, rejections, media_type)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id, imported_at AS "importedAt"`,
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
      outcome.mediaType,
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

/** Stores bills with their lines; their points were looked up within the organisation. */
export async function storeBills(
  client: ClientBase,
  {
    organisationId,
    importId,
    createdBy = null,
  }: {
    readonly organisationId: number;
    readonly importId: string | null;
    readonly createdBy?: string | null;
  },
  bills: readonly NewBill[],
): Promise<void> {
  const column = <Value>(pick: (bill: NewBill) => Value): Value[] => bills.map(pick);
  await client.query(
    `INSERT INTO bill (organisation_id, bill_import_id, created_by, delivery_point_id, row_number, number, period_from,
       period_to, quantity, unit, energy_kwh, factor_id, calorific_basis, amount_ex_vat, currency, estimated, kind, corrects,
       issued_on, vat_amount)
     SELECT $1, $2, $3, * FROM unnest($4::uuid[], $5::int[], $6::text[], $7::date[], $8::date[], $9::numeric[], $10::text[],
       $11::numeric[], $12::text[], $13::text[], $14::numeric[], $15::text[], $16::boolean[], $17::text[], $18::text[],
       $19::date[], $20::numeric[])`,
    [
      organisationId,
      importId,
      createdBy,
      column((b) => b.deliveryPointId),
      column((b) => (importId === null ? null : b.row)),
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
      column((b) => b.kind),
      column((b) => b.corrects),
      column((b) => b.issuedOn),
      column((b) => b.vatAmount),
    ],
  );
  await storeLines(client, organisationId, bills);
}

async function storeLines(
  client: ClientBase,
  organisationId: number,
  bills: readonly NewBill[],
): Promise<void> {
  const lines = bills.flatMap((bill) => bill.lines.map((line) => ({ bill, line })));
  if (lines.length === 0) return;
  const column = <Value>(pick: (one: (typeof lines)[number]) => Value): Value[] => lines.map(pick);
  await client.query(
    `INSERT INTO bill_line (organisation_id, bill_id, position, name, quantity, unit, unit_price, amount_ex_vat, vat_rate,
       counts_as_energy)
     SELECT $1, b.id, w.position, w.name, w.quantity, w.unit, w.unit_price, w.amount, w.vat_rate, w.counts
     FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::numeric[], $7::text[], $8::numeric[], $9::numeric[],
       $10::numeric[], $11::boolean[])
       AS w (point, number, position, name, quantity, unit, unit_price, amount, vat_rate, counts)
     JOIN bill b ON b.organisation_id = $1 AND b.delivery_point_id = w.point AND b.number = w.number`,
    [
      organisationId,
      column(({ bill }) => bill.deliveryPointId),
      column(({ bill }) => bill.number),
      column(({ line }) => line.position),
      column(({ line }) => line.name.slice(0, 500)),
      column(({ line }) => line.quantity),
      column(({ line }) => line.unit.slice(0, 20)),
      column(({ line }) => line.unitPrice),
      column(({ line }) => line.amountExVat),
      column(({ line }) => line.vatRate),
      column(({ line }) => line.countsAsEnergy),
    ],
  );
}

/** A bill typed into a form: checked as a line of a file is, and stored, or everything that is wrong with it. */
export async function addBill(
  client: ClientBase,
  wish: Pick<BillImportWish, 'organisationId' | 'siteIds' | 'today' | 'reason'> & {
    readonly cells: BillLine['cells'];
    readonly lines: readonly NewBillLine[];
    readonly createdBy: string;
  },
): Promise<readonly Rejection[]> {
  const points = await pointsByCode(client, wish);
  const read = readBillLine({ row: 1, cells: wish.cells }, points, wish.today);
  if (!('deliveryPointId' in read)) return read;
  const known = await knownBills(client, wish.organisationId, [read]);
  if (known.size > 0)
    return [
      { row: 1, column: 'number', value: read.number, message: 'a bill of this number is stored already' },
    ];
  const { organisationId, createdBy, reason = '' } = wish;
  const bill = { ...read, lines: wish.lines };
  const restatements = await billRestatements(client, [bill]);
  const [first] = unreasoned(restatements, reason);
  if (first) return [first];
  await storeBills(client, { organisationId, importId: null, createdBy }, [bill]);
  await recordBillRestatements(client, organisationId, {
    restatements,
    reason,
    by: createdBy,
    now: new Date(),
  });
  return [];
}
