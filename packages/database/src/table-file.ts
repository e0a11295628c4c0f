import { CsvError, parse } from 'csv-parse/sync';

/** Columns of a table that people send: what must be there, what may, and which hold dates. */
export interface TableForm<Column extends string = string> {
  readonly required: readonly Column[];
  readonly optional: readonly Column[];
  readonly dates: ReadonlySet<string>;
  readonly limits: { readonly bytes: number; readonly rows: number };
}

/** What is wrong with one cell, in words for the person who made the file. */
export interface Rejection {
  /** Line of the file as a spreadsheet counts it: 1 is the head. */
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly message: string;
}

/** One line of a table, its cells by column, trimmed; an absent optional column is ''. */
export interface TableLine<Column extends string = string> {
  readonly row: number;
  readonly cells: Readonly<Record<Column, string>>;
}

export interface TableFile<Column extends string = string> {
  readonly lines: readonly TableLine<Column>[];
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

const refused = <Column extends string>(message: string): TableFile<Column> => ({
  lines: [],
  rejections: [{ row: 1, column: '', value: '', message }],
});

/** Reads a text into lines. Separated by comma, semicolon or tab, whichever its head has most of. */
export function readTableFile<Column extends string>(
  content: Uint8Array,
  form: TableForm<Column>,
): TableFile<Column> {
  if (content.length > form.limits.bytes)
    return refused(`the file is larger than ${form.limits.bytes} bytes`);
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
    if (error instanceof CsvError) return refused(error.message);
    throw error;
  }
  return readTable(
    records.map(({ record, info }) => ({ row: info.lines, cells: record })),
    form,
  );
}

/** Days since 30 December 1899, as spreadsheets store dates; nothing earlier than 1980 is meant here. */
const serialDate = /^[345]\d{4}$/;

/** Rows of a workbook's first sheet: dates come as serial numbers, the head is the first row that is not empty. */
export function readTableSheet<Column extends string>(
  sheet: readonly (readonly string[])[],
  form: TableForm<Column>,
): TableFile<Column> {
  const rows = sheet
    .map((cells, i) => ({ row: i + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [first, ...rest] = rows;
  if (!first) return readTable([], form);
  const width = first.cells.findLastIndex((cell) => cell !== '') + 1;
  const names = columnNames(first.cells.slice(0, width));
  const dated = rest.map(({ row, cells }) => ({
    row,
    cells: names.map((name, i) => {
      const cell = cells[i] ?? '';
      return form.dates.has(name) && serialDate.test(cell)
        ? new Date((Number(cell) - 25_569) * 86_400_000).toISOString().slice(0, 10)
        : cell;
    }),
  }));
  return readTable([{ row: first.row, cells: first.cells.slice(0, width) }, ...dated], form);
}

interface TableRow {
  readonly row: number;
  readonly cells: readonly string[];
}

const columnNames = (head: readonly string[]): string[] =>
  head.map((name) => name.toLowerCase().replaceAll(/[ -]+/g, '_'));

function readTable<Column extends string>(
  [first, ...rest]: readonly TableRow[],
  form: TableForm<Column>,
): TableFile<Column> {
  const columns = columnNames(first?.cells ?? []);
  const headFaults = headRejections(columns, form);
  if (headFaults.length > 0) return { lines: [], rejections: headFaults };
  if (rest.length > form.limits.rows) return refused(`more than ${form.limits.rows} rows`);
  const rejections: Rejection[] = [];
  const lines = rest.flatMap(({ row, cells: record }): TableLine<Column>[] => {
    if (record.length !== columns.length) {
      rejections.push({
        row,
        column: '',
        value: '',
        message: `has ${record.length} cells where the head has ${columns.length}`,
      });
      return [];
    }
    const all = [...form.required, ...form.optional];
    const cells = Object.fromEntries(all.map((name) => [name, record[columns.indexOf(name)] ?? '']));
    return [{ row, cells: cells as Record<Column, string> }];
  });
  return { lines, rejections };
}

function headRejections(columns: readonly string[], { required, optional }: TableForm): Rejection[] {
  const fault = (column: string, message: string): Rejection => ({ row: 1, column, value: '', message });
  const all = [...required, ...optional];
  return [
    ...required.filter((name) => !columns.includes(name)).map((name) => fault(name, 'the column is missing')),
    ...columns
      .filter((name) => !all.includes(name))
      .map((name) => fault(name, `no such column; known are ${all.join(', ')}`)),
    ...columns
      .filter((name, index) => columns.indexOf(name) !== index)
      .map((name) => fault(name, 'the column is there twice')),
  ];
}
