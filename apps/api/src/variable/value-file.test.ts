import { expect, test } from 'vitest';
import { dateOf, numberOf, readValueFile } from './value-file.ts';

const file = (text: string) => readValueFile(new TextEncoder().encode(text), 'day');

test('dates as people of the field write them', () => {
  expect(['2026-03-01', '1.3.2026', '01/03/2026'].map((text) => dateOf(text, 'day'))).toEqual(
    Array(3).fill('2026-03-01'),
  );
  expect(['2026-03', '3/2026', '2026-03-17'].map((text) => dateOf(text, 'month'))).toEqual(
    Array(3).fill('2026-03-01'),
  );
  expect(['2026-02-30', '2026-13-01', 'March', '', '2026-03'].map((text) => dateOf(text, 'day'))).toEqual(
    Array(5).fill(null),
  );
});

test('numbers with either decimal sign and with groups', () => {
  expect(['1234.5', '1234,5', '1 234,5', '1.234,5', '1,234.5', "1'234.5"].map(numberOf)).toEqual(
    Array(6).fill(1234.5),
  );
  expect(['1.234.567', '-3', '0'].map(numberOf)).toEqual([1_234_567, -3, 0]);
  expect(['', 'n/a', '12 t', '--3'].map(numberOf)).toEqual([null, null, null, null]);
});

test('every fault is told with its row, as a spreadsheet counts', () => {
  const read = file('date;value\n2026-03-01;12,5\n2026-03-32;4\n\n2026-03-02;none\n2026-03-01;7\n');
  expect(read.lines).toEqual([{ row: 2, date: '2026-03-01', value: 12.5 }]);
  expect(read.errors.map(({ row, column, code }) => [row, column, code])).toEqual([
    [3, 'date', 'notADate'],
    [5, 'value', 'notANumber'],
    [6, 'date', 'dateTwice'],
  ]);
  expect(file('day,tonnes\n2026-03-01,4\n').errors.map(({ column }) => column)).toEqual(['date', 'value']);
});
