import { type MeasurandName, measurandOf } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { type ColumnKind, copyColumns } from './column-reader.ts';
import { readingValueAs } from './reading-value.ts';

/** Readings of one meter in order of time. Absent values are NaN. */
export interface ReadingSeries {
  readonly count: number;
  readonly at_ms: Float64Array;
  /** Row code (`readingQualities`). */
  readonly quality: Uint8Array;
  /** In the order asked for, each as long as `count`. */
  readonly columns: readonly Float64Array[];
}

/** The table, or for the API, which has no grant on it, its barrier view of the organisation in scope. */
export type ReadingSource = 'store.reading' | 'public.reading';

export interface ReadingRange {
  readonly meterId: number;
  readonly measurands: readonly MeasurandName[];
  /** Half-open: [from, to). */
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Readings of one meter over [from, to), ascending, as typed arrays. */
export async function readReadings(
  client: ClientBase,
  range: ReadingRange,
  source: ReadingSource = 'store.reading',
): Promise<ReadingSeries> {
  const { query, kinds } = readingQuery(source, range);
  const block = await copyColumns(client, query, kinds);
  const [at_ms, quality, ...columns] = block.columns as [Float64Array, Float64Array, ...Float64Array[]];
  return { count: block.count, at_ms, quality: new Uint8Array(quality), columns };
}

/** Ranges of meters, all for the same measurands. */
export type MeterRange = Omit<ReadingRange, 'measurands'>;

/** Readings of several meters, each over its own range, in the order of the ranges, in one query; for short ranges. */
export async function readReadingsOf(
  client: ClientBase,
  ranges: readonly MeterRange[],
  {
    measurands: names,
    source,
  }: { readonly measurands: readonly MeasurandName[]; readonly source: ReadingSource },
): Promise<ReadingSeries[]> {
  const measurands = names.map(measurandOf);
  const columns = ['at', 'quality', ...names.map(readingValueAs)].join(', ');
  const wanted = ranges.map(
    (range, n) =>
      `(${n}, ${requireInteger(range.meterId)}, '${instant(range.from_ms)}'::timestamptz, '${instant(range.to_ms)}'::timestamptz)`,
  );
  const first = instant(Math.min(...ranges.map((range) => range.from_ms)));
  const last = instant(Math.max(...ranges.map((range) => range.to_ms)));
  const query = `SELECT w.n, r.* FROM (VALUES ${wanted.join(', ')}) AS w (n, meter_id, from_at, to_at)
    CROSS JOIN LATERAL (SELECT ${columns} FROM ${source} WHERE meter_id = w.meter_id AND at >= w.from_at AND at < w.to_at
      AND at >= '${first}' AND at < '${last}' ORDER BY at) r`;
  const kinds = measurands.map((m): ColumnKind => (m.kind === 'counter' ? 'int8' : 'float8'));
  const block = await copyColumns(client, query, ['int4', 'instant', 'int2', ...kinds]);
  const [place, at_ms, quality, ...values] = block.columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  return runsOf(place, ranges.length).map(([from, to]) => ({
    count: to - from,
    at_ms: at_ms.subarray(from, to),
    quality: new Uint8Array(quality.subarray(from, to)),
    columns: values.map((column) => column.subarray(from, to)),
  }));
}

/** Where the rows of each place begin and end; rows of one place stand together. */
export function runsOf(place: Float64Array, count: number): (readonly [from: number, to: number])[] {
  const runs: (readonly [number, number])[] = Array.from({ length: count }, () => [0, 0]);
  for (let from = 0; from < place.length; ) {
    let to = from + 1;
    while (to < place.length && place[to] === place[from]) to++;
    runs[place[from] as number] = [from, to];
    from = to;
  }
  return runs;
}

/** The rows of a range, at first their instant and row code; bounds are literals, so that planning meets few chunks. */
export function readingQuery(
  source: string,
  range: ReadingRange,
  organisationId?: number,
): { readonly query: string; readonly kinds: readonly ColumnKind[] } {
  const meterId = requireInteger(range.meterId);
  const measurands = range.measurands.map(measurandOf);
  const owner =
    organisationId === undefined ? '' : `organisation_id = ${requireInteger(organisationId)} AND `;
  return {
    query: `SELECT ${['at', 'quality', ...range.measurands.map(readingValueAs)].join(', ')} FROM ${source}
    WHERE ${owner}meter_id = ${meterId} AND at >= '${instant(range.from_ms)}' AND at < '${instant(range.to_ms)}'
    ORDER BY at`,
    kinds: [
      'instant',
      'int2',
      ...measurands.map((m): ColumnKind => (m.kind === 'counter' ? 'int8' : 'float8')),
    ],
  };
}

const instant = (at_ms: number): string => new Date(at_ms).toISOString();

function requireInteger(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} is not an integer`);
}
