import type { Bills } from '@wattproof/contracts/api';
import { describe, expect, it } from 'vitest';
import { billedAmounts, countCells, meterDifference } from './billed.ts';

type Point = Bills['deliveryPoints'][number];
type Cell = Point['cells'][number];

const cell = (state: Cell['state'], amount: string | null): Cell => ({
  month: '2026-01',
  state,
  energy_kwh: null,
  amount,
  billIds: [],
});
const point = (id: string, cells: readonly Cell[]): Point => ({
  id,
  legalEntityId: '00000000-0000-4000-8000-000000000001',
  legalEntityName: 'A',
  siteId: null,
  siteName: null,
  carrier: 'gas',
  energyUse: null,
  code: id,
  name: id,
  validFrom: '2020-01-01',
  validTo: null,
  cells: [...cells],
});

describe('billed amounts', () => {
  it('adds cells exactly and keeps currencies apart', () => {
    const points = [
      point('a', [cell('billed', '0.10'), cell('estimated', '0.20'), cell('missing', null)]),
      point('b', [cell('billed', '5.00')]),
    ];
    const bills = [
      { deliveryPointId: 'a', amountExVat: { amount: '0.30', currency: 'EUR' } },
      { deliveryPointId: 'b', amountExVat: { amount: '5.00', currency: 'GBP' } },
    ];
    const sums = billedAmounts(points, bills, 'EUR');
    expect(sums.map((s) => [s.currency, Number(s.amount)])).toEqual([
      ['EUR', 0.3],
      ['GBP', 5],
    ]);
    expect(countCells(points, 'missing')).toBe(1);
  });

  it('has no sum where nothing was billed', () => {
    expect(billedAmounts([point('a', [cell('missing', null)])], [], 'EUR')).toEqual([]);
  });
});

describe('a bill against its meters', () => {
  it('is the share by which the meters lie above or below', () => {
    expect(meterDifference({ energy_kwh: '1000', metered_kwh: '1003.000' })).toBeCloseTo(0.003, 12);
    expect(meterDifference({ energy_kwh: '1000', metered_kwh: '990' })).toBeCloseTo(-0.01, 12);
  });
  it('says nothing without meters or without energy', () => {
    expect(meterDifference({ energy_kwh: '1000', metered_kwh: null })).toBeNull();
    expect(meterDifference({ energy_kwh: '0', metered_kwh: '3' })).toBeNull();
  });
});
