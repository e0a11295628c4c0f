import { expect, test } from 'vitest';
import { findMeasurand, findMeasurandById, measurandOf, measurands } from './measurand.ts';
import { rareSubject } from './rare-measurand.ts';
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
    isRare: false,
  });
  expect(findMeasurand('harmonic_current_l1_5_percent')).toEqual({
    name: 'harmonic_current_l1_5_percent',
    id: 1305,
    kind: 'gauge',
    unit: '%',
    isRare: true,
  });
  expect(findMeasurandById(1050)?.name).toBe('harmonic_voltage_l1_50_percent');
  expect(findMeasurandById(204)?.name).toBe('active_energy_tariff_4_wh');
  expect(findMeasurandById(324)?.name).toBe('digital_input_24');
  expect(findMeasurandById(348)?.name).toBe('digital_output_8');
  expect(findMeasurandById(20)?.name).toBe('active_power_w');
  expect(findMeasurandById(54)?.name).toBe('breaker_position');
  expect(findMeasurand('active_energy_kwh')).toBeUndefined();
});

test('a rare measurand is told by its name, and only a rare one', () => {
  expect(rareSubject('harmonic_current_n_25_percent')).toEqual({
    of: 'harmonic',
    channel: 'current_n',
    order: 25,
  });
  expect(rareSubject('active_energy_tariff_2_wh')).toEqual({ of: 'tariff', number: 2 });
  expect(rareSubject('digital_output_3')).toEqual({ of: 'output', number: 3 });
  for (const { name, isRare } of measurands) expect(rareSubject(name) !== undefined, name).toBe(isRare);
});

test('quality codes are positions, best first', () => {
  expect(intervalQualities.map(intervalQualityCode)).toEqual([0, 1, 2, 3, 4]);
  expect(intervalQualityCode('missing')).toBe(4);
  expect(readingQualities.map(readingQualityCode)).toEqual(readingQualities.map((_, i) => i));
  expect(readingQualityCode('good')).toBe(0);
});
