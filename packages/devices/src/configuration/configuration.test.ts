import { describe, expect, it } from 'vitest';
import { findProfile } from '../catalogue.ts';
import { checkPlan } from './check-plan.ts';
import { metersOfSeries } from './meter-series.ts';
import type { ConfigurationPlan, LinePlan, MeterPlan } from './plan.ts';
import { diffPlans, isEmptyDiff } from './plan-diff.ts';

const meter = (key: string, unit: number, more: Partial<MeterPlan> = {}): MeterPlan => ({
  key,
  name: `Meter ${key}`,
  unit,
  product: '0 046 77',
  profileId: 'ime-conto-d2',
  settings: {},
  modules: [],
  supply: null,
  period_s: null,
  carrier: 'electricity',
  energyUse: null,
  measurand: 'active_energy_import_wh',
  zoneId: null,
  circuitId: null,
  ...more,
});
const line = (meters: readonly MeterPlan[], more: Partial<LinePlan> = {}): LinePlan => ({
  key: 'A',
  name: 'Line A',
  place: { kind: 'serial', path: '/dev/ttyS0' },
  wire: { mode: 'rtu', baud: 9600, parity: 'none', stopBits: 1, length_m: 300, repeaters: 0 },
  timeout_ms: 300,
  meters,
  ...more,
});
const plan = (...lines: LinePlan[]): ConfigurationPlan => ({ pollPeriod_s: 10, lines });
const found = (checked: ConfigurationPlan): string[] =>
  checkPlan(checked, findProfile).findings.map(
    (f) => `${f.severity} ${f.code} ${f.line ?? '-'} ${f.meters.join('+') || '-'} ${f.field}`,
  );

describe('a plan of a gateway', () => {
  it('is right when nothing speaks against it, and has a forecast for each line', () => {
    const good = plan(line([meter('M1', 1), meter('M2', 2)]));
    expect(found(good)).toEqual([]);
    expect(checkPlan(good, findProfile).forecasts.get('A')?.devices).toHaveLength(2);
  });

  it('is refused with line, meter, field and reason', () => {
    expect(found(plan(line([meter('M1', 1), meter('M1', 1)])))).toEqual([
      'error keyTwice A M1 key',
      'error duplicateAddress A M1+M1 unit',
    ]);
    expect(found(plan(line([]), line([], { key: 'B' })))).toEqual(['error placeTwice B - place']);
    expect(found(plan(line([meter('M1', 1, { profileId: 'none' })])))).toEqual([
      'error unknownProfile A M1 profileId',
    ]);
    expect(found(plan(line([meter('M1', 1, { product: '0 046 70' })])))).toEqual([
      'error noModbus A M1 product',
    ]);
    expect(found(plan(line([meter('M1', 1, { settings: { ct_ration: 20 } })])))).toEqual([
      'error unknownSetting A M1 settings.ct_ration',
    ]);
    expect(found(plan(line([meter('M1', 1, { measurand: 'volume_l' })])))).toEqual([
      'error notDelivered A M1 measurand',
    ]);
    expect(found(plan(line([meter('M1', 1)], { wire: null })))).toEqual(['error wireMissing A - wire']);
  });

  it('knows what the devices of a line do not share, and how many it takes', () => {
    const wire = {
      mode: 'rtu',
      baud: 38_400,
      parity: 'none',
      stopBits: 1,
      length_m: 1200,
      repeaters: 0,
    } as const;
    expect(found(plan(line([meter('M1', 1)], { wire })))).toEqual([
      'error lineTooLong A - wire.length_m',
      'error baudNotOffered A M1 wire.baud',
    ]);
    // Of a family, without a product, it is an indication.
    expect(
      found(plan(line([meter('M1', 1, { product: null })], { wire: { ...wire, length_m: 10 } }))),
    ).toEqual(['warning baudNotOffered A M1 wire.baud']);
    const many = metersOfSeries({
      template: meter('', 0),
      keyPattern: 'M##',
      namePattern: 'Flat #',
      count: 33,
      firstNumber: 1,
      firstAddress: 1,
    });
    expect(many[8]).toMatchObject({ key: 'M09', name: 'Flat 9', unit: 9 });
    expect(found({ ...plan(line(many)), pollPeriod_s: 60 })).toEqual(['error tooManyDevices A - meters']);
    expect(found({ ...plan(line(many.slice(0, 32))), pollPeriod_s: 1 })).toContain(
      'error overloaded A - pollPeriod_s',
    );
  });

  it('applies the rules of slots and supplies', () => {
    const unit = (slot: 'A' | 'B'): MeterPlan =>
      meter('U', 5, {
        product: '4 120 53',
        profileId: 'ime-nemo-96hd',
        modules: [{ slot, catalogueNumber: '4 120 55' }],
      });
    expect(found(plan(line([unit('A')])))).toEqual([]);
    expect(found(plan(line([unit('B')])))[0]).toBe('error moduleRule A U modules');
    expect(found(plan(line([{ ...unit('A'), profileId: 'control-unit-memory' }])))).toEqual([
      'warning memoryMissing A U modules',
    ]);
    const fed = (key: string, n: number, mp: 'mp4' | 'mp6'): MeterPlan =>
      meter(key, n, {
        product: '0 288 00',
        profileId: 'breaker-dpx3',
        measurand: null,
        supply: { name: 'PS1', unit: mp },
      });
    expect(
      found(plan(line([fed('B1', 1, 'mp4'), fed('B2', 2, 'mp6')]))).filter((f) => f.includes('supply')),
    ).toEqual(['error supplyRule A B1+B2 supply']);
  });
});

describe('pulses', () => {
  const settings = { input: 1, input_type: 1, pulse_weight: 1, pulse_duration_ms: 100 };
  const pulses = (more: Record<string, number>, name = 'P'): MeterPlan =>
    meter(name, 9, {
      product: '4 120 65',
      profileId: 'legrand-concentrator',
      settings: { ...settings, ...more },
    });

  it('are held against the largest current of their source', () => {
    // 63 A three-phase: 43 470 W, a pulse of 1 Wh every 82.8 ms.
    expect(found(plan(line([pulses({ current_a_max: 63 })])))).toEqual([
      'error pulseTooLong A P settings.pulse_weight',
    ]);
    expect(found(plan(line([pulses({ current_a_max: 63, phases: 1 })])))).toEqual([]);
    expect(found(plan(line([pulses({ current_a_max: 63, phases: 2 })])))).toContain(
      'error badSetting A P settings.phases',
    );
    expect(found(plan(line([meter('M', 1, { settings: { start_index: 5 } })])))).toEqual([
      'error unknownSetting A M settings.start_index',
    ]);
  });

  it('may have two tariffs, told by the contact of an input that counts nothing itself', () => {
    expect(
      found(plan(line([pulses({ tariff_input: 2, start_index_tariff_1: 700, start_count_tariff_1: 3 })]))),
    ).toEqual([]);
    const field = 'settings.tariff_input';
    expect(found(plan(line([pulses({ tariff_input: 1 })])))).toEqual([`error tariffOwnInput A P ${field}`]);
    expect(found(plan(line([pulses({ tariff_input: 2, input_type: 2 })])))).toContain(
      `error tariffNotElectric A P ${field}`,
    );
    expect(found(plan(line([pulses({ tariff_input: 2 }), pulses({ input: 2 }, 'Q')])))).toEqual([
      `error tariffInputCounts A P ${field}`,
    ]);
  });
});

describe('what a plan changes', () => {
  const before = plan(line([meter('M1', 1), meter('M2', 2), meter('M3', 3)]));

  it('is nothing against itself', () => {
    expect(isEmptyDiff(diffPlans(before, before))).toBe(true);
  });

  it('is told by line and meter, with what it means for their series', () => {
    const after = plan(
      line([meter('M1', 1, { settings: { ct_ratio: 20 } }), meter('M2', 7), meter('M4', 4)], {
        timeout_ms: 500,
      }),
    );
    const diff = diffPlans(before, { ...after, pollPeriod_s: 30 });
    expect(diff.gateway).toEqual([{ field: 'pollPeriod_s', before: 10, after: 30 }]);
    expect(diff.lines).toEqual([
      {
        kind: 'changed',
        key: 'A',
        name: 'Line A',
        fields: [{ field: 'timeout_ms', before: 300, after: 500 }],
      },
    ]);
    expect(diff.meters.map((m) => [m.kind, m.key, m.effect, m.fields.map((f) => f.field).join()])).toEqual([
      ['changed', 'M1', 'scaled', 'settings.ct_ratio'],
      ['changed', 'M2', 'otherDevice', 'unit'],
      ['added', 'M4', 'begins', ''],
      ['removed', 'M3', 'ends', ''],
    ]);
  });
});

describe('a series of meters', () => {
  it('needs a number in its key', () => {
    const series = { template: meter('', 0), namePattern: 'x', count: 2, firstNumber: 1, firstAddress: 1 };
    expect(() => metersOfSeries({ ...series, keyPattern: 'M' })).toThrow('its own');
    expect(() => metersOfSeries({ ...series, keyPattern: 'M#', count: 2001 })).toThrow(RangeError);
    expect(metersOfSeries({ ...series, keyPattern: 'M@' }).map((m) => m.key)).toEqual(['M1', 'M2']);
  });
});
