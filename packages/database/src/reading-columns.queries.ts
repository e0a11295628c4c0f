import {
  baseBoundaries,
  counterIntervals,
  gaugeIntervals,
  type Measurand,
  periodBoundaries,
  type TierColumns,
  tier,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { IntervalMeter } from './interval/interval-meter.ts';
import { counterRules, dropUnusable } from './interval/physical-intervals.ts';
import type { TimeRange } from './interval/time-range.ts';
import type { Scope } from './scope.ts';
import { copyColumns } from './series/column-reader.ts';
import { type ReadingRange, type ReadingSeries, readingQuery } from './series/reading-reader.ts';
import type { Tier } from './tier.ts';

/** Readings that one answer may be made of, in values: rows × measurands. What it reads is taken off. */
export interface ReadingBudget {
  values: number;
}

/** Thrown where a range holds more than the budget allows. */
export class ReadingBudgetSpent extends Error {
  constructor() {
    super('The range holds more readings than one answer may be made of');
  }
}

/**
 * Readings of one meter that the scope's organisation owns, in order of time.
 * @throws ReadingBudgetSpent
 */
export async function readReadingColumns(
  client: PoolClient,
  scope: Scope,
  range: ReadingRange,
  budget: ReadingBudget,
): Promise<ReadingSeries> {
  const { query, kinds } = readingQuery('public.reading', range, scope.organisationId);
  const rows = Math.floor(budget.values / Math.max(1, range.measurands.length));
  const block = await copyColumns(client, `SELECT * FROM (${query}) own LIMIT ${rows + 1}`, kinds);
  if (block.count > rows) throw new ReadingBudgetSpent();
  budget.values -= block.count * range.measurands.length;
  const [at_ms, quality, ...columns] = block.columns as [Float64Array, Float64Array, ...Float64Array[]];
  return { count: block.count, at_ms, quality: new Uint8Array(quality), columns };
}

/** What a boundary is interpolated from may lie this far outside the range. */
const reach_ms = 86_400_000;

/**
 * Intervals of measurands that are not kept as intervals, computed from readings by the arithmetic that computes the kept
 * ones: base intervals first, longer ones as their sums in the site's zone. In the order of `measurands`.
 * @throws ReadingBudgetSpent
 */
export async function computeIntervalColumns(
  client: PoolClient,
  scope: Scope,
  wanted: TimeRange & {
    readonly meter: IntervalMeter;
    readonly measurands: readonly Measurand[];
    readonly tier: Tier;
  },
  budget: ReadingBudget,
): Promise<TierColumns[]> {
  const { meter, measurands, from_ms, to_ms } = wanted;
  const periods =
    wanted.tier === 'base'
      ? baseBoundaries(from_ms, to_ms, meter.base_ms, meter.phase_ms)
      : periodBoundaries(meter.timeZone, wanted.tier, from_ms, to_ms);
  // Only whole periods that start in the range, as a query of the kept ones gives them.
  const boundaries = periods.filter(
    (at, i) => at >= from_ms && (at < to_ms || (periods[i - 1] ?? to_ms) < to_ms),
  );
  const base_ms = baseBoundaries(
    boundaries[0] ?? from_ms,
    boundaries.at(-1) ?? from_ms,
    meter.base_ms,
    meter.phase_ms,
  );
  const first_ms = base_ms[0] ?? from_ms;
  const end_ms = base_ms.at(-1) ?? from_ms;
  const readings = await readReadingColumns(
    client,
    scope,
    {
      meterId: meter.id,
      measurands: measurands.map((m) => m.name),
      from_ms: first_ms - reach_ms,
      to_ms: end_ms + reach_ms,
    },
    budget,
  );
  dropUnusable(readings);
  return measurands.map((measurand, i) =>
    tier(
      baseIntervals(meter, measurand, { readings, values: readings.columns[i] as Float64Array, base_ms }),
      boundaries,
      { width_ms: meter.base_ms },
    ),
  );
}

/** Base intervals of one measurand over given boundaries; what is not over yet is not there. */
export function baseIntervals(
  meter: IntervalMeter,
  measurand: Measurand,
  {
    readings,
    values,
    base_ms,
  }: {
    readonly readings: ReadingSeries;
    readonly values: Float64Array;
    readonly base_ms: readonly number[];
  },
): Parameters<typeof tier>[0] {
  if (measurand.kind === 'counter') {
    const result = counterIntervals({
      at_ms: readings.at_ms,
      index: values,
      rules: counterRules(meter),
      events: meter.events.get(measurand.name) ?? [],
      boundaries_ms: base_ms,
    });
    return {
      start_ms: base_ms.slice(result.from, result.to),
      quality: result.quality.subarray(result.from, result.to),
      delta: result.delta.subarray(result.from, result.to),
    };
  }
  const result = gaugeIntervals({ at_ms: readings.at_ms, value: values, boundaries_ms: base_ms });
  return {
    start_ms: base_ms.slice(result.from, result.to),
    quality: result.quality.subarray(result.from, result.to),
    mean: result.mean.subarray(result.from, result.to),
    min: result.min.subarray(result.from, result.to),
    max: result.max.subarray(result.from, result.to),
  };
}
