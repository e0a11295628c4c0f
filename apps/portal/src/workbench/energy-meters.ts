import type { Meter } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';

const rank = { total: 0, main: 1 } as Readonly<Record<string, number>>;

/** Meters that count energy or the volume of a carrier, the site's totals first; production and weather are variables. */
export const energyMeters = (meters: readonly Meter[]): Meter[] =>
  meters
    .filter(
      (m) =>
        m.role !== 'variable' &&
        m.measurand !== null &&
        ['Wh', 'l'].includes(findMeasurand(m.measurand)?.unit ?? ''),
    )
    .sort((a, b) => (rank[a.role] ?? 2) - (rank[b.role] ?? 2));
