import { expect, test } from 'vitest';
import { aggregatePerformance, type PerformancePart } from './aggregate.ts';
import { type MonthEnergy, rollingYear, targetState, yearToDate } from './performance-run.ts';

const part = (name: string, rest: Partial<PerformancePart>): PerformancePart => ({
  name,
  unit: 'kWh',
  kind: 'final',
  basis: 'none',
  adjusted: 100,
  actual: 90,
  confidence: 0.9,
  modelHalfWidth: 3,
  meteringHalfWidth: 0,
  biasGroup: null,
  ...rest,
});
const added = (parts: readonly PerformancePart[]) => {
  const result = aggregatePerformance(parts);
  if (!result.ok) throw new Error(JSON.stringify(result.disqualifications));
  return result.performance;
};

test('the percentage is that of the sums, never the mean of percentages', () => {
  const sum = added([
    part('small', { adjusted: 10, actual: 5 }),
    part('large', { adjusted: 990, actual: 990 }),
  ]);
  expect(sum.savings_percent).toBeCloseTo(0.5, 12);
  expect(sum.senpi).toBeCloseTo(0.995, 12);
});

test('independent parts add by squares, those that share a bias add up', () => {
  expect(
    added([part('a', { modelHalfWidth: 3 }), part('b', { modelHalfWidth: 4 })]).modelHalfWidth,
  ).toBeCloseTo(5, 12);
  const shared = { meteringHalfWidth: 3, biasGroup: 'main', modelHalfWidth: 0 };
  expect(added([part('a', shared), part('b', shared)]).halfWidth).toBeCloseTo(6, 12);
  expect(
    added([part('a', { ...shared, biasGroup: null }), part('b', { ...shared, biasGroup: null })]).halfWidth,
  ).toBeCloseTo(Math.sqrt(18), 12);
  expect(added([part('a', { modelHalfWidth: 30 })]).verdict).toBe('notDistinguishableFromZero');
});

test('what differs is not added', () => {
  const codes = (parts: readonly PerformancePart[]) => {
    const result = aggregatePerformance(parts);
    return result.ok ? [] : result.disqualifications.map(({ code }) => code);
  };
  expect(codes([])).toEqual(['noPart']);
  expect(codes([part('a', {}), part('b', { unit: 'MWh' })])).toEqual(['unitMixed']);
  expect(codes([part('a', {}), part('b', { kind: 'primary' })])).toEqual(['kindMixed']);
  expect(codes([part('a', { basis: 'gross' }), part('b', { basis: 'net' })])).toEqual([
    'calorificBasisMixed',
  ]);
  expect(codes([part('a', { basis: 'gross' }), part('b', { basis: 'none' })])).toEqual([]);
  expect(codes([part('a', {}), part('b', { confidence: 0.95 })])).toEqual(['confidenceMixed']);
  expect(codes([part('a', {}), part('b', { actual: Number.NaN })])).toEqual(['partUnknown']);
  expect(codes([part('a', { adjusted: 0 })])).toEqual(['adjustedNotPositive']);
});

const months = (count: number, missing: readonly number[] = []): readonly MonthEnergy[] =>
  Array.from({ length: count }, (_, i) => ({
    month: `${2025 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
    actual_wh: missing.includes(i) ? null : 90,
    expected_wh: 100,
  }));

test('twelve months run, and a missing one is missing in all of them', () => {
  const run = rollingYear(months(14));
  expect(run[10]).toMatchObject({ known: 11, months: 12, actual_wh: null, savings_percent: null });
  expect(run[11]).toMatchObject({
    month: '2025-12',
    known: 12,
    actual_wh: 1080,
    savings_wh: 120,
    savings_percent: 10,
  });
  const holey = rollingYear(months(26, [5]));
  expect(holey.filter(({ savings_wh }) => savings_wh !== null).map(({ month }) => month)[0]).toBe('2026-06');
});

test('the year to date begins anew each year, in the month in which the year begins', () => {
  expect(yearToDate(months(14)).map(({ months: n }) => n)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2,
  ]);
  expect(yearToDate(months(14), 4).map(({ months: n }) => n)).toEqual([
    10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
  expect(yearToDate(months(6), 4)[3]).toMatchObject({ month: '2025-04', actual_wh: 90 });
});

test('a target is met or missed only where the band excludes it', () => {
  const result = { adjusted_wh: 1000, actual_wh: 920, halfWidth_wh: 20 };
  expect(targetState(result, 5)).toMatchObject({ allowed_wh: 950, margin_wh: 30, state: 'met' });
  expect(targetState(result, 5).reached_percent).toBeCloseTo(160, 9);
  expect(targetState(result, 8).state).toBe('notDistinguishable');
  expect(targetState(result, 12).state).toBe('missed');
  expect(targetState(result, 0).reached_percent).toBeNull();
});
