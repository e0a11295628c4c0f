import { type RareMeasurandName, rareEntries } from './rare-measurand.ts';

/**
 * The registry of measurands: every quantity Wattproof reads, stores, sends and shows, once.
 *
 * A measurand fixes quantity, direction, phase, unit, and whether it is a gauge (a momentary value) or a
 * counter (a running total, an integer in its base unit). Names follow IEC 61557-12 and end in the unit.
 * Columns of `reading`, the wire schema and the API enumeration are checked against this list. Standard measurands have
 * a column each; rare ones (`rare-measurand.ts`) share one.
 *
 * `id` is permanent (it is stored in `interval.measurand`); entries are appended, never renumbered.
 */
export type MeasurandKind = 'counter' | 'gauge';

export type Unit =
  | 'Wh'
  | 'varh'
  | 'VAh'
  | 'W'
  | 'var'
  | 'VA'
  | 'V'
  | 'A'
  | 'Hz'
  | '1'
  | '%'
  | '°C'
  | 'l'
  | 's'
  | 'g';

const list = [
  // Counters: integers in the base unit, never negative; import = into the metered object.
  ['active_energy_import_wh', 1, 'counter', 'Wh'],
  ['active_energy_export_wh', 2, 'counter', 'Wh'],
  ['reactive_energy_import_varh', 3, 'counter', 'varh'],
  ['reactive_energy_export_varh', 4, 'counter', 'varh'],
  ['apparent_energy_vah', 5, 'counter', 'VAh'],
  ['volume_l', 6, 'counter', 'l'],
  ['production_g', 7, 'counter', 'g'],
  ['operating_time_s', 8, 'counter', 's'],
  ['thermal_energy_wh', 9, 'counter', 'Wh'],
  ['active_energy_partial_wh', 10, 'counter', 'Wh'],
  // Gauges.
  ['active_power_w', 20, 'gauge', 'W'],
  ['active_power_l1_w', 21, 'gauge', 'W'],
  ['active_power_l2_w', 22, 'gauge', 'W'],
  ['active_power_l3_w', 23, 'gauge', 'W'],
  ['reactive_power_var', 24, 'gauge', 'var'],
  ['reactive_power_l1_var', 25, 'gauge', 'var'],
  ['reactive_power_l2_var', 26, 'gauge', 'var'],
  ['reactive_power_l3_var', 27, 'gauge', 'var'],
  ['apparent_power_va', 28, 'gauge', 'VA'],
  ['power_factor', 29, 'gauge', '1'],
  ['power_factor_l1', 30, 'gauge', '1'],
  ['power_factor_l2', 31, 'gauge', '1'],
  ['power_factor_l3', 32, 'gauge', '1'],
  ['voltage_l1_n_v', 33, 'gauge', 'V'],
  ['voltage_l2_n_v', 34, 'gauge', 'V'],
  ['voltage_l3_n_v', 35, 'gauge', 'V'],
  ['voltage_l1_l2_v', 36, 'gauge', 'V'],
  ['voltage_l2_l3_v', 37, 'gauge', 'V'],
  ['voltage_l3_l1_v', 38, 'gauge', 'V'],
  ['current_l1_a', 39, 'gauge', 'A'],
  ['current_l2_a', 40, 'gauge', 'A'],
  ['current_l3_a', 41, 'gauge', 'A'],
  ['current_n_a', 42, 'gauge', 'A'],
  ['frequency_hz', 43, 'gauge', 'Hz'],
  ['thd_voltage_l1_percent', 44, 'gauge', '%'],
  ['thd_voltage_l2_percent', 45, 'gauge', '%'],
  ['thd_voltage_l3_percent', 46, 'gauge', '%'],
  ['thd_current_l1_percent', 47, 'gauge', '%'],
  ['thd_current_l2_percent', 48, 'gauge', '%'],
  ['thd_current_l3_percent', 49, 'gauge', '%'],
  ['demand_power_w', 50, 'gauge', 'W'],
  ['demand_power_max_w', 51, 'gauge', 'W'],
  ['temperature_c', 52, 'gauge', '°C'],
  ['outdoor_temperature_c', 53, 'gauge', '°C'],
  /** Position of a breaker: 0 open, 1 closed, 2 fault (tripped). */
  ['breaker_position', 54, 'gauge', '1'],
] as const satisfies readonly (readonly [string, number, MeasurandKind, Unit])[];

export type StandardMeasurandName = (typeof list)[number][0];
export type MeasurandName = StandardMeasurandName | RareMeasurandName;
export interface Measurand {
  readonly name: MeasurandName;
  /** Permanent number, used in stored intervals and compact messages. */
  readonly id: number;
  readonly kind: MeasurandKind;
  readonly unit: Unit;
  /** Stored with others in one place of a reading, not in a column of its own. */
  readonly isRare: boolean;
}

const measurandFrom =
  (isRare: boolean) =>
  ([name, id, kind, unit]: readonly [MeasurandName, number, MeasurandKind, Unit]): Measurand => ({
    name,
    id,
    kind,
    unit,
    isRare,
  });

export const standardMeasurands: readonly Measurand[] = list.map(measurandFrom(false));
/** Every measurand, standard and rare. */
export const measurands: readonly Measurand[] = [
  ...standardMeasurands,
  ...rareEntries.map(measurandFrom(true)),
];

const byName = new Map<string, Measurand>(measurands.map((m) => [m.name, m]));
const byId = new Map<number, Measurand>(measurands.map((m) => [m.id, m]));

/** The measurand of that name, or undefined where none has it. */
export const findMeasurand = (name: string): Measurand | undefined => byName.get(name);
/** The measurand of that permanent number, or undefined where none has it. */
export const findMeasurandById = (id: number): Measurand | undefined => byId.get(id);

/** The measurand of a name known at compile time. */
export function measurandOf(name: MeasurandName): Measurand {
  const found = byName.get(name);
  if (!found) throw new Error(`No measurand ${name}`);
  return found;
}
