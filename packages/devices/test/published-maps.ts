import type { MeasurandName } from '@wattproof/energy';

/**
 * Published register maps, written down a second time from the makers' tables and independently of the profiles:
 * address, words, step in base units, measurand. `s` marks a signed register.
 */
export type MapRow = readonly [
  address: number,
  words: 1 | 2,
  step: number,
  measurand: MeasurandName,
  signed?: 's',
];

/** Socomec JBUS: DIRIS communication table; Legrand 146 69. Steps 0.01 V, 1 mA, 0.01 Hz, 0.01 kW, 0.001, 1 kWh, 0.01 h. */
export const jbusRows: readonly MapRow[] = [
  [0xc550, 2, 36, 'operating_time_s'],
  [0xc552, 2, 0.01, 'voltage_l1_l2_v'],
  [0xc554, 2, 0.01, 'voltage_l2_l3_v'],
  [0xc556, 2, 0.01, 'voltage_l3_l1_v'],
  [0xc558, 2, 0.01, 'voltage_l1_n_v'],
  [0xc55a, 2, 0.01, 'voltage_l2_n_v'],
  [0xc55c, 2, 0.01, 'voltage_l3_n_v'],
  [0xc55e, 2, 0.01, 'frequency_hz'],
  [0xc560, 2, 0.001, 'current_l1_a'],
  [0xc562, 2, 0.001, 'current_l2_a'],
  [0xc564, 2, 0.001, 'current_l3_a'],
  [0xc566, 2, 0.001, 'current_n_a'],
  [0xc568, 2, 10, 'active_power_w', 's'],
  [0xc56a, 2, 10, 'reactive_power_var', 's'],
  [0xc56c, 2, 10, 'apparent_power_va'],
  [0xc56e, 2, 0.001, 'power_factor', 's'],
  [0xc570, 2, 10, 'active_power_l1_w', 's'],
  [0xc572, 2, 10, 'active_power_l2_w', 's'],
  [0xc574, 2, 10, 'active_power_l3_w', 's'],
  [0xc576, 2, 10, 'reactive_power_l1_var', 's'],
  [0xc578, 2, 10, 'reactive_power_l2_var', 's'],
  [0xc57a, 2, 10, 'reactive_power_l3_var', 's'],
  [0xc582, 2, 0.001, 'power_factor_l1', 's'],
  [0xc584, 2, 0.001, 'power_factor_l2', 's'],
  [0xc586, 2, 0.001, 'power_factor_l3', 's'],
  [0xc652, 2, 1000, 'active_energy_import_wh'],
  [0xc654, 2, 1000, 'reactive_energy_import_varh'],
  [0xc656, 2, 1000, 'apparent_energy_vah'],
  [0xc658, 2, 1000, 'active_energy_export_wh'],
  [0xc65a, 2, 1000, 'reactive_energy_export_varh'],
  [0xc65c, 2, 1000, 'active_energy_partial_wh'],
];

/** IME Nemo 96HD, PR106, with both ratios 1: powers in 0.01 W, energies in 10 Wh. */
export const nemoRows: readonly MapRow[] = [
  [0x1000, 2, 0.001, 'voltage_l1_n_v'],
  [0x1002, 2, 0.001, 'voltage_l2_n_v'],
  [0x1004, 2, 0.001, 'voltage_l3_n_v'],
  [0x1006, 2, 0.001, 'current_l1_a'],
  [0x1008, 2, 0.001, 'current_l2_a'],
  [0x100a, 2, 0.001, 'current_l3_a'],
  [0x100c, 2, 0.001, 'current_n_a'],
  [0x100e, 2, 0.001, 'voltage_l1_l2_v'],
  [0x1010, 2, 0.001, 'voltage_l2_l3_v'],
  [0x1012, 2, 0.001, 'voltage_l3_l1_v'],
  [0x1014, 2, 0.01, 'active_power_w'],
  [0x1016, 2, 0.01, 'reactive_power_var'],
  [0x1018, 2, 0.01, 'apparent_power_va'],
  [0x101c, 2, 10, 'active_energy_import_wh'],
  [0x101e, 2, 10, 'reactive_energy_import_varh'],
  [0x1020, 2, 10, 'active_energy_export_wh'],
  [0x1022, 2, 10, 'reactive_energy_export_varh'],
  [0x1024, 1, 0.01, 'power_factor', 's'],
  [0x1026, 1, 0.1, 'frequency_hz'],
  [0x1027, 2, 0.01, 'demand_power_w'],
  [0x1029, 2, 0.01, 'demand_power_max_w'],
  [0x102c, 2, 0.01, 'active_power_l1_w'],
  [0x102e, 2, 0.01, 'active_power_l2_w'],
  [0x1030, 2, 0.01, 'active_power_l3_w'],
  [0x1035, 2, 0.01, 'reactive_power_l1_var'],
  [0x1037, 2, 0.01, 'reactive_power_l2_var'],
  [0x1039, 2, 0.01, 'reactive_power_l3_var'],
  [0x1044, 1, 0.01, 'power_factor_l1', 's'],
  [0x1045, 1, 0.01, 'power_factor_l2', 's'],
  [0x1046, 1, 0.01, 'power_factor_l3', 's'],
  [0x104a, 1, 0.1, 'thd_voltage_l1_percent'],
  [0x104b, 1, 0.1, 'thd_voltage_l2_percent'],
  [0x104c, 1, 0.1, 'thd_voltage_l3_percent'],
  [0x104d, 1, 0.1, 'thd_current_l1_percent'],
  [0x104e, 1, 0.1, 'thd_current_l2_percent'],
  [0x104f, 1, 0.1, 'thd_current_l3_percent'],
  [0x106a, 2, 10, 'active_energy_partial_wh'],
  [0x106e, 1, 3600, 'operating_time_s'],
];

/** IME Conto D2: mV, mA, W, hundredths of the power factor, 10 Wh, s. */
export const contoRows: readonly MapRow[] = [
  [0x2000, 2, 0.001, 'voltage_l1_n_v'],
  [0x2002, 2, 0.001, 'current_l1_a'],
  [0x2004, 2, 1, 'active_power_w'],
  [0x2007, 1, 0.01, 'power_factor'],
  [0x200a, 2, 10, 'active_energy_import_wh'],
  [0x200c, 2, 10, 'active_energy_partial_wh'],
  [0x200e, 2, 1, 'operating_time_s'],
];
