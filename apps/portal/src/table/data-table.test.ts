import { expect, test } from 'vitest';
import { csvText } from './csv.ts';
import { type Column, filterRows, sortRows } from './data-table.tsx';

interface Row {
  readonly name: string;
  readonly kwh: number | null;
}
const rows: Row[] = [
  { name: 'Line 10', kwh: 5 },
  { name: 'Line 2', kwh: null },
  { name: 'Line 1', kwh: 40 },
];
const columns: Column<Row>[] = [
  { id: 'name', head: 'Name', cell: (r) => r.name, sort: (r) => r.name, text: (r) => r.name },
  { id: 'kwh', head: 'kWh', cell: (r) => r.kwh, sort: (r) => r.kwh, text: (r) => String(r.kwh ?? '') },
];
const names = (list: readonly Row[]): string[] => list.map((r) => r.name);

test('numbers sort as numbers, names by the numbers in them, nothing last both ways', () => {
  expect(names(sortRows(rows, columns, { column: 'kwh', descending: false }))).toEqual([
    'Line 10',
    'Line 1',
    'Line 2',
  ]);
  expect(names(sortRows(rows, columns, { column: 'kwh', descending: true }))).toEqual([
    'Line 1',
    'Line 10',
    'Line 2',
  ]);
  expect(names(sortRows(rows, columns, { column: 'name', descending: false }))).toEqual([
    'Line 1',
    'Line 2',
    'Line 10',
  ]);
  expect(names(sortRows(rows, columns, { column: 'gone', descending: false }))).toEqual(names(rows));
});

test('a filter wants every word, in any column', () => {
  expect(names(filterRows(rows, columns, 'line 40'))).toEqual(['Line 1']);
  expect(filterRows(rows, columns, '  ')).toHaveLength(3);
});

test('CSV quotes what needs it and never starts a formula', () => {
  expect(csvText([['a;b', 'c"d', '=SUM(A1)', '-5', '−5']])).toBe('\ufeff"a;b";"c""d";\'=SUM(A1);-5;−5\r\n');
});
