import type { FileImport } from '@wattproof/contracts/api';
import { AppError } from '@wattproof/runtime';
import { readSheet } from '../device-catalogue/sheet-file.ts';

export const valueFileLimits = { rows: 5_000, errors: 200 } as const;

export interface ValueLine {
  /** As a spreadsheet counts: 1 is the head. */
  readonly row: number;
  readonly date: string;
  readonly value: number;
}

export interface ValueFile {
  readonly rows: number;
  readonly lines: readonly ValueLine[];
  readonly errors: FileImport['errors'];
}

const two = (text: string): string => text.padStart(2, '0');

/** `2026-03-01`, `01.03.2026`, `01/03/2026` (day first), `2026-03` for a month; null where it is none of them or no date. */
export function dateOf(text: string, granularity: 'day' | 'month'): string | null {
  const iso = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  const local = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text);
  const month = /^(\d{1,2})[./](\d{4})$/.exec(text);
  const parts = iso
    ? [iso[1], iso[2], iso[3]]
    : local
      ? [local[3], local[2], local[1]]
      : month
        ? [month[2], month[1], undefined]
        : null;
  if (!parts) return null;
  const [year = '', monthPart = '', day] = parts;
  if (day === undefined && granularity === 'day') return null;
  const date = `${year}-${two(monthPart)}-${granularity === 'month' ? '01' : two(day ?? '')}`;
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? date : null;
}

/** `1234.5`, `1234,5`, `1 234,5`, `1.234,5`, `1,234.5`; null where it is no number. */
export function numberOf(text: string): number | null {
  const plain = text.replaceAll(/[\s\u00a0\u202f']/g, '');
  const decimal = Math.max(plain.lastIndexOf(','), plain.lastIndexOf('.'));
  const isGrouped =
    decimal >= 0 && (plain.match(/[.,]/g) ?? []).length > 1 && new Set(plain.match(/[.,]/g)).size === 1;
  const digits =
    decimal < 0 || isGrouped
      ? plain.replaceAll(/[.,]/g, '')
      : `${plain.slice(0, decimal).replaceAll(/[.,]/g, '')}.${plain.slice(decimal + 1)}`;
  return /^-?\d+(\.\d*)?$/.test(digits) || /^-?\.\d+$/.test(digits) ? Number(digits) : null;
}

/** Reads `date` and `value` columns, in a CSV file or the first sheet of a workbook; every fault is told with its row. */
export function readValueFile(content: Uint8Array, granularity: 'day' | 'month'): ValueFile {
  const [head = [], ...rows] = readSheet(content);
  const names = head.map((cell) => cell.trim().toLowerCase());
  const places = { date: names.indexOf('date'), value: names.indexOf('value') };
  const missing = (['date', 'value'] as const).filter((name) => places[name] < 0);
  if (missing.length > 0)
    return {
      rows: rows.length,
      lines: [],
      errors: missing.map((column) => ({
        row: 1,
        column,
        code: 'columnMissing',
        message: `The head has no column ${column}`,
      })),
    };
  if (rows.length > valueFileLimits.rows)
    throw new AppError('tooLarge', `The file has more than ${valueFileLimits.rows} rows`, {
      ...valueFileLimits,
    });
  const lines: ValueLine[] = [];
  const errors: FileImport['errors'] = [];
  const rowOf = new Map<string, number>();
  let filled = 0;
  rows.forEach((cells, i) => {
    const row = i + 2;
    const text = (name: 'date' | 'value'): string => (cells[places[name]] ?? '').trim();
    if (text('date') === '' && text('value') === '') return;
    filled++;
    const date = dateOf(text('date'), granularity);
    const value = numberOf(text('value'));
    const fault = (column: 'date' | 'value', code: string, message: string): void => {
      errors.push({ row, column, code, message });
    };
    if (date === null)
      fault('date', 'notADate', `"${text('date')}" is no ${granularity === 'day' ? 'date' : 'month'}`);
    if (value === null) fault('value', 'notANumber', `"${text('value')}" is no number`);
    if (date === null || value === null) return;
    const before = rowOf.get(date);
    if (before !== undefined) {
      fault('date', 'dateTwice', `${date} stands in row ${before} already`);
      return;
    }
    rowOf.set(date, row);
    lines.push({ row, date, value });
  });
  return { rows: filled, lines, errors };
}
