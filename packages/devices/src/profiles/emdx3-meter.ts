import { meterCommunication } from '../communication.ts';
import type { DeviceProfile, Point } from '../profile.ts';

const absent = [0xffffffff];
const absentSigned = [0x7fffffff];
const milli = { divide: 1000 } as const;

/** Meters whose register tables are not published: a layout of ours, until somebody uploads the maker's. */
export const emdx3Meter: DeviceProfile = {
  id: 'emdx3-meter',
  maker: 'Legrand',
  models: ['4 120 69', '0 046 80', '0 046 83', '0 046 84', '0 046 86'],
  title: 'EMDX³ meter',
  source: 'Measurands as in the guide p. 29; no register table is published',
  trust: 'documented',
  verified: false,
  notice: 'Our layout, not seen on hardware. Upload the table of the maker to read a real meter.',
  functionCode: 3,
  limits: { maxWords: 96, minimumGap_ms: 20, unreadable: [] },
  communication: meterCommunication,
  identity: { point: 'device_id', equals: 0x46 },
  points: [
    { key: 'device_id', address: 0x3000, type: 'u16', initial: 0x46 },
    ...([1, 2, 3] as const).flatMap((phase): Point[] => [
      {
        key: `voltage_l${phase}_n`,
        address: 0x3002 + 2 * (phase - 1),
        type: 'u32',
        scale: milli,
        notAvailable: absent,
        measurand: `voltage_l${phase}_n_v`,
      },
      {
        key: `current_l${phase}`,
        address: 0x3008 + 2 * (phase - 1),
        type: 'u32',
        scale: milli,
        notAvailable: absent,
        measurand: `current_l${phase}_a`,
      },
    ]),
    {
      key: 'active_power',
      address: 0x300e,
      type: 's32',
      notAvailable: absentSigned,
      measurand: 'active_power_w',
    },
    {
      key: 'reactive_power',
      address: 0x3010,
      type: 's32',
      notAvailable: absentSigned,
      measurand: 'reactive_power_var',
    },
    {
      key: 'apparent_power',
      address: 0x3012,
      type: 'u32',
      notAvailable: absent,
      measurand: 'apparent_power_va',
    },
    {
      key: 'power_factor',
      address: 0x3014,
      type: 's16',
      scale: milli,
      notAvailable: [0x7fff],
      range: { min: -1, max: 1 },
      measurand: 'power_factor',
    },
    {
      key: 'frequency',
      address: 0x3015,
      type: 'u16',
      scale: { divide: 100 },
      notAvailable: [0xffff],
      measurand: 'frequency_hz',
    },
    {
      key: 'energy_import',
      address: 0x3016,
      type: 'u32',
      scale: { multiply: 10 },
      notAvailable: absent,
      modulus_counts: 100_000_000,
      measurand: 'active_energy_import_wh',
    },
    {
      key: 'reactive_import',
      address: 0x3018,
      type: 'u32',
      scale: { multiply: 10 },
      notAvailable: absent,
      modulus_counts: 100_000_000,
      measurand: 'reactive_energy_import_varh',
    },
    {
      key: 'energy_partial',
      address: 0x301a,
      type: 'u32',
      scale: { multiply: 10 },
      notAvailable: absent,
      modulus_counts: 100_000_000,
      measurand: 'active_energy_partial_wh',
    },
    { key: 'demand_power', address: 0x301c, type: 'u32', notAvailable: absent, measurand: 'demand_power_w' },
    {
      key: 'demand_power_max',
      address: 0x301e,
      type: 'u32',
      notAvailable: absent,
      measurand: 'demand_power_max_w',
    },
  ],
};
