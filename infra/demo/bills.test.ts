import { demoPlant, plantModelOf } from '@wattproof/simulator';
import { describe, expect, it } from 'vitest';
import { billsCsv, billsOf, fleetCode, monthsBetween } from './bills.ts';
import { demoClock } from './demo-clock.ts';

const hour_ms = 3_600_000;
const now_ms = Date.parse('2026-11-22T10:00:00Z');

describe('the clock of a demo', () => {
  it('has a baseline of twelve months and two reporting months in fourteen', () => {
    const clock = demoClock(now_ms, 14);
    expect(clock.baselineFrom).toBe('2025-09-01');
    expect(clock.reportingFrom).toBe('2026-09-01');
    expect(clock.reportingFrom_ms).toBe(Date.parse('2026-09-01T00:00:00+02:00'));
    expect([clock.auditFrom, clock.auditTo]).toEqual(['2025-11-01', '2026-11-01']);
    expect(clock.plantStart_ms).toBe(clock.historyFrom_ms);
  });

  it('begins its plant early enough for a year of bills when the history is short', () => {
    const clock = demoClock(now_ms, 3);
    expect(clock.baselineFrom).toBe('2026-08-01');
    expect(clock.reportingFrom).toBe('2026-10-01');
    expect(new Date(clock.plantStart_ms).toISOString()).toBe('2025-09-30T22:00:00.000Z');
  });

  it('refuses a history without a month to compare', () => {
    expect(() => demoClock(now_ms, 1)).toThrow('2 to 36');
  });
});

describe('bills', () => {
  const plant = demoPlant({
    seed: 42,
    start_ms: Date.UTC(2025, 11, 1) - hour_ms,
    reportingFrom_ms: Date.UTC(2026, 1, 1) - hour_ms,
  });
  const model = plantModelOf(plant);
  const belleroche = plant.organisations[0];
  if (!belleroche) throw new Error('no organisation');
  const months = monthsBetween('2025-12-01', '2026-03-01');

  it('come once a month for each delivery point', () => {
    expect(months).toEqual(['2025-12-01', '2026-01-01', '2026-02-01']);
    const [france] = belleroche.legalEntities;
    if (!france) throw new Error('no legal entity');
    const bills = billsOf(belleroche, france, { months, modelOf: model.site });
    expect(bills).toHaveLength(3 * 6);
    expect(new Set(bills.map((b) => b.number)).size).toBe(bills.length);
    expect(bills.filter((b) => b.deliveryPoint === fleetCode(france))).toHaveLength(3);
  });

  it('state what the site took, within the supplier’s meter, at the contract’s prices line by line', () => {
    const [france] = belleroche.legalEntities;
    if (!france) throw new Error('no legal entity');
    const bill = billsOf(belleroche, france, { months: ['2026-01-01'], modelOf: model.site })[0];
    if (!bill) throw new Error('no bill');
    const from = Date.parse('2026-01-01T00:00:00+01:00');
    const truth = model.site('laval').truth(from, Date.parse('2026-02-01T00:00:00+01:00'));
    const quantity = Number(bill.quantity);
    expect(Math.abs(quantity / (truth.electricity_wh / 1000) - 1)).toBeLessThan(0.0021);
    const cents = (price: number): number => Math.round(quantity * price * 100);
    const sum = cents(0.0812) + cents(0.0216) + cents(0.0205) + 214_000;
    expect(Math.round(Number(bill.amountExVat) * 100)).toBe(sum);
    expect(bill.periodTo).toBe('2026-02-01');
  });

  it('make a file with one row each', () => {
    const [, , spain] = belleroche.legalEntities;
    if (!spain) throw new Error('no legal entity');
    const text = billsCsv(billsOf(belleroche, spain, { months, modelOf: model.site }));
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 3 * 3);
    expect(lines[0]).toBe(
      'delivery_point,number,period_from,period_to,quantity,unit,amount_ex_vat,currency,estimated',
    );
    for (const line of lines) expect(line.split(',')).toHaveLength(9);
  });
});
