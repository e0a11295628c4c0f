import { type MeasurandName, measurandOf } from '@wattproof/energy';
import type { Point } from './profile.ts';

/** How often a value is worth reading: `fast` what a load changes at once, `slow` what only grows or drifts. */
export const rateGroups = ['fast', 'normal', 'slow'] as const;
export type RateGroup = (typeof rateGroups)[number];

const fast: ReadonlySet<MeasurandName> = new Set([
  'active_power_w',
  'active_power_l1_w',
  'active_power_l2_w',
  'active_power_l3_w',
  'breaker_position',
]);
const slow: ReadonlySet<MeasurandName> = new Set([
  'thd_voltage_l1_percent',
  'thd_voltage_l2_percent',
  'thd_voltage_l3_percent',
  'thd_current_l1_percent',
  'thd_current_l2_percent',
  'thd_current_l3_percent',
  'demand_power_max_w',
  'temperature_c',
  'outdoor_temperature_c',
]);

/** The rate group of a measurand: active power is fast, counters, harmonics and temperatures are slow. */
export function rateGroupOfMeasurand(measurand: MeasurandName): RateGroup {
  if (fast.has(measurand)) return 'fast';
  return slow.has(measurand) || measurandOf(measurand).kind === 'counter' ? 'slow' : 'normal';
}

/**
 * The rate group of a point: as its profile says, else that of its measurand. Where the measurand follows from another
 * point it is a counter. An attribute is slow; with a value that needs it, it is read as often as that value.
 */
export function rateGroupOf(point: Point): RateGroup {
  if (point.rate) return point.rate;
  return typeof point.measurand === 'string' ? rateGroupOfMeasurand(point.measurand) : 'slow';
}
