import { meterCommunication } from '../communication.ts';
import type { DeviceProfile } from '../profile.ts';

/** Counts of the energy counters: 10 Wh. */
const energy = { multiply: 10 } as const;
const modulus_counts = 100_000_000;

/** IME Conto D2, single-phase direct 63 A: the guide's worked frames (0 046 77) read this map. */
export const imeContoD2: DeviceProfile = {
  id: 'ime-conto-d2',
  maker: 'IME / Legrand',
  models: ['0 046 77', '0 046 79'],
  title: 'Single-phase meter, 2000h register map',
  source: 'IME Conto D2 communication protocol; worked frames of the guide for 0 046 77',
  trust: 'simulated',
  verified: false,
  notice:
    'The energy step of 10 Wh and the meaning of 2002h are taken from the maker’s family and not confirmed.',
  functionCode: 3,
  communication: meterCommunication,
  limits: { maxWords: 32, minimumGap_ms: 20, unreadable: [] },
  identity: { point: 'device_id' },
  resets: { address: 0x00c8, bits: { 0: 'active_energy_partial_wh' } },
  points: [
    { key: 'device_id', address: 0x0300, type: 'u16', initial: 0x0d },
    { key: 'voltage', address: 0x2000, type: 'u32', scale: { divide: 1000 }, measurand: 'voltage_l1_n_v' },
    { key: 'current', address: 0x2002, type: 'u32', scale: { divide: 1000 }, measurand: 'current_l1_a' },
    {
      key: 'active_power',
      address: 0x2004,
      type: 'u32',
      signFrom: { point: 'active_power_sign', negative: 1 },
      measurand: 'active_power_w',
    },
    { key: 'active_power_sign', address: 0x2006, type: 'u16' },
    {
      key: 'power_factor',
      address: 0x2007,
      type: 'u16',
      scale: { divide: 100 },
      range: { min: 0, max: 1 },
      measurand: 'power_factor',
    },
    { key: 'sector', address: 0x2008, type: 'u16' },
    {
      key: 'energy_import',
      address: 0x200a,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'active_energy_import_wh',
    },
    {
      key: 'energy_partial',
      address: 0x200c,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'active_energy_partial_wh',
    },
    { key: 'operating_time', address: 0x200e, type: 'u32', measurand: 'operating_time_s' },
  ],
};
