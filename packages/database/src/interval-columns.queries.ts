import {
  findMeasurandById,
  intervalQualityCode,
  type MeasurandKind,
  type TierColumns,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';
import { type ColumnBlock, type ColumnKind, copyColumns } from './series/column-reader.ts';
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
type ValueColumn = readonly [name: 'delta' | 'mean' | 'min' | 'max', kind: ColumnKind];
/** Columns of values: a counter has no mean, a gauge no delta. */
const valueColumns: Readonly<Record<MeasurandKind, readonly ValueColumn[]>> = {
  counter: [['delta', 'int8']],
  gauge: [
    ['mean', 'float8'],
    ['min', 'float8'],
    ['max', 'float8'],
  ],
};

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
  const kinds = new Set(range.measurandIds.map((id) => findMeasurandById(id)?.kind ?? 'gauge'));
  const values: readonly ValueColumn[] = [...kinds].flatMap((kind) => valueColumns[kind]);
  const classes = tier === 'base' ? ['quality'] : counts;
  const block = await copyColumns(
    client,
    `SELECT ${['meter_id', 'measurand', 'start', 'duration_s', ...values.map(([name]) => name), ...classes].join(', ')} FROM ${view[tier]}
     WHERE organisation_id = ${integer(scope.organisationId)} AND meter_id IN (${range.meterIds.map(integer).join()})
       AND measurand IN (${range.measurandIds.map(integer).join()})
       AND start >= '${from.toISOString()}' AND start < '${to.toISOString()}'
     ORDER BY meter_id, measurand, start LIMIT ${integer(limit)}`,
    [
      'int4',
      'int2',
      'instant',
      'int4',
      ...values.map(([, kind]) => kind),
      ...(tier === 'base' ? (['int2'] as const) : counts.map(() => 'int4' as const)),
    ],
  );
  return bySeries(block, values, tier === 'base' ? classCounts : storedCounts);
}

function integer(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} is not an integer`);
}

type Counts = Pick<TierColumns, (typeof counts)[number]>;

function bySeries(
  { columns, count }: ColumnBlock,
  values: readonly ValueColumn[],
  countsOf: (columns: readonly Float64Array[]) => Counts,
): ReadonlyMap<string, TierColumns> {
  const [meter, measurand] = columns as [Float64Array, Float64Array];
  const unknown = new Float64Array(count).fill(Number.NaN);
  const found = new Map<string, TierColumns>();
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && meter[to] === meter[from] && measurand[to] === measurand[from]) to++;
    const part = (column: Float64Array | undefined): Float64Array => (column ?? unknown).subarray(from, to);
    const named = (name: ValueColumn[0]): Float64Array => {
      const position = values.findIndex(([own]) => own === name);
      return part(position < 0 ? undefined : columns[4 + position]);
    };
    found.set(seriesKey(meter[from] as number, measurand[from] as number), {
      count: to - from,
      start_ms: part(columns[2]),
      duration_s: part(columns[3]),
      delta: named('delta'),
      mean: named('mean'),
      min: named('min'),
      max: named('max'),
      ...countsOf(columns.slice(4 + values.length).map(part)),
    });
    from = to;
  }
  return found;
}

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
