import { expect, test } from 'vitest';
import type { MeterValue } from './meter-value.ts';
import { contactValues, isPlain, spectraOf, tariffRows } from './rare-value.ts';

const shares = { measured: 1, interpolated: 0, estimated: 0, manual: 0, missing: 0 };
const value = (measurand: string, now: number, delta: number | null = null): [string, MeterValue] => [
  measurand,
  {
    measurand,
    kind: measurand.endsWith('_wh') ? 'counter' : 'gauge',
    now: { value: now, at: `2026-11-19T13:00:0${now % 2}Z`, quality: 'good' },
    statistic:
      delta === null
        ? null
        : {
            measurand,
            unit: 'Wh',
            kind: 'counter',
            last: null,
            min: null,
            max: null,
            mean: null,
            delta,
            source: 'readings',
            shares,
          },
  },
];

test('a spectrum has every order once, with a gap where a phase does not tell it', () => {
  const values = new Map([
    value('harmonic_voltage_l1_5_percent', 2),
    value('harmonic_current_l2_5_percent', 31),
    value('harmonic_current_l1_7_percent', 12),
    value('harmonic_current_l1_5_percent', 30),
    value('active_power_w', 4_000),
  ]);
  expect(spectraOf(values)).toEqual([
    {
      quantity: 'current',
      orders: [5, 7],
      channels: [
        { channel: 'current_l2', phase: 'L2', value: [31, null] },
        { channel: 'current_l1', phase: 'L1', value: [30, 12] },
      ],
      at: '2026-11-19T13:00:00Z',
    },
    {
      quantity: 'voltage',
      orders: [5],
      channels: [{ channel: 'voltage_l1', phase: 'L1', value: [2] }],
      at: '2026-11-19T13:00:00Z',
    },
  ]);
  expect([...values.values()].filter(isPlain).map((v) => v.measurand)).toEqual(['active_power_w']);
});

test('tariffs have shares only where all of them are known', () => {
  const of = (second: number | null) =>
    tariffRows(
      new Map([
        value('active_energy_tariff_1_wh', 7_000, 3_000),
        value('active_energy_tariff_2_wh', 5_000, second),
      ]),
    ).map((row) => [row.number, row.counted, row.share]);
  expect(of(1_000)).toEqual([
    [1, 3_000, 0.75],
    [2, 1_000, 0.25],
  ]);
  expect(of(null)).toEqual([
    [1, 3_000, null],
    [2, null, null],
  ]);
});

test('contacts are inputs and outputs', () => {
  const values = new Map([
    value('digital_output_1', 1),
    value('digital_input_2', 0),
    value('frequency_hz', 50),
  ]);
  expect(contactValues(values).map((v) => v.measurand)).toEqual(['digital_output_1', 'digital_input_2']);
});
