import { intervalQualities, type Measurand, readingQualities } from '@wattproof/energy';
import { escapeLiteral, type PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Scope } from './scope.ts';
import { type ColumnBlock, type ColumnKind, copyBlocks } from './series/column-reader.ts';
import { readingValue } from './series/reading-value.ts';
import type { Tier } from './tier.ts';

/** How rows are written as text. */
export interface CsvFormat {
  readonly separator: ',' | ';' | '\t';
  readonly decimal: '.' | ',';
  /** IANA zone of the column of local time. */
  readonly timeZone: string;
}

export interface ExportedMeter {
  readonly id: number;
  readonly name: string;
}

export interface ExportSlice {
  readonly meter: ExportedMeter;
  readonly measurands: readonly Measurand[];
  readonly from: Date;
  readonly to: Date;
}

/** Bytes held between the database and the reader. */
const buffer_bytes = 1 << 18;
/** Of the longer tiers: base intervals by class. */
export const countColumns = ['n_measured', 'n_interpolated', 'n_estimated', 'n_manual', 'n_missing'] as const;
const counts = countColumns;

/** Column heads of a file of readings; a measurand's carries its unit. */
export const readingsHead = (measurands: readonly Measurand[]): string[] => [
  'meter_id',
  'meter',
  'at',
  'local_time',
  'quality',
  'received_at',
  'skew_ms [ms]',
  ...measurands.map((m) => `${m.name} [${m.unit}]`),
];

/** Column heads of a file of intervals. */
export const intervalsHead = (tier: Tier): string[] => [
  'meter_id',
  'meter',
  'measurand',
  'unit',
  'start',
  'local_start',
  'duration_s [s]',
  'delta',
  'mean',
  'min',
  'max',
  ...(tier === 'base' ? ['quality'] : counts),
];

/** Readings of one meter as lines of CSV, in order of time. Reading it slowly slows the database down. */
export async function streamReadings(
  client: PoolClient,
  scope: Scope,
  { meter, measurands, from, to }: ExportSlice,
  format: CsvFormat,
): Promise<AsyncIterable<Buffer>> {
  await useZone(client, format);
  return stream(
    client,
    `SELECT ${integer(meter.id)}, ${textOf(meter.name)}, ${utc('at')}, ${local('at')},
       ${nameOf(readingQualities, 'quality')}, ${utc('received_at')}, skew_ms,
       ${measurands.map((m) => (m.kind === 'counter' ? readingValue(m.name) : decimal(readingValue(m.name), format))).join(', ')}
     FROM public.reading
     WHERE organisation_id = ${integer(scope.organisationId)} AND meter_id = ${integer(meter.id)}
       AND at >= '${from.toISOString()}' AND at < '${to.toISOString()}' ORDER BY reading.at`,
    format,
  );
}

/** Intervals of one meter as lines of CSV, by measurand and time. */
export async function streamIntervals(
  client: PoolClient,
  scope: Scope,
  { meter, measurands, from, to, tier }: ExportSlice & { readonly tier: Tier },
  format: CsvFormat,
): Promise<AsyncIterable<Buffer>> {
  await useZone(client, format);
  const named = measurands.map((m) => `(${integer(m.id)}, '${m.name}', '${m.unit}')`).join(', ');
  const view = tier === 'base' ? 'interval' : `interval_${tier}`;
  return stream(
    client,
    `SELECT meter_id, ${textOf(meter.name)}, of.name, of.unit, ${utc('start')}, ${local('start')}, duration_s, delta,
       ${['mean', 'min', 'max'].map((name) => decimal(name, format)).join(', ')},
       ${tier === 'base' ? nameOf(intervalQualities, 'quality') : counts.join(', ')}
     FROM public.${view} JOIN (VALUES ${named}) AS of (id, name, unit) ON of.id = measurand
     WHERE organisation_id = ${integer(scope.organisationId)} AND meter_id = ${integer(meter.id)}
       AND start >= '${from.toISOString()}' AND start < '${to.toISOString()}' ORDER BY of.id, ${view}.start`,
    format,
  );
}

/** One line of CSV, quoted as COPY does. */
export const csvLine = (cells: readonly string[], { separator }: Pick<CsvFormat, 'separator'>): string =>
  `${cells
    .map((cell) =>
      cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    )
    .join(separator)}\n`;

const useZone = (client: PoolClient, { timeZone }: CsvFormat): Promise<unknown> =>
  client.query("SELECT set_config('TimeZone', $1, true)", [timeZone]);

function stream(client: PoolClient, query: string, { separator }: CsvFormat): AsyncIterable<Buffer> {
  const delimiter = separator === '\t' ? "E'\\t'" : `'${separator}'`;
  return client.query(
    copyTo(`COPY (${query}) TO STDOUT (FORMAT csv, DELIMITER ${delimiter}, ENCODING 'UTF8')`, {
      highWaterMark: buffer_bytes,
    }),
  );
}

function integer(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} is not an integer`);
}

const utc = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** With its offset, so that an hour that exists twice is told apart. */
const local = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MSTZH:TZM')`;
const decimal = (column: string, { decimal: mark }: CsvFormat): string =>
  mark === '.' ? column : `replace((${column})::text, '.', ',')`;
const nameOf = (names: readonly string[], column: string): string =>
  `(ARRAY[${names.map((name) => `'${name}'`).join(', ')}])[${column} + 1]`;
/** A spreadsheet would run a name that begins like a formula: it is marked as text. */
const textOf = (name: string): string => escapeLiteral(/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);

/** Readings of one meter by column: instant, row code, received, skew, then the measurands. */
export const readingBlocks = (
  client: PoolClient,
  scope: Scope,
  { meter, measurands, from, to }: ExportSlice,
): AsyncIterable<ColumnBlock> =>
  copyBlocks(
    client,
    `SELECT at, quality, received_at, skew_ms, ${measurands.map((m) => readingValue(m.name)).join(', ')} FROM public.reading
     WHERE organisation_id = ${integer(scope.organisationId)} AND meter_id = ${integer(meter.id)}
       AND at >= '${from.toISOString()}' AND at < '${to.toISOString()}' ORDER BY at`,
    [
      'instant',
      'int2',
      'instant',
      'int4',
      ...measurands.map((m): ColumnKind => (m.kind === 'counter' ? 'int8' : 'float8')),
    ],
  );

/** Intervals of one meter by column: measurand, start, duration, delta, mean, min, max, then quality or counts. */
export const intervalBlocks = (
  client: PoolClient,
  scope: Scope,
  { meter, measurands, from, to, tier }: ExportSlice & { readonly tier: Tier },
): AsyncIterable<ColumnBlock> =>
  copyBlocks(
    client,
    `SELECT measurand, start, duration_s, delta, mean, min, max, ${tier === 'base' ? 'quality' : counts.join(', ')}
     FROM public.${tier === 'base' ? 'interval' : `interval_${tier}`}
     WHERE organisation_id = ${integer(scope.organisationId)} AND meter_id = ${integer(meter.id)}
       AND measurand IN (${measurands.map((m) => integer(m.id)).join()})
       AND start >= '${from.toISOString()}' AND start < '${to.toISOString()}' ORDER BY measurand, start`,
    [
      'int2',
      'instant',
      'int4',
      'int8',
      'float8',
      'float8',
      'float8',
      ...(tier === 'base' ? (['int2'] as const) : counts.map(() => 'int4' as const)),
    ],
  );
