import { breakerInterfaceCommunication } from '../communication.ts';
import type { DeviceProfile } from '../profile.ts';

/** Contents of the trip cause register. */
export const tripCauses = { none: 0, overload: 1, shortCircuit: 2, residual: 3, test: 4, heat: 5 } as const;

/** Electronic breaker behind its Modbus interface: position, currents, last trip. */
export const breakerDpx3 = {
  id: 'breaker-dpx3',
  maker: 'Legrand',
  models: ['DPX³ 250', 'DPX³ 630', 'DPX³ 1600', '0 288 00', '0 288 01', '0 288 02'],
  title: 'Electronic breaker (DPX³, DMX³)',
  source: 'Measurands as in the guide; no register table is published',
  trust: 'documented',
  verified: false,
  notice: 'Our layout, not seen on hardware.',
  functionCode: 3,
  communication: breakerInterfaceCommunication,
  // The guide asks for 50 ms between transmissions.
  limits: { maxWords: 32, minimumGap_ms: 50, unreadable: [] },
  identity: { point: 'device_id', equals: 0xd3 },
  points: [
    { key: 'device_id', address: 0x0000, type: 'u16', initial: 0xd3 },
    {
      key: 'position',
      address: 0x0001,
      type: 'u16',
      notAvailable: [0xffff],
      range: { min: 0, max: 2 },
      measurand: 'breaker_position',
    },
    {
      key: 'current_l1',
      address: 0x0002,
      type: 'u16',
      scale: { divide: 10 },
      notAvailable: [0xffff],
      measurand: 'current_l1_a',
    },
    {
      key: 'current_l2',
      address: 0x0003,
      type: 'u16',
      scale: { divide: 10 },
      notAvailable: [0xffff],
      measurand: 'current_l2_a',
    },
    {
      key: 'current_l3',
      address: 0x0004,
      type: 'u16',
      scale: { divide: 10 },
      notAvailable: [0xffff],
      measurand: 'current_l3_a',
    },
    {
      key: 'current_n',
      address: 0x0005,
      type: 'u16',
      scale: { divide: 10 },
      notAvailable: [0xffff],
      measurand: 'current_n_a',
    },
    { key: 'trip_year', address: 0x0010, type: 'u16' },
    { key: 'trip_month', address: 0x0011, type: 'u16' },
    { key: 'trip_day', address: 0x0012, type: 'u16' },
    { key: 'trip_hour', address: 0x0013, type: 'u16' },
    { key: 'trip_minute', address: 0x0014, type: 'u16' },
    { key: 'trip_second', address: 0x0015, type: 'u16' },
    { key: 'trip_cause', address: 0x0016, type: 'u16' },
  ],
} as const satisfies DeviceProfile;
