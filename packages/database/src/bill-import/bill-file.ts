import {
  readTableFile,
  readTableSheet,
  type TableFile,
  type TableForm,
  type TableLine,
} from '../table-file.ts';

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

export const billFileLimits = { bytes: 20_000_000, rows: 50_000 } as const;

const billForm: TableForm<BillColumn> = {
  required: requiredColumns,
  optional: optionalColumns,
  dates: new Set(['period_from', 'period_to', 'issued_on']),
  limits: billFileLimits,
};

/** One line of the file, its cells by column, trimmed; an absent optional column is ''. */
export type BillLine = TableLine<BillColumn>;
export type BillFile = TableFile<BillColumn>;

/** Reads the file into lines. Separated by comma, semicolon or tab, whichever its head has most of. */
export const readBillFile = (content: Uint8Array): BillFile => readTableFile(content, billForm);

/** Rows of a workbook's first sheet. */
export const readBillSheet = (sheet: readonly (readonly string[])[]): BillFile =>
  readTableSheet(sheet, billForm);
