import { expect, test } from 'vitest';
import {
  type CarbonFactor,
  carbonFactor,
  carbonFactors,
  carbonTotal_kg,
  primaryEnergy_kwh,
  primaryFactor,
  primaryFactors,
} from './energy-factor.ts';

const electricity = { carrier: 'electricity', place: 'EU', basis: 'none' } as const;

test('primary energy by the factor of the day', () => {
  const at = (date: string) => {
    const found = primaryFactor({ ...electricity, date });
    return found.ok ? primaryEnergy_kwh('1000', found.factor) : found.disqualifications[0]?.code;
  };
  expect(Number(at('2018-12-23'))).toBe(2500);
  expect(Number(at('2018-12-24'))).toBe(2100);
  expect(Number(at('2023-05-03'))).toBe(2100);
  expect(Number(at('2026-01-01'))).toBe(1900);
  expect(at('2010-01-01')).toBe('noEnergyFactor');
});

test('a factor that was not checked says so, two for one day are refused', () => {
  const wish = { ...electricity, date: '2026-01-01' };
  const found = primaryFactor(wish);
  expect(found.ok && found.warnings.map(({ code }) => code)).toEqual(['factorNotVerified']);
  const last = primaryFactors.at(-1);
  if (!last) throw new Error('no factor');
  expect(primaryFactor(wish, [last, { ...last, id: 'other' }])).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'energyFactorsOverlap', data: { ids: ['eu-electricity-2023', 'other'] } }],
  });
});

test('carbon of one account is added, of two is refused', () => {
  const [location] = carbonFactors;
  if (!location) throw new Error('no factor');
  const market: CarbonFactor = { ...location, id: 'contract', account: 'market', kgPerKwh: '0' };
  const part = (factor: CarbonFactor) => ({ name: factor.id, energy_kwh: '1000.5', factor });
  const sum = carbonTotal_kg([part(location), part(location)]);
  expect(sum.ok && Number(sum.carbon_kg)).toBeCloseTo(726.363, 9);
  expect(carbonTotal_kg([part(location), part(market)])).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'carbonMixed', data: { what: 'account', values: ['location', 'market'] } }],
  });
  const wish = {
    carrier: 'electricity',
    place: 'DE',
    basis: 'none',
    date: '2024-07-01',
    scope: 'direct',
  } as const;
  expect(carbonFactor({ ...wish, account: 'location' })).toMatchObject({
    ok: true,
    factor: { id: location.id },
  });
  expect(carbonFactor({ ...wish, account: 'market' })).toMatchObject({ ok: false });
});
