import { billingMatrix } from '@wattproof/energy';
import { describe, expect, test } from 'vitest';
import type { AuditBill, AuditPoint, AuditRecord } from './audit.queries.ts';
import { billCells, monthsOf } from './bill-cells.ts';

const audit = { periodFrom: '2026-01-01', periodTo: '2026-04-01' } as AuditRecord;
const point: AuditPoint = {
  id: 'p',
  code: 'PRM',
  name: 'Supply',
  carrier: 'electricity',
  siteId: null,
  energyUse: null,
  validFrom: '2026-01-01',
  validTo: null,
};
const bill = (id: string, from: string, to: string, energy_kwh: string): AuditBill => ({
  id,
  deliveryPointId: 'p',
  number: id,
  from,
  to,
  kind: 'bill',
  corrects: null,
  quantity: energy_kwh,
  unit: 'kWh',
  energy_kwh,
  calorificBasis: 'none',
  amount: '31.00',
  currency: 'EUR',
  estimated: false,
});
const cellsOf = (bills: readonly AuditBill[], own: AuditPoint = point) =>
  billCells(own, {
    bills,
    audit,
    matrix: billingMatrix([own], bills, { from: audit.periodFrom, to: audit.periodTo }),
  });

describe('billCells', () => {
  test('a bill over the end of a month is spread by days, and nothing is lost', () => {
    const cells = cellsOf([
      bill('a', '2026-01-01', '2026-02-01', '310'),
      bill('b', '2026-02-01', '2026-04-01', '590'),
    ]);
    expect(cells.map((cell) => cell.energy_kwh)).toEqual(['310.000', '280.000', '310.000']);
    expect(cells.map((cell) => cell.state)).toEqual(['billed', 'billed', 'billed']);
    expect(cells[1]?.billIds).toEqual(['b']);
  });
  test('a month without a bill has no figure, it is not zero', () => {
    expect(cellsOf([bill('a', '2026-01-01', '2026-02-01', '310')])[1]).toEqual({
      month: '2026-02',
      state: 'missing',
      energy_kwh: null,
      amount: null,
      billIds: [],
    });
  });
  test('a month before the point belonged to the entity is outside', () => {
    expect(cellsOf([], { ...point, validFrom: '2026-03-01' }).map((cell) => cell.state)).toEqual([
      'outsideValidity',
      'outsideValidity',
      'missing',
    ]);
  });
});

test('months of a period, over the end of the year', () => {
  expect(monthsOf('2025-11-01', '2026-02-01')).toEqual(['2025-11', '2025-12', '2026-01']);
  expect(monthsOf('2026-01-15', '2026-02-02')).toEqual(['2026-01', '2026-02']);
});
