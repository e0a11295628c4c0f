import type { Receipt } from '@wattproof/contracts/api';
import { expect, test } from 'vitest';
import { differenceFrom, figurePattern, readFigure } from './shown-figure.ts';

const figure = new RegExp(figurePattern, 'u');

test.each([
  '12.5\u00a0kWh',
  '\u22123.1\u00a0%',
  '€\u00a01\u202f812',
  '8\u202f015 kWh',
  '20.1\u00a0°C',
  '3,5\u00a0m³',
])('"%s" is a number with a unit', (text) => expect(figure.test(text)).toBe(true));
test.each(['Tuesday 3', '14:30', 'L1', '2 Wochen', '12 Aufgaben', '4 Anlagen', 'kWh', '3 tables'])(
  '"%s" is none',
  (text) => expect(figure.test(text)).toBe(false),
);

const receipt = (number: number | null, unit: string, decimal: string | null = null): Receipt =>
  ({ value: { number, decimal, unit, halfWidth: null } }) as Receipt;

test('a figure equals its receipt to the digit that is shown, in whatever unit', () => {
  expect(readFigure('−6.3\u00a0% ± 1.2')).toEqual({ value: -6.3, decimals: 1, unit: '%' });
  expect(readFigure('between 2 and 3 kWh')).toBeNull();
  expect(differenceFrom(receipt(226_449_999, 'Wh'), '226.4\u00a0MWh')).toBeNull();
  expect(differenceFrom(receipt(226_451_000, 'Wh'), '226.4\u00a0MWh')).toContain('226451000');
  expect(differenceFrom(receipt(0.0634, '1'), '\u22126.3\u00a0%')).toBeNull();
  expect(differenceFrom(receipt(null, 'EUR', '1812.40'), '€\u00a01\u202f812')).toBeNull();
  expect(differenceFrom(receipt(null, 'EUR/MWh', '57.92'), '€\u00a057.92 per MWh')).toBeNull();
  expect(differenceFrom(receipt(null, 'EUR', '12506.92'), '€\u00a057.92 per MWh')).toContain(
    'shown in €/MWh',
  );
  expect(differenceFrom(receipt(12, 'kWh'), '12.0\u00a0kWh')).toBeNull();
  expect(differenceFrom(receipt(12, 'W'), '12.0\u00a0kWh')).toContain('shown in kWh');
});
