/**
 * Energy of periods spread evenly in time over others: bills to days, days to hours, hours to months. Energy is kept:
 * what lies in the new periods adds up to what lay in the old ones between the first and the last boundary.
 */
export interface EnergyPeriod {
  readonly start_ms: number;
  readonly end_ms: number;
  /** NaN where unknown. */
  readonly energy: number;
}

export interface ResampledPeriod extends EnergyPeriod {
  /** Share of the period whose energy is known; the energy is that of the known share, NaN where nothing is known. */
  readonly knownShare: number;
}

/**
 * One period between each pair of neighbouring boundaries. Sources ascend and do not overlap; throws RangeError where
 * they do, since shared time would be counted twice.
 */
export function resampleEnergy(
  periods: readonly EnergyPeriod[],
  boundaries_ms: ArrayLike<number>,
): readonly ResampledPeriod[] {
  for (let i = 1; i < periods.length; i++)
    if ((periods[i] as EnergyPeriod).start_ms < (periods[i - 1] as EnergyPeriod).end_ms)
      throw new RangeError('Periods to resample overlap or do not ascend');
  const result: ResampledPeriod[] = [];
  let first = 0;
  for (let b = 1; b < boundaries_ms.length; b++) {
    const start_ms = boundaries_ms[b - 1] as number;
    const end_ms = boundaries_ms[b] as number;
    while (first < periods.length && (periods[first] as EnergyPeriod).end_ms <= start_ms) first++;
    let energy = 0;
    let known_ms = 0;
    for (let i = first; i < periods.length; i++) {
      const period = periods[i] as EnergyPeriod;
      if (period.start_ms >= end_ms) break;
      if (!Number.isFinite(period.energy)) continue;
      const common_ms = Math.min(period.end_ms, end_ms) - Math.max(period.start_ms, start_ms);
      energy += (period.energy * common_ms) / (period.end_ms - period.start_ms);
      known_ms += common_ms;
    }
    result.push({
      start_ms,
      end_ms,
      energy: known_ms > 0 ? energy : Number.NaN,
      knownShare: known_ms / (end_ms - start_ms),
    });
  }
  return result;
}
