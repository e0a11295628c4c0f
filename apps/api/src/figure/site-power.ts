import type { LatestRow, TermRow } from '@wattproof/database/queries';
import { latestValues } from '../meter/meter-view.ts';

/** A value of power with the instant of the oldest reading in it. */
export interface PowerNow {
  readonly value_w: number;
  readonly at_ms: number;
}

/** Newest active power of a meter. */
export function powerOf(row: LatestRow | undefined): PowerNow | null {
  const value = row && latestValues(row).active_power_w;
  return value ? { value_w: value[0], at_ms: value[1] } : null;
}

/**
 * Weight of each source meter's active power in a virtual meter's power: P is signed, import into the metered object
 * positive, so an export counter that is subtracted is P's negative side and already in it.
 *
 *     weight = sign of the import term, or − sign of the export term where there is no import term
 */
export function powerWeights(terms: readonly TermRow[]): ReadonlyMap<number, 1 | -1> {
  const weights = new Map<number, 1 | -1>();
  for (const term of terms)
    if (term.sourceMeasurand === 'active_energy_import_wh') weights.set(term.sourceMeterId, term.sign);
  for (const term of terms)
    if (term.sourceMeasurand === 'active_energy_export_wh' && !weights.has(term.sourceMeterId))
      weights.set(term.sourceMeterId, term.sign === 1 ? -1 : 1);
  return weights;
}

/** Σ weight × P of the newest readings; null where a source has none: a partial sum would be a wrong one. */
export function sumOfPower(
  weights: ReadonlyMap<number, 1 | -1>,
  latest: ReadonlyMap<number, LatestRow>,
): PowerNow | null {
  let value_w = 0;
  let at_ms = Number.POSITIVE_INFINITY;
  for (const [meterId, weight] of weights) {
    const power = powerOf(latest.get(meterId));
    if (!power) return null;
    value_w += weight * power.value_w;
    at_ms = Math.min(at_ms, power.at_ms);
  }
  return weights.size === 0 ? null : { value_w, at_ms };
}
