import { expect, test } from 'vitest';
import { findMeasurand, findMeasurandById, measurandOf, measurands } from './measurand.ts';
import {
  intervalQualities,
  intervalQualityCode,
  readingQualities,
  readingQualityCode,
} from './vocabulary.ts';

const suffixOf = {
  Wh: 'wh',
  varh: 'varh',
  VAh: 'vah',
  W: 'w',
  var: 'var',
  VA: 'va',
  V: 'v',
  A: 'a',
  Hz: 'hz',
  '%': 'percent',
  '°C': 'c',
  l: 'l',
  s: 's',
  g: 'g',
} as const;

test('names and permanent numbers are unique', () => {
  expect(new Set(measurands.map((m) => m.name)).size).toBe(measurands.length);
  expect(new Set(measurands.map((m) => m.id)).size).toBe(measurands.length);
});

test('a name says its unit', () => {
  for (const { name, unit } of measurands) {
    if (unit === '1') continue;
    expect(name.replace(/_max$/, '')).toMatch(new RegExp(`_${suffixOf[unit]}$`));
  }
});

test('numbers that are stored in intervals never change', () => {
  expect(measurandOf('active_energy_import_wh')).toEqual({
    name: 'active_energy_import_wh',
    id: 1,
    kind: 'counter',
    unit: 'Wh',
  });
  expect(findMeasurandById(20)?.name).toBe('active_power_w');
  expect(findMeasurandById(54)?.name).toBe('breaker_position');
  expect(findMeasurand('active_energy_kwh')).toBeUndefined();
});

test('quality codes are positions, best first', () => {
  expect(intervalQualities.map(intervalQualityCode)).toEqual([0, 1, 2, 3, 4]);
  expect(intervalQualityCode('missing')).toBe(4);
  expect(readingQualities.map(readingQualityCode)).toEqual(readingQualities.map((_, i) => i));
  expect(readingQualityCode('good')).toBe(0);
});
