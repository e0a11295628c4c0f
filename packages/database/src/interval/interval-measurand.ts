import { findMeasurand, type Measurand, type MeterRole, measurandOf } from '@wattproof/energy';

/** What decides which of a meter's measurands are kept as intervals. */
export interface MeasuredMeter {
  readonly role: MeterRole | 'total';
  readonly carrier: string;
  /** Counter of the meter's consumption; null for breakers and gauges. */
  readonly measurand: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

const weather = [measurandOf('outdoor_temperature_c'), measurandOf('temperature_c')];
const supply = [
  measurandOf('active_energy_export_wh'),
  measurandOf('reactive_energy_import_varh'),
  measurandOf('active_power_w'),
];

/**
 * Measurands that become intervals: the counter of the consumption; at supplies of electricity also export, reactive
 * energy and power (peaks against the subscribed power); temperatures of variable meters. Everything else stays in
 * the readings, where charts read it over bounded time. `settings.intervalMeasurands` overrides the choice.
 */
export function intervalMeasurands(meter: MeasuredMeter): readonly Measurand[] {
  const named = meter.settings.intervalMeasurands;
  if (Array.isArray(named))
    return named.map((name) => findMeasurand(String(name))).filter((m) => m !== undefined);
  const own = meter.measurand === null ? undefined : findMeasurand(meter.measurand);
  const chosen = own ? [own] : [];
  if (meter.role === 'main' && meter.carrier === 'electricity') chosen.push(...supply);
  if (meter.role === 'variable') chosen.push(...weather);
  return chosen.filter((m, i) => chosen.indexOf(m) === i);
}
