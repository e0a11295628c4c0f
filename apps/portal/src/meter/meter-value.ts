import type { MeterStatistics } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';
import type { LiveMeter } from '../live/live-meters.ts';

type Statistic = MeterStatistics['measurands'][number];

/** A measurand of a meter: what it says now, and what it did over the period. */
export interface MeterValue {
  readonly measurand: string;
  readonly kind: 'counter' | 'gauge';
  readonly now: { readonly value: number; readonly at: string; readonly quality: string } | null;
  readonly statistic: Statistic | null;
}

/** Live values over the statistics of the period; a newer value wins, in the order of the registry. */
export function meterValues(
  live: LiveMeter | undefined,
  statistics: readonly Statistic[],
): Map<string, MeterValue> {
  const names = new Set([...statistics.map((s) => s.measurand), ...(live?.values.keys() ?? [])]);
  const list = [...names].flatMap((measurand): MeterValue[] => {
    const known = findMeasurand(measurand);
    if (!known) return [];
    const statistic = statistics.find((s) => s.measurand === measurand) ?? null;
    const last = statistic?.last ?? null;
    const fresh = live?.values.get(measurand) ?? null;
    const now = fresh && (!last || Date.parse(fresh.at) >= Date.parse(last.at)) ? fresh : last;
    return [
      {
        measurand,
        kind: known.kind,
        now: now && { value: now.value, at: now.at, quality: now.quality },
        statistic,
      },
    ];
  });
  list.sort((a, b) => (findMeasurand(a.measurand)?.id ?? 0) - (findMeasurand(b.measurand)?.id ?? 0));
  return new Map(list.map((v) => [v.measurand, v]));
}

/** Electrical quantities as an instrument shows them: three phases, then the sum or the neutral. */
const quantities = [
  { id: 'voltage', phases: ['voltage_l1_n_v', 'voltage_l2_n_v', 'voltage_l3_n_v'], all: null },
  { id: 'voltageBetween', phases: ['voltage_l1_l2_v', 'voltage_l2_l3_v', 'voltage_l3_l1_v'], all: null },
  { id: 'current', phases: ['current_l1_a', 'current_l2_a', 'current_l3_a'], all: 'current_n_a' },
  {
    id: 'activePower',
    phases: ['active_power_l1_w', 'active_power_l2_w', 'active_power_l3_w'],
    all: 'active_power_w',
  },
  {
    id: 'reactivePower',
    phases: ['reactive_power_l1_var', 'reactive_power_l2_var', 'reactive_power_l3_var'],
    all: 'reactive_power_var',
  },
  { id: 'apparentPower', phases: [], all: 'apparent_power_va' },
  {
    id: 'powerFactor',
    phases: ['power_factor_l1', 'power_factor_l2', 'power_factor_l3'],
    all: 'power_factor',
  },
  { id: 'frequency', phases: [], all: 'frequency_hz' },
  {
    id: 'thdVoltage',
    phases: ['thd_voltage_l1_percent', 'thd_voltage_l2_percent', 'thd_voltage_l3_percent'],
    all: null,
  },
  {
    id: 'thdCurrent',
    phases: ['thd_current_l1_percent', 'thd_current_l2_percent', 'thd_current_l3_percent'],
    all: null,
  },
] as const;

export type QuantityId = (typeof quantities)[number]['id'];

export interface PhaseRow {
  readonly id: QuantityId;
  readonly cells: readonly [MeterValue | null, MeterValue | null, MeterValue | null];
  readonly all: MeterValue | null;
  /** What the row's marks span: the lowest and highest value of all its cells, now included; null where none is known. */
  readonly reach: { readonly low: number; readonly high: number } | null;
}

/** The rows that the meter has a value for. */
export function phaseRows(values: ReadonlyMap<string, MeterValue>): PhaseRow[] {
  return quantities.flatMap(({ id, phases, all }): PhaseRow[] => {
    const cell = (name: string | null | undefined): MeterValue | null => values.get(name ?? '') ?? null;
    const cells = [cell(phases[0]), cell(phases[1]), cell(phases[2])] as const;
    const sum = cell(all);
    // The sum of the phases would flatten their marks; it has a reach of its own.
    const known = cells.filter((c) => c !== null);
    if (known.length === 0 && sum === null) return [];
    return [{ id, cells, all: sum, reach: reachOf(known) }];
  });
}

export function reachOf(
  values: readonly MeterValue[],
): { readonly low: number; readonly high: number } | null {
  const numbers = values.flatMap((v) =>
    [v.now?.value, v.statistic?.min?.value, v.statistic?.max?.value].filter((n) => n !== undefined),
  );
  return numbers.length === 0 ? null : { low: Math.min(...numbers), high: Math.max(...numbers) };
}

/** Currents below this tell nothing about symmetry. */
const leastCurrent_a = 1;

/**
 * Unbalance of the currents: largest distance of a phase from the mean of the three, over that mean. Null where a phase
 * is not known or hardly anything flows.
 */
export function currentUnbalance(values: ReadonlyMap<string, MeterValue>): number | null {
  const currents = ['current_l1_a', 'current_l2_a', 'current_l3_a'].map((n) => values.get(n)?.now?.value);
  if (currents.some((c) => c === undefined)) return null;
  const known = currents as number[];
  const mean = known.reduce((a, b) => a + b, 0) / 3;
  return mean < leastCurrent_a ? null : Math.max(...known.map((c) => Math.abs(c - mean))) / mean;
}
