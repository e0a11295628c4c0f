import { tariffName } from '@wattproof/energy';
import { concentratorCommunication } from '../communication.ts';
import type { DeviceProfile, MeasurandChoice, Point } from '../profile.ts';

/** What an input counts: content of its type register (0 = not in use). */
export const pulseInputTypes = {
  electricity: 1,
  volume: 2,
  heat: 3,
  production: 4,
  operatingTime: 5,
  reactive: 6,
} as const;

const counted: MeasurandChoice = {
  from: 'input_type',
  choices: {
    [pulseInputTypes.electricity]: 'active_energy_import_wh',
    [pulseInputTypes.volume]: 'volume_l',
    [pulseInputTypes.heat]: 'thermal_energy_wh',
    [pulseInputTypes.production]: 'production_g',
    [pulseInputTypes.operatingTime]: 'operating_time_s',
    [pulseInputTypes.reactive]: 'reactive_energy_import_varh',
  },
};

const inputNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

/** Tariffs that a contact tells apart: open and closed. */
const tariffs = [1, 2] as const;

/** What was counted while a tariff was in force; not in use where no input tells the tariff. */
const countedIn = (tariff: (typeof tariffs)[number]): MeasurandChoice => ({
  from: 'tariff_input',
  choices: Object.fromEntries(inputNumbers.map((input) => [input, tariffName(tariff)])),
});

/**
 * Points of one input. Counts of all inputs stand together at 0100h, each input's settings at 0140h + 8 (n − 1), and what
 * it counted in each tariff at 01A0h + 4 (n − 1). A count is worth `pulse_weight × KTA × KTV` base units (Wh, l, g, s,
 * varh). `tariff_input` is the input whose contact tells the tariff: open is the first, closed the second; 0 is none.
 */
function inputPoints(input: number): Point[] {
  const settings = 0x0140 + 8 * (input - 1);
  return [
    {
      key: 'count',
      input,
      address: 0x0100 + 2 * (input - 1),
      type: 'u32',
      scale: { timesPoints: ['pulse_weight', 'ct_ratio', 'vt_ratio'] },
      measurand: counted,
      countsPulses: true,
    },
    {
      key: 'input_type',
      input,
      address: settings,
      type: 'u16',
      writable: true,
      allowed: [0, ...Object.values(pulseInputTypes)],
      initial: 0,
    },
    {
      key: 'pulse_weight',
      input,
      address: settings + 1,
      type: 'u32',
      scale: { divide: 1000 },
      writable: true,
      range: { min: 0.001, max: 4_000_000 },
      initial: 1,
    },
    {
      key: 'ct_ratio',
      input,
      address: settings + 3,
      type: 'u16',
      writable: true,
      range: { min: 1, max: 9999 },
      initial: 1,
    },
    {
      key: 'vt_ratio',
      input,
      address: settings + 4,
      type: 'u16',
      scale: { divide: 10 },
      writable: true,
      range: { min: 1, max: 6000 },
      initial: 1,
    },
    {
      key: 'off_time_ms',
      input,
      address: settings + 5,
      type: 'u16',
      writable: true,
      range: { min: 10, max: 10_000 },
      initial: 50,
    },
    { key: 'contact', input, address: settings + 6, type: 'u16', initial: 0 },
    {
      key: 'tariff_input',
      input,
      address: settings + 7,
      type: 'u16',
      writable: true,
      range: { min: 0, max: 12 },
      initial: 0,
    },
    ...tariffs.map(
      (tariff, i): Point => ({
        key: `count_tariff_${tariff}`,
        input,
        address: 0x01a0 + 4 * (input - 1) + 2 * i,
        type: 'u32',
        scale: { timesPoints: ['pulse_weight', 'ct_ratio', 'vt_ratio'] },
        measurand: countedIn(tariff),
        countsPulses: true,
      }),
    ),
  ];
}

/** Pulse concentrator: twelve inputs of any carrier, each a meter of its own. */
export const legrandConcentrator: DeviceProfile = {
  id: 'legrand-concentrator',
  maker: 'Legrand',
  models: ['4 120 65'],
  title: 'Pulse concentrator, 12 inputs',
  source:
    'Functions as in the guide (types, weight, KTA, KTV, OFF time per input; tariffs by a contact as on its meters); no register table is published',
  trust: 'documented',
  verified: false,
  notice: 'Our layout, not seen on hardware.',
  functionCode: 3,
  communication: concentratorCommunication,
  limits: { maxWords: 125, minimumGap_ms: 20, unreadable: [] },
  identity: { point: 'device_id', equals: 0x41 },
  points: [
    { key: 'device_id', address: 0x00ff, type: 'u16', initial: 0x41 },
    ...inputNumbers.flatMap(inputPoints),
  ],
};
