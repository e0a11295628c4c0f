import { expect, test } from 'vitest';
import {
  commonBasis,
  type FuelFactor,
  fuelEnergy_kwh,
  fuelFactor,
  fuelFactors,
  gasEnergy_kwh,
} from './fuel.ts';
import { compareDecimal, divideDecimal } from './money.ts';

const factorOf = (id: string): FuelFactor => {
  const found = fuelFactors.find((f) => f.id === id);
  if (!found) throw new Error(`No factor ${id}`);
  return found;
};

test('gas of a bill is volume × conversion factor × calorific value, exactly', () => {
  expect(
    gasEnergy_kwh({ volume_m3: '1234.5', conversionFactor: '0.9672', calorificValue_kwhPerM3: '11.487' }),
  ).toBe('13715.57449080');
});

test('a quantity is converted without rounding', () => {
  expect(fuelEnergy_kwh('1000', factorOf('diesel-l-ncv'))).toBe('9870.00');
  expect(fuelEnergy_kwh('0.333', factorOf('gas-m3-gcv'))).toBe('3.7296');
});

test('every fuel has a gross and a net factor, the gross one larger by 5 to 13 percent', () => {
  for (const net of fuelFactors.filter((f) => f.basis === 'net')) {
    const gross = fuelFactors.find(
      (f) => f.carrier === net.carrier && f.unit === net.unit && f.basis === 'gross',
    );
    const ratio = divideDecimal(gross?.kwhPerUnit ?? '0', net.kwhPerUnit, {
      digits: 6,
      rounding: 'halfEven',
    });
    expect([compareDecimal(ratio, '1.05'), compareDecimal(ratio, '1.13')]).toEqual([1, -1]);
  }
});

test('the factor in force on the date is found, with its basis', () => {
  const dated: FuelFactor[] = [
    { ...factorOf('diesel-l-ncv'), id: 'old', effectiveTo: '2026-01-01' },
    { ...factorOf('diesel-l-ncv'), id: 'new', effectiveFrom: '2026-01-01' },
  ];
  const at = (date: string) => fuelFactor({ carrier: 'diesel', unit: 'l', basis: 'net', date }, dated);
  expect(at('2025-12-31')).toMatchObject({ factor: { id: 'old' } });
  expect(at('2026-01-01')).toMatchObject({ factor: { id: 'new' } });
  expect(fuelFactor({ carrier: 'diesel', unit: 'm³', basis: 'net', date: '2026-01-01' })).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'noFuelFactor' }],
  });
});

test('gross and net are not added', () => {
  expect(commonBasis(['gross', 'none', 'gross'])).toEqual({ ok: true, basis: 'gross' });
  expect(commonBasis(['none'])).toEqual({ ok: true, basis: 'none' });
  expect(commonBasis(['gross', 'net'])).toMatchObject({
    disqualifications: [{ code: 'calorificBasisMixed' }],
  });
});
