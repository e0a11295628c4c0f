import { CsvError, parse } from 'csv-parse/sync';

/** Columns of a bill file; the guide docs/guides/import-bills.md describes them. */
export const requiredColumns = [
  'delivery_point',
  'number',
  'period_from',
  'period_to',
  'quantity',
  'unit',
  'amount_ex_vat',
  'currency',
] as const;
export const optionalColumns = [
  'estimated',
  'calorific_basis',
  'energy_kwh',
  'kind',
  'corrects',
  'issued_on',
  'vat_amount',
  'amount_inc_vat',
] as const;
export type BillColumn = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];
const allColumns: readonly string[] = [...requiredColumns, ...optionalColumns];

export const billFileLimits = { bytes: 20_000_000, rows: 50_000 } as const;

/** What is wrong with one cell, in words for the person who made the file. */
export interface Rejection {
  /** Line of the file as a spreadsheet counts it: 1 is the head. */
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly message: string;
}

/** One line of the file, its cells by column, trimmed; an absent optional column is ''. */
export interface BillLine {
  readonly row: number;
  readonly cells: Readonly<Record<BillColumn, string>>;
}

export interface BillFile {
  readonly lines: readonly BillLine[];
  readonly rejections: readonly Rejection[];
}

/** Text of the file: UTF-8, else the Windows-1252 that spreadsheets of western Europe write. */
export function decodeText(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder('windows-1252').decode(content);
  }
}

/** Reads the file into lines. Separated by comma, semicolon or tab, whichever its head has most of. */
export function readBillFile(content: Uint8Array): BillFile {
  const refuse = (column: string, value: string, message: string): BillFile => ({
    lines: [],
    rejections: [{ row: 1, column, value, message }],
  });
  if (content.length > billFileLimits.bytes)
    return refuse('', '', `the file is larger than ${billFileLimits.bytes} bytes`);
  const text = decodeText(content);
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = [',', ';', '\t'].reduce((best, candidate) =>
    head.split(candidate).length > head.split(best).length ? candidate : best,
  );
  let records: { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  try {
    records = parse(text, {
      delimiter,
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as typeof records;
  } catch (error) {
    // The parser's own errors say the line and what is wrong with its quotes.
    if (error instanceof CsvError) return refuse('', '', error.message);
    throw error;
  }
  return readTable(records.map(({ record, info }) => ({ row: info.lines, cells: record })));
}

/** Days since 30 December 1899, as spreadsheets store dates; nothing earlier than 1980 is billed here. */
const serialDate = /^[345]\d{4}$/;
const dateColumns: ReadonlySet<string> = new Set(['period_from', 'period_to', 'issued_on']);

/** Rows of a workbook's first sheet: dates come as serial numbers, the head is the first row that is not empty. */
export function readBillSheet(sheet: readonly (readonly string[])[]): BillFile {
  const rows = sheet
    .map((cells, i) => ({ row: i + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [first, ...rest] = rows;
  if (!first) return readTable([]);
  const width = first.cells.findLastIndex((cell) => cell !== '') + 1;
  const names = columnNames(first.cells.slice(0, width));
  const dated = rest.map(({ row, cells }) => ({
    row,
    cells: names.map((name, i) => {
      const cell = cells[i] ?? '';
      return dateColumns.has(name) && serialDate.test(cell)
        ? new Date((Number(cell) - 25_569) * 86_400_000).toISOString().slice(0, 10)
        : cell;
    }),
  }));
  return readTable([{ row: first.row, cells: first.cells.slice(0, width) }, ...dated]);
}

interface TableRow {
  readonly row: number;
  readonly cells: readonly string[];
}

const columnNames = (head: readonly string[]): string[] =>
  head.map((name) => name.toLowerCase().replaceAll(/[ -]+/g, '_'));

function readTable([first, ...rest]: readonly TableRow[]): BillFile {
  const columns = columnNames(first?.cells ?? []);
  const headFaults = headRejections(columns);
  if (headFaults.length > 0) return { lines: [], rejections: headFaults };
  if (rest.length > billFileLimits.rows)
    return {
      lines: [],
      rejections: [{ row: 1, column: '', value: '', message: `more than ${billFileLimits.rows} rows` }],
    };
  const rejections: Rejection[] = [];
  const lines = rest.flatMap(({ row, cells: record }): BillLine[] => {
    if (record.length !== columns.length) {
      rejections.push({
        row,
        column: '',
        value: '',
        message: `has ${record.length} cells where the head has ${columns.length}`,
      });
      return [];
    }
    const cells = Object.fromEntries(allColumns.map((name) => [name, record[columns.indexOf(name)] ?? '']));
    return [{ row, cells: cells as BillLine['cells'] }];
  });
  return { lines, rejections };
}

function headRejections(columns: readonly string[]): Rejection[] {
  const fault = (column: string, message: string): Rejection => ({ row: 1, column, value: '', message });
  return [
    ...requiredColumns
      .filter((name) => !columns.includes(name))
      .map((name) => fault(name, 'the column is missing')),
    ...columns
      .filter((name) => !allColumns.includes(name))
      .map((name) => fault(name, `no such column; known are ${allColumns.join(', ')}`)),
    ...columns
      .filter((name, index) => columns.indexOf(name) !== index)
      .map((name) => fault(name, 'the column is there twice')),
  ];
}
