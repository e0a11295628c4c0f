import { describe, expect, test } from 'vitest';
import { intervalMeasurands, type MeasuredMeter } from './interval-measurand.ts';

const names = (meter: Partial<MeasuredMeter>): string[] =>
  intervalMeasurands({
    role: 'use',
    carrier: 'electricity',
    measurand: 'active_energy_import_wh',
    settings: {},
    ...meter,
  }).map((m) => m.name);

describe('intervalMeasurands', () => {
  test('a use has its counter only', () => {
    expect(names({})).toEqual(['active_energy_import_wh']);
  });
  test('a supply of electricity has export, reactive energy and power besides', () => {
    expect(names({ role: 'main' })).toEqual([
      'active_energy_import_wh',
      'active_energy_export_wh',
      'reactive_energy_import_varh',
      'active_power_w',
    ]);
  });
  test('a gas supply has its volume only, a breaker nothing', () => {
    expect(names({ role: 'main', carrier: 'gas', measurand: 'volume_l' })).toEqual(['volume_l']);
    expect(names({ role: 'breaker', measurand: null })).toEqual([]);
  });
  test('weather has its temperatures', () => {
    expect(names({ role: 'variable', measurand: null })).toEqual(['outdoor_temperature_c', 'temperature_c']);
  });
  test('settings override the choice, unknown names are left out, none twice', () => {
    expect(names({ settings: { intervalMeasurands: ['frequency_hz', 'nonsense'] } })).toEqual([
      'frequency_hz',
    ]);
    expect(names({ role: 'variable', measurand: 'outdoor_temperature_c' })).toEqual([
      'outdoor_temperature_c',
      'temperature_c',
    ]);
  });
});
