import { intervalQualityCode, type TierColumns } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';
import { type ColumnKind, copyColumns } from './series/column-reader.ts';
import type { Tier } from './series.queries.ts';

/** Intervals of some meters and measurands that start in [from, to). */
export interface IntervalColumnsRange {
  readonly meterIds: readonly number[];
  readonly measurandIds: readonly number[];
  readonly from: Date;
  readonly to: Date;
  /** Most rows in all. */
  readonly limit: number;
}

const view: Readonly<Record<Tier, string>> = {
  base: 'public.interval',
  hour: 'public.interval_hour',
  day: 'public.interval_day',
  month: 'public.interval_month',
};
const counts = ['n_measured', 'n_interpolated', 'n_estimated', 'n_manual', 'n_missing'] as const;
const valueColumns = ['meter_id', 'measurand', 'start', 'duration_s', 'delta', 'mean', 'min', 'max'] as const;
const valueKinds: readonly ColumnKind[] = [
  'int4',
  'int2',
  'instant',
  'int4',
  'int8',
  'float8',
  'float8',
  'float8',
];

/** Key of a series in the answers of this module. */
export const seriesKey = (meterId: number, measurandId: number): string => `${meterId}/${measurandId}`;

/**
 * Intervals as typed arrays, in order of time, by `seriesKey`; a series without any is not in the map. A base interval
 * counts itself in the class it has.
 */
export async function readIntervalColumns(
  client: PoolClient,
  scope: Scope,
  tier: Tier,
  range: IntervalColumnsRange,
): Promise<ReadonlyMap<string, TierColumns>> {
  const { from, to, limit } = range;
  if (range.meterIds.length === 0 || range.measurandIds.length === 0) return new Map();
  const classes = tier === 'base' ? ['quality'] : counts;
  const block = await copyColumns(
    client,
    `SELECT ${[...valueColumns, ...classes].join(', ')} FROM ${view[tier]}
     WHERE organisation_id = ${integer(scope.organisationId)} AND meter_id IN (${range.meterIds.map(integer).join()})
       AND measurand IN (${range.measurandIds.map(integer).join()})
       AND start >= '${from.toISOString()}' AND start < '${to.toISOString()}'
     ORDER BY meter_id, measurand, start LIMIT ${integer(limit)}`,
    [...valueKinds, ...(tier === 'base' ? (['int2'] as const) : counts.map(() => 'int4' as const))],
  );
  return bySeries(block.columns, block.count, tier === 'base' ? classCounts : storedCounts);
}

function integer(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} is not an integer`);
}

type Counts = Pick<TierColumns, (typeof counts)[number]>;

function bySeries(
  columns: readonly Float64Array[],
  count: number,
  countsOf: (columns: readonly Float64Array[]) => Counts,
): ReadonlyMap<string, TierColumns> {
  const [meter, measurand] = columns as [Float64Array, Float64Array];
  const found = new Map<string, TierColumns>();
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && meter[to] === meter[from] && measurand[to] === measurand[from]) to++;
    const of = columns.map((column) => column.subarray(from, to)) as [Float64Array, ...Float64Array[]];
    const [, , start_ms, duration_s, delta, mean, min, max, ...classes] = of as unknown as Series;
    found.set(seriesKey(meter[from] as number, measurand[from] as number), {
      count: to - from,
      start_ms,
      duration_s,
      delta,
      mean,
      min,
      max,
      ...countsOf(classes),
    });
    from = to;
  }
  return found;
}
type Series = readonly [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  ...Float64Array[],
];

const storedCounts = (columns: readonly Float64Array[]): Counts =>
  Object.fromEntries(counts.map((name, c) => [name, new Uint32Array(columns[c] ?? [])])) as unknown as Counts;

/** One interval in the class that its code names. */
function classCounts([quality = new Float64Array()]: readonly Float64Array[]): Counts {
  const of = (code: number): Uint32Array => Uint32Array.from(quality, (own) => (own === code ? 1 : 0));
  return {
    n_measured: of(intervalQualityCode('measured')),
    n_interpolated: of(intervalQualityCode('interpolated')),
    n_estimated: of(intervalQualityCode('estimated')),
    n_manual: of(intervalQualityCode('manual')),
    n_missing: of(intervalQualityCode('missing')),
  };
}
