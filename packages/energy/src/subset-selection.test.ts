import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { spreadBills } from './bill-spread.ts';
import { csvRows } from './certificate.ts';
import { performanceOf } from './performance.ts';
import {
  expectedBySubset,
  type SelectionInput,
  selectSubset,
  subsetRangeFindings,
} from './subset-selection.ts';

const read = (file: string): string[][] =>
  csvRows(readFileSync(new URL(`../fixtures/verifi_sep/${file}`, import.meta.url), 'utf8'));
const facility = 'HQ (Simple)';
const predictors = ['Production', 'HDD Generated (60F)'];
const columnsOf = (year: number): Record<string, number[]> =>
  Object.fromEntries(
    predictors.map((name) => [
      name,
      Array.from({ length: 12 }, (_, m) =>
        Number(
          read('predictors_monthly.csv').find(
            ([f, p, , y, month]) =>
              f === facility && p === name && Number(y) === year && Number(month) === m + 1,
          )?.[5],
        ),
      ),
    ]),
  );
const gas = (year: number): number[] => {
  const bills = read('bills.csv').filter(([f, g]) => f === facility && g === 'Natural Gas');
  const spread = spreadBills(
    bills.map((bill) => ({ readDate: bill[6] as string, energy: Number(bill[7]) * Number(bill[5]) })),
  );
  return Array.from(
    { length: 12 },
    (_, m) => spread.get(`${year}-${String(m + 1).padStart(2, '0')}`)?.energy ?? Number.NaN,
  );
};
const inputOf = (year: number, columns = columnsOf(year)): SelectionInput => ({
  y: gas(year),
  variables: Object.entries(columns).map(([name, values]) => ({ name, values })),
});
const selected = (input: SelectionInput) => {
  const selection = selectSubset(input);
  if (!selection.ok) throw new Error(JSON.stringify(selection.disqualifications));
  return selection;
};

test('VERIFI: the published model is the best of all combinations, and is valid', () => {
  const { models } = selected(inputOf(2023));
  expect(models).toHaveLength(3);
  const [best] = models;
  expect([...(best?.variables ?? [])].sort()).toEqual([...predictors].sort());
  expect(best?.fit.adjustedR2).toBeCloseTo(0.9947767991725321, 9);
  expect(best?.findings).toEqual([]);
  expect(best && subsetRangeFindings(best, [columnsOf(2022), columnsOf(2025)])).toEqual([]);
  expect(
    best &&
      subsetRangeFindings(best, [{ ...columnsOf(2025), Production: [9e4, 9e4] }]).map(
        ({ data }) => data.name,
      ),
  ).toEqual(['Production']);
});

test('chaining with a model of another year', () => {
  const [best] = selected(inputOf(2023)).models;
  if (!best) throw new Error('no model');
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  const modelled = (year: number): number => sum(expectedBySubset(best, columnsOf(year)));
  const base = sum(gas(2022));
  const adjusted = (base * modelled(2025)) / modelled(2022);
  const found = performanceOf('chaining', { adjusted_wh: adjusted, actual_wh: sum(gas(2025)) });
  expect(found.senpi).toBeCloseTo(1 - found.savings_percent / 100, 12);
  expect(found.savings_percent).toBeGreaterThan(0);
  // The model meets its own year: adjusted to itself it is the year.
  expect(modelled(2023) / sum(gas(2023))).toBeCloseTo(1, 10);
});

test('collinear and constant columns are named and the rest is ranked', () => {
  const columns = columnsOf(2023);
  const production = columns.Production ?? [];
  const { models, impossible } = selected(
    inputOf(2023, { ...columns, twice: production.map((x) => 2 * x), constant: production.map(() => 7) }),
  );
  expect(
    models.every(({ variables }) => !(variables.includes('twice') && variables.includes('Production'))),
  ).toBe(true);
  expect(models.every(({ variables }) => !variables.includes('constant'))).toBe(true);
  expect(new Set(impossible.map(({ code }) => code))).toEqual(new Set(['collinear']));
});

test('an upside-down variable and a chance one are pointed at', () => {
  const columns = columnsOf(2023);
  const { models } = selected(
    inputOf(2023, {
      idle: (columns.Production ?? []).map((x) => 4000 - x),
      dice: [4, 1, 6, 2, 2, 5, 3, 6, 1, 4, 5, 3],
    }),
  );
  const codes = (name: string) =>
    models
      .find(({ variables }) => variables.length === 1 && variables[0] === name)
      ?.findings.map(({ code }) => code);
  expect(codes('dice')).toEqual(expect.arrayContaining(['modelNotSignificant', 'lowR2']));
  expect(models.filter(({ findings }) => findings.length === 0)).toEqual([]);
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`v${i}`, columns.Production ?? []]));
  expect(selectSubset(inputOf(2023, many))).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'tooManyVariables' }],
  });
  expect(() => expectedBySubset(models[0] as never, {})).toThrow(RangeError);
});
