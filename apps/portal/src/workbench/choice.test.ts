import type { Meter, RelevantVariable } from '@wattproof/contracts/api';
import { expect, test } from 'vitest';
import { firstChoice, toggleVariable, wishOf } from './choice.ts';

const meter = (id: number, role: string, carrier: string) =>
  ({ id, role, carrier, measurand: 'active_energy_import_wh' }) as Meter;
const meters = [
  meter(1, 'feeder', 'electricity'),
  meter(2, 'total', 'gas'),
  meter(3, 'total', 'electricity'),
];

test('a new EnPI begins with the total of electricity and the year before its report', () => {
  const choice = firstChoice(meters, [], '2026-03-17');
  expect(choice.meterIds).toEqual([3]);
  expect(choice.baseline).toEqual({ from: '2025-01-01', to: '2026-01-01' });
  expect(choice.reporting).toEqual({ from: '2026-01-01', to: '2026-03-17' });
});

test('nothing is asked for without a meter or with a baseline that ends before it begins', () => {
  const choice = firstChoice(meters, [], '2026-03-17');
  expect(wishOf('s', { ...choice, meterIds: [] }, meters)).toBeNull();
  expect(wishOf('s', { ...choice, baseline: { from: '2026-01-01', to: '2026-01-01' } }, meters)).toBeNull();
  expect(wishOf('s', choice, meters)?.measurand).toBe('active_energy_import_wh');
});

test('a report that has not begun is left out', () => {
  const choice = firstChoice(meters, [], '2026-03-17');
  const wish = wishOf('s', { ...choice, reporting: { from: '2026-03-17', to: '2026-03-17' } }, meters);
  expect(wish && 'reporting' in wish).toBe(false);
});

const variable = (id: string, quantity: 'amount' | 'temperature', knownFrom: string | null = null) =>
  ({ id, quantity, knownFrom }) as RelevantVariable;
const variables = [
  variable('roof', 'temperature'),
  variable('tonnes', 'amount'),
  variable('station', 'temperature'),
];

test('a model knows one outdoor temperature: the first to begin with, another one takes its place', () => {
  const { variableIds } = firstChoice(meters, variables, '2026-03-17');
  expect(variableIds).toEqual(['roof', 'tonnes']);
  expect(toggleVariable(variableIds, variables[2] as RelevantVariable, variables)).toEqual([
    'tonnes',
    'station',
  ]);
  expect(toggleVariable(variableIds, variables[1] as RelevantVariable, variables)).toEqual(['roof']);
});

test('where the variables begin later, the baseline is the first year that they are known for', () => {
  const late = firstChoice(meters, [variable('tonnes', 'amount', '2025-02-10')], '2026-03-17');
  expect(late.baseline).toEqual({ from: '2025-02-10', to: '2026-02-10' });
  expect(late.reporting).toEqual({ from: '2026-02-10', to: '2026-03-17' });
  const short = firstChoice(meters, [variable('tonnes', 'amount', '2025-06-10')], '2026-03-17');
  expect(short.baseline).toEqual({ from: '2025-06-10', to: '2026-01-01' });
});
