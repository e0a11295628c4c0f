import { type SimulatedDevice, startLines } from '@wattproof/simulator';

/** Control units behind converters, in a process of their own. */
export interface PlantOrder {
  readonly lines: number;
  readonly unitsPerLine: number;
}

/** The same for the same place and time: between −1 and 1. */
function noise(seed: number, at_ms: number): number {
  const x = Math.sin(seed * 12.9898 + Math.floor(at_ms / 1000) * 78.233) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** All 38 measurands of a three-phase feeder of 5 to 60 A, each with about 1 % of noise. */
function feeder(number: number): SimulatedDevice['values'] {
  const load_a = 5 + ((number * 37) % 55);
  return (at_ms) => {
    const about = (value: number, seed: number, share = 0.01): number =>
      value * (1 + share * noise(number * 100 + seed, at_ms));
    const hours = at_ms / 3_600_000 - 490_000;
    const phases = [1, 2, 3].map((phase) => {
      const voltage = about(230, phase, 0.004);
      const current = about(load_a, 10 + phase, 0.03);
      const factor = about(0.92, 20 + phase);
      return { voltage, current, factor, active: voltage * current * factor };
    });
    const [l1, l2, l3] = phases as [(typeof phases)[0], (typeof phases)[0], (typeof phases)[0]];
    const active = l1.active + l2.active + l3.active;
    const apparent = phases.reduce((sum, p) => sum + p.voltage * p.current, 0);
    const reactive = Math.sqrt(Math.max(0, apparent ** 2 - active ** 2));
    const root3 = Math.sqrt(3);
    return {
      voltage_l1_n_v: l1.voltage,
      voltage_l2_n_v: l2.voltage,
      voltage_l3_n_v: l3.voltage,
      voltage_l1_l2_v: l1.voltage * root3,
      voltage_l2_l3_v: l2.voltage * root3,
      voltage_l3_l1_v: l3.voltage * root3,
      current_l1_a: l1.current,
      current_l2_a: l2.current,
      current_l3_a: l3.current,
      current_n_a: about(load_a / 10, 31, 0.2),
      active_power_w: active,
      active_power_l1_w: l1.active,
      active_power_l2_w: l2.active,
      active_power_l3_w: l3.active,
      reactive_power_var: reactive,
      reactive_power_l1_var: about(reactive / 3, 41),
      reactive_power_l2_var: about(reactive / 3, 42),
      reactive_power_l3_var: about(reactive / 3, 43),
      apparent_power_va: apparent,
      power_factor: active / apparent,
      power_factor_l1: l1.factor,
      power_factor_l2: l2.factor,
      power_factor_l3: l3.factor,
      frequency_hz: about(50, 51, 0.001),
      demand_power_w: about(active, 52, 0.001),
      demand_power_max_w: load_a * 700,
      thd_voltage_l1_percent: about(2.4, 61, 0.1),
      thd_voltage_l2_percent: about(2.4, 62, 0.1),
      thd_voltage_l3_percent: about(2.4, 63, 0.1),
      thd_current_l1_percent: about(12, 64, 0.1),
      thd_current_l2_percent: about(12, 65, 0.1),
      thd_current_l3_percent: about(12, 66, 0.1),
      active_energy_import_wh: hours * load_a * 600,
      reactive_energy_import_varh: hours * load_a * 250,
      active_energy_export_wh: 0,
      reactive_energy_export_varh: hours * load_a,
      active_energy_partial_wh: hours * load_a * 60,
      operating_time_s: Math.floor(hours) * 3600,
    };
  };
}

const { lines, unitsPerLine } = JSON.parse(process.argv[2] ?? '') as PlantOrder;
const running = await startLines(
  Array.from({ length: lines }, (_, line) => ({
    id: String(line),
    transport: 'tcp' as const,
    port: 0,
    devices: Array.from({ length: unitsPerLine }, (_, unit) => ({
      unit: unit + 1,
      profileId: 'ime-nemo-96hd',
      settings: {},
      values: feeder(line * unitsPerLine + unit),
    })),
  })),
);
process.send?.(running.lines.map((line) => line.port));
