import { breakerInterfaceCommunication } from '../communication.ts';
import type { DeviceProfile, Point } from '../profile.ts';

/** Contents of the trip cause register of a DX³ add-on module. */
export const addOnTripCauses = { none: 0, residual: 1, heat: 2, test: 3 } as const;

const absent = [0xffffffff];
const metered: readonly Point[] = [
  ...([1, 2, 3] as const).map(
    (phase): Point => ({
      key: `current_l${phase}`,
      address: 0x0002 + 2 * (phase - 1),
      type: 'u32',
      scale: { divide: 1000 },
      notAvailable: absent,
      measurand: `current_l${phase}_a`,
    }),
  ),
  {
    key: 'current_n',
    address: 0x0008,
    type: 'u32',
    scale: { divide: 1000 },
    notAvailable: absent,
    measurand: 'current_n_a',
  },
  // No measurand of the registry holds a residual current: it stays an attribute, in ampere.
  { key: 'residual_current', address: 0x000a, type: 'u32', scale: { divide: 1000 }, notAvailable: absent },
  {
    key: 'active_power',
    address: 0x000c,
    type: 's32',
    notAvailable: [0x7fffffff],
    measurand: 'active_power_w',
  },
  {
    key: 'energy_import',
    address: 0x000e,
    type: 'u32',
    notAvailable: absent,
    measurand: 'active_energy_import_wh',
  },
  { key: 'trip_cause', address: 0x0010, type: 'u16' },
  { key: 'trip_residual', address: 0x0011, type: 'u16' },
];

const profile = (
  about: Pick<DeviceProfile, 'id' | 'models' | 'title'>,
  device: number,
  points: readonly Point[],
): DeviceProfile => ({
  ...about,
  maker: 'Legrand',
  source: 'Measurands as in the guide p. 65; no register table is published',
  trust: 'documented',
  verified: false,
  notice: 'Our layout, not seen on hardware.',
  functionCode: 3,
  limits: { maxWords: 64, minimumGap_ms: 50, unreadable: [] },
  communication: breakerInterfaceCommunication,
  identity: { point: 'device_id', equals: device },
  points: [{ key: 'device_id', address: 0x0000, type: 'u16', initial: device }, ...points],
});

export const dx3AddOnMetering = profile(
  { id: 'dx3-add-on-metering', models: ['4 106 57', '4 106 58'], title: 'DX³ add-on module, metering' },
  0x57,
  metered,
);

export const dx3AddOnMeasuring = profile(
  { id: 'dx3-add-on-measuring', models: ['4 106 59'], title: 'DX³ add-on module, measurement' },
  0x59,
  [
    ...metered,
    ...([1, 2, 3] as const).flatMap((phase): Point[] => [
      {
        key: `voltage_l${phase}_n`,
        address: 0x0020 + 2 * (phase - 1),
        type: 'u32',
        scale: { divide: 1000 },
        notAvailable: absent,
        measurand: `voltage_l${phase}_n_v`,
      },
      {
        key: `thd_voltage_l${phase}`,
        address: 0x0034 + phase - 1,
        type: 'u16',
        scale: { divide: 10 },
        notAvailable: [0xffff],
        measurand: `thd_voltage_l${phase}_percent`,
      },
      {
        key: `thd_current_l${phase}`,
        address: 0x0037 + phase - 1,
        type: 'u16',
        scale: { divide: 10 },
        notAvailable: [0xffff],
        measurand: `thd_current_l${phase}_percent`,
      },
    ]),
    ...(['l1_l2', 'l2_l3', 'l3_l1'] as const).map(
      (pair, i): Point => ({
        key: `voltage_${pair}`,
        address: 0x0026 + 2 * i,
        type: 'u32',
        scale: { divide: 1000 },
        notAvailable: absent,
        measurand: `voltage_${pair}_v`,
      }),
    ),
    {
      key: 'frequency',
      address: 0x002c,
      type: 'u16',
      scale: { divide: 100 },
      notAvailable: [0xffff],
      measurand: 'frequency_hz',
    },
    {
      key: 'power_factor',
      address: 0x002d,
      type: 's16',
      scale: { divide: 1000 },
      notAvailable: [0x7fff],
      range: { min: -1, max: 1 },
      measurand: 'power_factor',
    },
    {
      key: 'reactive_power',
      address: 0x002e,
      type: 's32',
      notAvailable: [0x7fffffff],
      measurand: 'reactive_power_var',
    },
    {
      key: 'reactive_import',
      address: 0x0030,
      type: 'u32',
      notAvailable: absent,
      measurand: 'reactive_energy_import_varh',
    },
  ],
);
