import { expect, test } from 'vitest';
import { coolingDegreeDay, degreeDay, degreeDayConventions, heatingDegreeDay } from './degree-day.ts';

const by = (id: string) => {
  const found = degreeDayConventions.find((c) => c.id === id);
  if (!found) throw new Error(`No convention ${id}`);
  return found;
};
const day = (mean_c: number, min_c = mean_c - 5, max_c = mean_c + 5) => ({ mean_c, min_c, max_c });

test('conventions differ on one and the same day', () => {
  const mild = day(15, 9, 19);
  expect(degreeDay(by('eurostatHeating'), mild)).toBe(3);
  expect(degreeDay(by('germanG20_15'), mild)).toBe(0);
  expect(degreeDay(by('frenchDju18'), mild)).toBe(4);
});

test.each([
  ['eurostatHeating', 15.1, 0],
  ['eurostatHeating', -4, 22],
  ['eurostatCooling', 23.9, 0],
  ['eurostatCooling', 24, 3],
  ['germanG20_15', 14.5, 5.5],
  ['frenchDju18', 20, 0],
])('%s at %f °C gives %f', (id, mean_c, expected) => {
  expect(degreeDay(by(id), day(mean_c))).toBeCloseTo(expected, 12);
});

test('a base temperature of a model has no dead zone', () => {
  expect(heatingDegreeDay(15, 12)).toBe(3);
  expect(heatingDegreeDay(15, 15.5)).toBe(0);
  expect(coolingDegreeDay(18, 20.5)).toBe(2.5);
});

test('an unknown temperature gives no degree days, not zero', () => {
  expect(degreeDay(by('eurostatHeating'), { mean_c: Number.NaN, min_c: 1, max_c: 2 })).toBeNaN();
  expect(heatingDegreeDay(15, Number.NaN)).toBeNaN();
});
