import { controlUnitCommunication } from '../communication.ts';
import type { ConstantScale, DeviceProfile, Point, SteppedScale } from '../profile.ts';

const ratios = ['ct_ratio', 'vt_ratio'] as const;
/** Note P: hundredths of a watt while CT × VT ratio is below 5 000, whole watts from there on. */
const power: SteppedScale = { product: ratios, steps: [{ below: 5000, divide: 100 }, { multiply: 1 }] };
/** Note E: watt-hours per count by CT × VT ratio. */
const energy: SteppedScale = {
  product: ratios,
  steps: [
    { below: 10, multiply: 10 },
    { below: 100, multiply: 100 },
    { below: 1000, multiply: 1000 },
    { below: 10_000, multiply: 10_000 },
    { below: 100_000, multiply: 100_000 },
    { multiply: 1_000_000 },
  ],
};
const milli: ConstantScale = { divide: 1000 };
const hundredth: ConstantScale = { divide: 100 };
const tenth: ConstantScale = { divide: 10 };
/** The display has eight digits; the counter begins again after 99 999 999. */
const modulus_counts = 100_000_000;

const sign = (key: string, address: number): Point => ({
  key,
  address,
  type: 'u16',
  range: { min: 0, max: 1 },
});

/** IME Nemo 96HD: the sign of a power stands in a register of its own, and scales follow the transformer ratios. */
export const imeNemo96hd: DeviceProfile = {
  id: 'ime-nemo-96hd',
  maker: 'IME / Legrand',
  models: ['4 120 45', '4 120 51', '4 120 52', '4 120 53'],
  title: 'Multifunction meter, 1000h register map',
  source: 'IME communication protocol PR106; Legrand EMDX3 4 120 45 Modbus table',
  trust: 'simulated',
  verified: false,
  notice: 'Documented for 4 120 45; for 4 120 51–53 by family likeness only.',
  functionCode: 3,
  communication: controlUnitCommunication,
  limits: { maxWords: 96, minimumGap_ms: 20, unreadable: [] },
  identity: { point: 'device_id', equals: 0x10 },
  points: [
    { key: 'voltage_l1_n', address: 0x1000, type: 'u32', scale: milli, measurand: 'voltage_l1_n_v' },
    { key: 'voltage_l2_n', address: 0x1002, type: 'u32', scale: milli, measurand: 'voltage_l2_n_v' },
    { key: 'voltage_l3_n', address: 0x1004, type: 'u32', scale: milli, measurand: 'voltage_l3_n_v' },
    { key: 'current_l1', address: 0x1006, type: 'u32', scale: milli, measurand: 'current_l1_a' },
    { key: 'current_l2', address: 0x1008, type: 'u32', scale: milli, measurand: 'current_l2_a' },
    { key: 'current_l3', address: 0x100a, type: 'u32', scale: milli, measurand: 'current_l3_a' },
    { key: 'current_n', address: 0x100c, type: 'u32', scale: milli, measurand: 'current_n_a' },
    { key: 'voltage_l1_l2', address: 0x100e, type: 'u32', scale: milli, measurand: 'voltage_l1_l2_v' },
    { key: 'voltage_l2_l3', address: 0x1010, type: 'u32', scale: milli, measurand: 'voltage_l2_l3_v' },
    { key: 'voltage_l3_l1', address: 0x1012, type: 'u32', scale: milli, measurand: 'voltage_l3_l1_v' },
    {
      key: 'active_power',
      address: 0x1014,
      type: 'u32',
      scale: power,
      signFrom: { point: 'active_power_sign', negative: 1 },
      measurand: 'active_power_w',
    },
    {
      key: 'reactive_power',
      address: 0x1016,
      type: 'u32',
      scale: power,
      signFrom: { point: 'reactive_power_sign', negative: 1 },
      measurand: 'reactive_power_var',
    },
    { key: 'apparent_power', address: 0x1018, type: 'u32', scale: power, measurand: 'apparent_power_va' },
    sign('active_power_sign', 0x101a),
    sign('reactive_power_sign', 0x101b),
    {
      key: 'energy_import',
      address: 0x101c,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'active_energy_import_wh',
    },
    {
      key: 'reactive_import',
      address: 0x101e,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'reactive_energy_import_varh',
    },
    {
      key: 'energy_export',
      address: 0x1020,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'active_energy_export_wh',
    },
    {
      key: 'reactive_export',
      address: 0x1022,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'reactive_energy_export_varh',
    },
    {
      key: 'power_factor',
      address: 0x1024,
      type: 's16',
      scale: hundredth,
      range: { min: -1, max: 1 },
      measurand: 'power_factor',
    },
    { key: 'sector', address: 0x1025, type: 'u16' },
    { key: 'frequency', address: 0x1026, type: 'u16', scale: tenth, measurand: 'frequency_hz' },
    { key: 'demand_power', address: 0x1027, type: 'u32', scale: power, measurand: 'demand_power_w' },
    { key: 'demand_power_max', address: 0x1029, type: 'u32', scale: power, measurand: 'demand_power_max_w' },
    ...([1, 2, 3] as const).flatMap((phase): Point[] => [
      {
        key: `active_power_l${phase}`,
        address: 0x102c + 2 * (phase - 1),
        type: 'u32',
        scale: power,
        signFrom: { point: `active_power_l${phase}_sign`, negative: 1 },
        measurand: `active_power_l${phase}_w`,
      },
      sign(`active_power_l${phase}_sign`, 0x1032 + phase - 1),
      {
        key: `reactive_power_l${phase}`,
        address: 0x1035 + 2 * (phase - 1),
        type: 'u32',
        scale: power,
        signFrom: { point: `reactive_power_l${phase}_sign`, negative: 1 },
        measurand: `reactive_power_l${phase}_var`,
      },
      sign(`reactive_power_l${phase}_sign`, 0x103b + phase - 1),
      {
        key: `power_factor_l${phase}`,
        address: 0x1044 + phase - 1,
        type: 's16',
        scale: hundredth,
        range: { min: -1, max: 1 },
        measurand: `power_factor_l${phase}`,
      },
      {
        key: `thd_voltage_l${phase}`,
        address: 0x104a + phase - 1,
        type: 'u16',
        scale: tenth,
        measurand: `thd_voltage_l${phase}_percent`,
      },
      {
        key: `thd_current_l${phase}`,
        address: 0x104d + phase - 1,
        type: 'u16',
        scale: tenth,
        measurand: `thd_current_l${phase}_percent`,
      },
    ]),
    {
      key: 'energy_partial',
      address: 0x106a,
      type: 'u32',
      scale: energy,
      modulus_counts,
      measurand: 'active_energy_partial_wh',
    },
    { key: 'hours', address: 0x106e, type: 'u16', scale: { multiply: 3600 }, measurand: 'operating_time_s' },
    { key: 'ct_ratio', address: 0x1200, type: 'u16', initial: 1 },
    { key: 'vt_ratio', address: 0x1201, type: 'u16', scale: tenth, initial: 1 },
    { key: 'device_id', address: 0x1204, type: 'u16', initial: 0x10 },
  ],
};
