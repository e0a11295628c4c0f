import { expect, test } from 'vitest';
import {
  saturatedEnthalpy,
  saturationPressure_mpa,
  saturationTemperature_k,
  steamEnergy_wh,
  waterEnthalpy,
} from './steam.ts';

const enthalpy = (found: ReturnType<typeof waterEnthalpy>): number => {
  if (!found.ok) throw new Error(JSON.stringify(found.disqualifications));
  return found.enthalpy_kj_per_kg;
};
const code = (found: ReturnType<typeof waterEnthalpy>) =>
  found.ok ? null : found.disqualifications[0]?.code;

test('saturation pressure and temperature are each other backwards', () => {
  for (let k = 274; k < 647; k += 7)
    expect(saturationTemperature_k(saturationPressure_mpa(k))).toBeCloseTo(k, 4);
});

test('a plant boiler: a tonne of dry steam at 10 bar from feed water at 105 °C', () => {
  // Steam tables: h″(1 MPa) = 2777.1, h(105 °C, 1 MPa) = 440.9 kJ/kg, 649 kWh a tonne.
  const supplied = enthalpy(saturatedEnthalpy(1, 1));
  const returned = enthalpy(waterEnthalpy({ pressure_mpa: 1, temperature_c: 105 }));
  expect(supplied).toBeCloseTo(2777.1, 0);
  expect(returned).toBeCloseTo(440.9, 0);
  expect(
    steamEnergy_wh(1000, { supplied_kj_per_kg: supplied, returned_kj_per_kg: returned }) / 1000,
  ).toBeCloseTo(649, 0);
});

test('wet steam lies between water and dry steam; superheated above', () => {
  const [water, wet, dry] = [0, 0.95, 1].map((x) => enthalpy(saturatedEnthalpy(0.8, x)));
  expect(wet).toBeCloseTo(0.05 * (water ?? 0) + 0.95 * (dry ?? 0), 9);
  expect(enthalpy(waterEnthalpy({ pressure_mpa: 0.8, temperature_c: 250 }))).toBeGreaterThan(dry ?? 0);
});

test('what the tables do not cover is refused', () => {
  expect(code(waterEnthalpy({ pressure_mpa: 0, temperature_c: 100 }))).toBe('steamOutOfRange');
  expect(code(waterEnthalpy({ pressure_mpa: 1, temperature_c: -5 }))).toBe('steamOutOfRange');
  expect(code(waterEnthalpy({ pressure_mpa: 1, temperature_c: 900 }))).toBe('steamOutOfRange');
  expect(code(waterEnthalpy({ pressure_mpa: 25, temperature_c: 380 }))).toBe('steamNearCritical');
  expect(code(waterEnthalpy({ pressure_mpa: Number.NaN, temperature_c: 380 }))).toBe('steamOutOfRange');
  expect(code(saturatedEnthalpy(20, 1))).toBe('steamOutOfRange');
  expect(code(saturatedEnthalpy(1, 1.2))).toBe('steamShareOutOfRange');
});
