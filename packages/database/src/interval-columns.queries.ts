import {
  findMeasurandById,
  intervalQualityCode,
  type MeasurandKind,
  type TierColumns,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';
import { queryArrays } from './series/array-reader.ts';
import type { Tier } from './tier.ts';

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
  base: 'interval',
  hour: 'interval_hour',
  day: 'interval_day',
  month: 'interval_month',
};
const counts = ['n_measured', 'n_interpolated', 'n_estimated', 'n_manual', 'n_missing'] as const;
type Counts = Pick<TierColumns, (typeof counts)[number]>;

type ValueColumn = 'delta' | 'mean' | 'min' | 'max';
/** Columns of values: a counter has no mean, a gauge no delta. */
const valueColumns: Readonly<Record<MeasurandKind, readonly ValueColumn[]>> = {
  counter: ['delta'],
  gauge: ['mean', 'min', 'max'],
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
  { meterIds, measurandIds, from, to, limit }: IntervalColumnsRange,
): Promise<ReadonlyMap<string, TierColumns>> {
  if (meterIds.length === 0 || measurandIds.length === 0) return new Map();
  const kinds = [...new Set(measurandIds.map((id) => findMeasurandById(id)?.kind ?? 'gauge'))].sort();
  const values = kinds.flatMap((kind) => valueColumns[kind]);
  const classes = tier === 'base' ? (['quality'] as const) : counts;
  const columns = ['duration_s', ...values, ...classes];
  const rows = await queryArrays(client, {
    name: `intervals-${tier}-${kinds.join('-')}`,
    text: `SELECT meter_id, measurand, array_agg(at_ms), array_agg(duration_s),
         ${[...values.map((name) => `array_agg(${name})`), ...classes.map(unlessZero)].join(', ')} FROM (
       SELECT meter_id, measurand, date_part('epoch', start) * 1000 AS at_ms, ${columns.join(', ')}
       FROM public.${view[tier]}
       WHERE organisation_id = $1 AND meter_id = ANY ($2) AND measurand = ANY ($3) AND start >= $4 AND start < $5
       ORDER BY meter_id, measurand, start LIMIT $6) point
     GROUP BY meter_id, measurand`,
    values: [scope.organisationId, meterIds, measurandIds, from, to, limit],
  });
  return new Map(rows.map((row) => seriesOf(row, values, tier === 'base' ? classCounts : storedCounts)));
}

/** Most columns of classes hold nothing but zeros: those are not sent. */
const unlessZero = (name: string): string => `CASE WHEN max(${name}) > 0 THEN array_agg(${name}) END`;

type Column = Float64Array | null;
const none = new Float64Array();

function seriesOf(
  row: readonly Column[],
  values: readonly ValueColumn[],
  countsOf: (columns: readonly Column[], length: number) => Counts,
): [string, TierColumns] {
  const [meter, measurand, start_ms, duration_s, ...rest] = row.map((column) => column ?? none) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  const unknown = new Float64Array(start_ms.length).fill(Number.NaN);
  const of = (name: ValueColumn): Float64Array =>
    (values.includes(name) ? rest[values.indexOf(name)] : null) ?? unknown;
  return [
    seriesKey(meter[0] as number, measurand[0] as number),
    {
      count: start_ms.length,
      start_ms,
      duration_s,
      delta: of('delta'),
      mean: of('mean'),
      min: of('min'),
      max: of('max'),
      ...countsOf(row.slice(4 + values.length), start_ms.length),
    },
  ];
}

function storedCounts(columns: readonly Column[], length: number): Counts {
  const of = (name: (typeof counts)[number]): Uint32Array => {
    const column = columns[counts.indexOf(name)];
    return column ? new Uint32Array(column) : new Uint32Array(length);
  };
  return {
    n_measured: of('n_measured'),
    n_interpolated: of('n_interpolated'),
    n_estimated: of('n_estimated'),
    n_manual: of('n_manual'),
    n_missing: of('n_missing'),
  };
}

/** One interval in the class that its code names; code 0, measured, throughout is not sent. */
function classCounts([codes]: readonly Column[], length: number): Counts {
  const quality = codes ?? new Float64Array(length);
  const of = (code: number): Uint32Array => {
    const count = new Uint32Array(length);
    for (let i = 0; i < length; i++) if (quality[i] === code) count[i] = 1;
    return count;
  };
  return {
    n_measured: of(intervalQualityCode('measured')),
    n_interpolated: of(intervalQualityCode('interpolated')),
    n_estimated: of(intervalQualityCode('estimated')),
    n_manual: of(intervalQualityCode('manual')),
    n_missing: of(intervalQualityCode('missing')),
  };
}
