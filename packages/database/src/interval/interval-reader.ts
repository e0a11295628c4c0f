import type { ClientBase } from 'pg';
import { type ColumnKind, copyColumns } from '../series/column-reader.ts';
import { runsOf } from '../series/reading-reader.ts';
import { instantText, type TimeRange } from './time-range.ts';

/** Base intervals of one meter and measurand in order; NaN is NULL. */
export interface IntervalSeries {
  readonly start_ms: Float64Array;
  readonly quality: Uint8Array;
  readonly delta: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

export interface IntervalKey extends TimeRange {
  readonly meterId: number;
  readonly measurandId: number;
}

/** The table, or for the API its barrier view of the organisation in scope. */
export type IntervalSource = 'store.interval' | 'public.interval';

/** Base intervals with their start in [from, to). */
export async function readIntervals(
  client: ClientBase,
  key: IntervalKey,
  source: IntervalSource = 'store.interval',
): Promise<IntervalSeries> {
  const [series] = await readIntervalsOf(client, [key], source);
  if (!series) throw new Error('a series that was asked for was not read');
  return series;
}

const columns = ['start', 'quality', 'delta', 'mean', 'min', 'max'].join(', ');
const kinds: readonly ColumnKind[] = ['int4', 'instant', 'int2', 'int8', 'float8', 'float8', 'float8'];

/** Base intervals of several meters and measurands, each over its own range, in the order of the keys, in one query. */
export async function readIntervalsOf(
  client: ClientBase,
  keys: readonly IntervalKey[],
  source: IntervalSource = 'store.interval',
): Promise<IntervalSeries[]> {
  if (keys.length === 0) return [];
  if (keys.some((key) => !Number.isSafeInteger(key.meterId) || !Number.isSafeInteger(key.measurandId)))
    throw new RangeError('Meter and measurand are integers');
  const wanted = keys.map(
    (key, n) =>
      `(${n}, ${key.meterId}, ${key.measurandId}::int2, '${instantText(key.from_ms)}'::timestamptz, '${instantText(key.to_ms)}'::timestamptz)`,
  );
  const first = instantText(Math.min(...keys.map((key) => key.from_ms)));
  const last = instantText(Math.max(...keys.map((key) => key.to_ms)));
  const block = await copyColumns(
    client,
    `SELECT w.n, i.* FROM (VALUES ${wanted.join(', ')}) AS w (n, meter_id, measurand, from_at, to_at)
     CROSS JOIN LATERAL (SELECT ${columns} FROM ${source} WHERE meter_id = w.meter_id AND measurand = w.measurand
       AND start >= w.from_at AND start < w.to_at AND start >= '${first}' AND start < '${last}' ORDER BY start) i`,
    kinds,
  );
  const [place, start_ms, quality, delta, mean, min, max] = block.columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return runsOf(place, keys.length).map(([from, to]) => ({
    start_ms: start_ms.subarray(from, to),
    quality: new Uint8Array(quality.subarray(from, to)),
    delta: delta.subarray(from, to),
    mean: mean.subarray(from, to),
    min: min.subarray(from, to),
    max: max.subarray(from, to),
  }));
}
