import {
  type HarmonicChannel,
  harmonicName,
  harmonicOrders,
  tariffName,
  tariffNumbers,
} from '@wattproof/energy';
import type { DeviceProfile, Point } from '../profile.ts';
import { imeNemo96hd } from './ime-nemo-96hd.ts';

const absent = [0xffff];
const absentLong = [0xffffffff];

/** As far as the guide says that these units tell harmonics over RS485. */
const orders = harmonicOrders.filter((order) => order <= 25);
const channels: readonly HarmonicChannel[] = [
  'voltage_l1',
  'voltage_l2',
  'voltage_l3',
  'current_l1',
  'current_l2',
  'current_l3',
];

/** One channel after the other, each with its orders from 2 on. */
const harmonics = channels.flatMap((channel, c) =>
  orders.map(
    (order, o): Point => ({
      key: `harmonic_${channel}_${order}`,
      address: 0x1100 + c * orders.length + o,
      type: 'u16',
      scale: { divide: 10 },
      notAvailable: absent,
      measurand: harmonicName(channel, order),
    }),
  ),
);

/** Counters scale as the unit's total does. */
const energy = imeNemo96hd.points.find((point) => point.key === 'energy_import');

const tariffs = tariffNumbers.slice(0, 4).map(
  (tariff, i): Point => ({
    ...energy,
    key: `energy_tariff_${tariff}`,
    address: 0x1080 + 2 * i,
    type: 'u32',
    notAvailable: absentLong,
    measurand: tariffName(tariff),
  }),
);

/** Module 4 120 57: what its two inputs see and its two relays show. */
const contacts = ([1, 2] as const).flatMap((n): Point[] => [
  {
    key: `input_${n}`,
    address: 0x1088 + n - 1,
    type: 'u16',
    notAvailable: absent,
    range: { min: 0, max: 1 },
    measurand: `digital_input_${n}`,
  },
  {
    key: `output_${n}`,
    address: 0x108a + n - 1,
    type: 'u16',
    notAvailable: absent,
    range: { min: 0, max: 1 },
    measurand: `digital_output_${n}`,
  },
]);

/** A control unit with what its modules add: energy by tariff, harmonics by order, inputs and outputs. */
export const controlUnitModules: DeviceProfile = {
  ...imeNemo96hd,
  id: 'control-unit-modules',
  maker: 'Legrand',
  models: ['4 120 51', '4 120 53'],
  title: 'Control unit with tariffs, harmonics by order, inputs and outputs',
  source: `${imeNemo96hd.source}; tariffs, harmonics and contacts as functions in the guide p. 34–37, no register table is published`,
  trust: 'documented',
  notice:
    'Registers 1080h–118Fh are our layout, not seen on hardware. Upload the table of the maker to read a real unit.',
  identity: { point: 'device_id', equals: 0x51 },
  points: [
    ...imeNemo96hd.points.map((point) => (point.key === 'device_id' ? { ...point, initial: 0x51 } : point)),
    ...tariffs,
    ...contacts,
    ...harmonics,
  ],
};
