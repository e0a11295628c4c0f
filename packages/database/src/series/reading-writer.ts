import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type MeasurandName, measurandOf } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { arrayParameter, readingColumns, readingRows, textArrayParameter } from './binary-format.ts';
import { upsertLatest } from './latest-writer.ts';
import type { ReadingBatch } from './reading-batch.ts';
import { type OrderedBatch, orderBatch } from './reading-order.ts';
import { rareColumn, readingValue } from './reading-value.ts';

/** What became of a batch. `rows` = `inserted` + `filled` + `unchanged` + repetitions within the batch. */
export interface WriteResult {
  /** New rows. */
  readonly inserted: number;
  /** Rows that were there and got further measurands. */
  readonly filled: number;
  /** Rows that were there already and stay as they are. */
  readonly unchanged: number;
  /** Values that contradict a stored one: the stored one stays, both are in `store.reading_conflict`. */
  readonly conflicts: number;
}

/** Readings of one meter further apart than this get marks of their own, so that late data does not dirty what lies between. */
const markGap_ms = 6 * 3_600_000;

/**
 * Writes readings, the newest values (`store.latest`) and what must be computed anew (`store.dirty`), all in the caller's
 * transaction. Any number of times, in any order, in any batches: the stored rows are the same.
 *
 * Rows go straight into the hypertable; where one of them is there already, this batch goes again through a temporary table.
 * The batch is put in order in place (`orderBatch`).
 * @throws RangeError where a counter is not an integer from 0 to 2^53 or a gauge is not finite; nothing was sent then.
 */
export async function writeReadings(client: ClientBase, batch: ReadingBatch): Promise<WriteResult> {
  if (batch.count === 0) return { inserted: 0, filled: 0, unchanged: 0, conflicts: 0 };
  const ordered = orderBatch(batch);
  const { order } = ordered;
  await client.query('SAVEPOINT straight');
  let result: WriteResult;
  try {
    await copyRows(client, 'store.reading', batch, order);
    await client.query('RELEASE SAVEPOINT straight');
    await markDirty(client, stretches(batch, ordered));
    result = { inserted: order.length, filled: 0, unchanged: 0, conflicts: 0 };
  } catch (error) {
    if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
    await client.query('ROLLBACK TO SAVEPOINT straight');
    result = await mergeRows(client, batch, ordered);
  }
  const inBatch = await recordConflicts(client, batch, ordered);
  await upsertLatest(client, batch, ordered);
  return { ...result, conflicts: result.conflicts + inBatch };
}

/** `writeReadings` in a transaction of its own. */
export async function commitReadings(client: ClientBase, batch: ReadingBatch): Promise<WriteResult> {
  await client.query('BEGIN');
  try {
    const result = await writeReadings(client, batch);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const uniqueViolation = '23505';

async function copyRows(
  client: ClientBase,
  table: string,
  batch: ReadingBatch,
  order: Int32Array,
): Promise<void> {
  const stream = client.query(
    copyFrom(`COPY ${table} (${readingColumns(batch).join(', ')}) FROM STDIN (FORMAT binary)`),
  );
  await pipeline(Readable.from(readingRows(batch, order)), stream);
}

const reachOf = (batch: ReadingBatch): { readonly from: Date; readonly to: Date } => {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < batch.count; row++) {
    const at = batch.at_ms[row] as number;
    if (at < from) from = at;
    if (at > to) to = at;
  }
  return { from: new Date(from), to: new Date(to) };
};

/** The batch again, where some of its keys are stored already: inserts what is new and fills what is null. */
async function mergeRows(
  client: ClientBase,
  batch: ReadingBatch,
  { order }: OrderedBatch,
): Promise<WriteResult> {
  await client.query(
    'CREATE TEMPORARY TABLE IF NOT EXISTS arrived (LIKE store.reading INCLUDING DEFAULTS) ON COMMIT DROP',
  );
  await client.query('TRUNCATE arrived');
  await copyRows(client, 'arrived', batch, order);
  const names = [...batch.values.keys()];
  const conflicts = names.length > 0 ? await recordStoredConflicts(client, batch, names) : 0;
  const columns = readingColumns(batch).join(', ');
  const fill =
    names.length > 0
      ? `DO UPDATE SET ${fillColumns(names)} WHERE ${names.map(fills).join(' OR ')}`
      : 'DO NOTHING';
  const written = await client.query<{ meter_id: number; at: Date; is_new: boolean }>(
    `INSERT INTO store.reading (${columns}) SELECT ${columns} FROM arrived ORDER BY meter_id, at
     ON CONFLICT (meter_id, at) ${fill} RETURNING meter_id, at, xmax = 0 AS is_new`,
  );
  const marks: Stretch[] = [];
  let inserted = 0;
  for (const { meter_id, at, is_new } of written.rows) {
    if (is_new) inserted++;
    extend(marks, meter_id, at.getTime());
  }
  await markDirty(client, marks);
  const touched = written.rows.length;
  return { inserted, filled: touched - inserted, unchanged: order.length - touched, conflicts };
}

const fills = (name: MeasurandName): string =>
  `(${readingValue(name, 'reading')} IS NULL AND ${readingValue(name, 'excluded')} IS NOT NULL)`;

function fillColumns(names: readonly MeasurandName[]): string {
  const filled = names.map((name) => `CASE WHEN ${fills(name)} THEN '${name}' END`).join(', ');
  const isRare = (name: MeasurandName): boolean => measurandOf(name).isRare;
  return [
    ...names
      .filter((name) => !isRare(name))
      .map((name) => `${name} = coalesce(reading.${name}, excluded.${name})`),
    ...(names.some(isRare)
      ? [
          `${rareColumn} = nullif(coalesce(excluded.${rareColumn}, '{}') || coalesce(reading.${rareColumn}, '{}'), '{}')`,
        ]
      : []),
    // What was said of a measurand when it could not be read is over once it is filled.
    `exceptions = nullif(coalesce(excluded.exceptions, '{}') ||
       (coalesce(reading.exceptions, '{}') - array_remove(ARRAY[${filled}], NULL)), '{}')`,
  ].join(', ');
}

async function recordStoredConflicts(
  client: ClientBase,
  batch: ReadingBatch,
  names: readonly MeasurandName[],
): Promise<number> {
  const { from, to } = reachOf(batch);
  const pairs = names
    .map((name) => `('${name}', ${readingValue(name, 'r')}::float8, ${readingValue(name, 'a')}::float8)`)
    .join(', ');
  const recorded = await client.query(
    `INSERT INTO store.reading_conflict (organisation_id, meter_id, at, measurand, stored, arrived, received_at)
     SELECT a.organisation_id, a.meter_id, a.at, v.measurand, v.stored, v.arrived, a.received_at
     FROM arrived a JOIN store.reading r ON r.meter_id = a.meter_id AND r.at = a.at
     CROSS JOIN LATERAL (VALUES ${pairs}) AS v (measurand, stored, arrived)
     WHERE r.at BETWEEN $1 AND $2 AND v.stored <> v.arrived
     ON CONFLICT (meter_id, at, measurand, arrived) DO NOTHING`,
    [from, to],
  );
  return recorded.rowCount ?? 0;
}

/** Contradictions within the batch: of what arrived the first is stored, unless something was stored before. */
async function recordConflicts(
  client: ClientBase,
  batch: ReadingBatch,
  { conflicts }: OrderedBatch,
): Promise<number> {
  if (conflicts.length === 0) return 0;
  const { from, to } = reachOf(batch);
  const rows = conflicts.map((c) => c.row);
  const names = [...new Set(conflicts.map((c) => c.measurand))];
  const stored = `CASE c.measurand ${names.map((name) => `WHEN '${name}' THEN ${readingValue(name, 'r')}::float8`).join(' ')} END`;
  const recorded = await client.query(
    `INSERT INTO store.reading_conflict (organisation_id, meter_id, at, measurand, stored, arrived, received_at)
     SELECT r.organisation_id, c.meter_id, c.at, c.measurand, ${stored}, c.arrived, c.received_at
     FROM unnest($1::int4[], $2::timestamptz[], $3::text[], $4::float8[], $5::timestamptz[])
       AS c (meter_id, at, measurand, arrived, received_at)
     JOIN store.reading r ON r.meter_id = c.meter_id AND r.at = c.at
     WHERE r.at BETWEEN $6 AND $7 AND ${stored} <> c.arrived
     ON CONFLICT (meter_id, at, measurand, arrived) DO NOTHING`,
    [
      arrayParameter(
        'int4',
        rows.map((row) => batch.meterId[row] as number),
      ),
      arrayParameter(
        'timestamptz',
        rows.map((row) => batch.at_ms[row] as number),
      ),
      textArrayParameter(
        'text',
        conflicts.map((c) => c.measurand),
      ),
      arrayParameter(
        'float8',
        conflicts.map((c) => c.arrived),
      ),
      arrayParameter(
        'timestamptz',
        rows.map((row) => batch.receivedAt_ms[row] as number),
      ),
      from,
      to,
    ],
  );
  return recorded.rowCount ?? 0;
}

/** New readings of one meter from the first to the last instant, both included. */
interface Stretch {
  readonly meterId: number;
  readonly from_ms: number;
  to_ms: number;
}

/** Adds an instant of a meter; meters come one after the other, instants ascend. */
function extend(marks: Stretch[], meterId: number, at_ms: number): void {
  const last = marks[marks.length - 1];
  if (last && last.meterId === meterId && at_ms - last.to_ms <= markGap_ms && at_ms >= last.to_ms)
    last.to_ms = at_ms;
  else marks.push({ meterId, from_ms: at_ms, to_ms: at_ms });
}

function stretches(batch: ReadingBatch, { order, groups }: OrderedBatch): Stretch[] {
  const marks: Stretch[] = [];
  for (const { meterId, from, to } of groups)
    for (let i = from; i < to; i++) extend(marks, meterId, batch.at_ms[order[i] as number] as number);
  return marks;
}

async function markDirty(client: ClientBase, marks: readonly Stretch[]): Promise<void> {
  if (marks.length === 0) return;
  await client.query({
    name: 'mark_dirty',
    text: `INSERT INTO store.dirty (meter_id, from_at, to_at)
     SELECT * FROM unnest($1::int4[], $2::timestamptz[], $3::timestamptz[])`,
    values: [
      arrayParameter(
        'int4',
        marks.map((m) => m.meterId),
      ),
      arrayParameter(
        'timestamptz',
        marks.map((m) => m.from_ms),
      ),
      arrayParameter(
        'timestamptz',
        marks.map((m) => m.to_ms),
      ),
    ],
  });
}
