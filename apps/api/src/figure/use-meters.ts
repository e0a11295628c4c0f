import type { MeterRow } from '@wattproof/database/queries';

type UseMeter = Pick<MeterRow, 'id' | 'role' | 'parentId' | 'energyUse' | 'carrier' | 'measurand'>;

/**
 * Meters whose sum is a use's consumption: those of role `use` that no other use meter of the same carrier contains, so that
 * nothing is counted twice.
 */
export function topUseMeters<Meter extends UseMeter>(meters: readonly Meter[]): Meter[] {
  const byId = new Map(meters.map((m) => [m.id, m]));
  const isContained = (meter: Meter): boolean => {
    const passed = new Set<number>([meter.id]);
    for (let parent = byId.get(meter.parentId ?? -1); parent; parent = byId.get(parent.parentId ?? -1)) {
      if (passed.has(parent.id)) return false;
      passed.add(parent.id);
      if (parent.role === 'use' && parent.carrier === meter.carrier) return true;
    }
    return false;
  };
  return meters.filter((m) => m.role === 'use' && m.energyUse !== null && !isContained(m));
}

/** The meter that stands for the whole site's consumption of a carrier: its total, else its only main meter. */
export function totalMeters<Meter extends UseMeter>(meters: readonly Meter[]): Meter[] {
  const totals = meters.filter((m) => m.role === 'total');
  const covered = new Set(totals.map((m) => m.carrier));
  const mains = meters.filter((m) => m.role === 'main' && !covered.has(m.carrier));
  const alone = mains.filter((m) => mains.filter((other) => other.carrier === m.carrier).length === 1);
  return [...totals, ...alone];
}
