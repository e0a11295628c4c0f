import type { PortalKey } from '@wattproof/messages';

/** Measurands that belong in one chart: one unit, and what is compared at a glance. */
export interface CurveGroup {
  readonly id: string;
  readonly title: PortalKey;
  readonly measurands: readonly string[];
}

const groups: readonly CurveGroup[] = [
  { id: 'power', title: 'meter.curve.power', measurands: ['active_power_w'] },
  { id: 'energy', title: 'meter.curve.energy', measurands: ['active_energy_import_wh'] },
  {
    id: 'powerPhases',
    title: 'meter.curve.powerPhases',
    measurands: ['active_power_l1_w', 'active_power_l2_w', 'active_power_l3_w'],
  },
  {
    id: 'current',
    title: 'meter.curve.current',
    measurands: ['current_l1_a', 'current_l2_a', 'current_l3_a', 'current_n_a'],
  },
  {
    id: 'voltage',
    title: 'meter.curve.voltage',
    measurands: ['voltage_l1_n_v', 'voltage_l2_n_v', 'voltage_l3_n_v'],
  },
  {
    id: 'voltageBetween',
    title: 'meter.curve.voltageBetween',
    measurands: ['voltage_l1_l2_v', 'voltage_l2_l3_v', 'voltage_l3_l1_v'],
  },
  { id: 'reactive', title: 'meter.curve.reactive', measurands: ['reactive_power_var'] },
  { id: 'apparent', title: 'meter.curve.apparent', measurands: ['apparent_power_va'] },
  {
    id: 'powerFactor',
    title: 'meter.curve.powerFactor',
    measurands: ['power_factor', 'power_factor_l1', 'power_factor_l2', 'power_factor_l3'],
  },
  { id: 'frequency', title: 'meter.curve.frequency', measurands: ['frequency_hz'] },
  {
    id: 'thdVoltage',
    title: 'meter.curve.thdVoltage',
    measurands: ['thd_voltage_l1_percent', 'thd_voltage_l2_percent', 'thd_voltage_l3_percent'],
  },
  {
    id: 'thdCurrent',
    title: 'meter.curve.thdCurrent',
    measurands: ['thd_current_l1_percent', 'thd_current_l2_percent', 'thd_current_l3_percent'],
  },
  {
    id: 'temperature',
    title: 'meter.curve.temperature',
    measurands: ['temperature_c', 'outdoor_temperature_c'],
  },
];

/** The curves that a meter can show, with what it has of each; a counter that no group names comes by itself. */
export function curveGroups(measurands: readonly string[], own: string | null): CurveGroup[] {
  const found = groups.flatMap((group) => {
    const present = group.measurands.filter((m) => measurands.includes(m));
    return present.length === 0 ? [] : [{ ...group, measurands: present }];
  });
  return own === null || found.some((g) => g.measurands.includes(own))
    ? found
    : [{ id: 'own', title: 'meter.curve.other', measurands: [own] }, ...found];
}

/** The curve of the URL, else power, else the first there is. */
export const chosenGroup = (
  available: readonly CurveGroup[],
  id: string | null | undefined,
): CurveGroup | null =>
  available.find((g) => g.id === id) ?? available.find((g) => g.id === 'power') ?? available[0] ?? null;
