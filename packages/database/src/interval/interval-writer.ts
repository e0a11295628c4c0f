import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  type BlockKey,
  type IntervalBlock,
  intervalBytes,
  intervalColumns,
  type TierBlock,
  tierBytes,
  tierColumns,
} from './interval-block.ts';
import { instantText, type TimeRange } from './time-range.ts';

export type TierTable = 'interval_hour' | 'interval_day' | 'interval_month';

/** Rows that are new, changed or gone, from the first one's start to after the last one's start. */
export interface ChangedRange extends TimeRange {
  readonly meterId: number;
  readonly measurandId: number;
  /** Rows are gone: what was summed from them may have to go too. */
  readonly isDeleted?: boolean;
}

interface Target {
  readonly table: string;
  readonly columns: readonly string[];
}
const intervalTarget: Target = { table: 'interval', columns: intervalColumns };
const tierTarget = (table: TierTable): Target => ({ table, columns: tierColumns });

/** From this many rows on it is worth asking whether the range is empty. */
const straightRows = 2000;
const keyColumns = ['meter_id', 'measurand', 'start'];

/**
 * Writes base intervals: rows that are there and equal stay untouched. Returns what really changed, which is what the
 * tiers and virtual meters above depend on. The caller holds the lock of every meter.
 */
export async function writeIntervals(
  client: ClientBase,
  blocks: readonly IntervalBlock[],
): Promise<ChangedRange[]> {
  const extents = blocks.map((block) => extentOf(block, block.start_ms, block.start_ms.length));
  return writeBlocks(client, intervalTarget, { blocks, extents, bytes: intervalBytes });
}

/**
 * Deletes the rows among a block's that have another width: the site's base interval has changed. Returns where rows
 * went, which changes what is above them as much as new rows do.
 */
export async function deleteOtherWidths(
  client: ClientBase,
  blocks: readonly IntervalBlock[],
): Promise<ChangedRange[]> {
  const changed: ChangedRange[] = [];
  for (const { meterId, measurandId, duration_s, start_ms } of blocks) {
    const first = start_ms[0];
    const last = start_ms[start_ms.length - 1];
    if (first === undefined || last === undefined) continue;
    const range = { from_ms: first, to_ms: last + duration_s * 1000 };
    changed.push(
      ...(await deleteRows(client, { meterId, measurandId, ...range }, `duration_s <> ${duration_s}`)),
    );
  }
  return changed;
}

/** Deletes a stretch of base intervals that nothing stands for any more, where there are any. */
export async function deleteRows(
  client: ClientBase,
  range: ChangedRange,
  condition = 'true',
): Promise<ChangedRange[]> {
  const { meterId, measurandId, from_ms, to_ms } = range;
  if (!(to_ms > from_ms)) return [];
  const { rows } = await client.query<{ first: Date | null; last: Date | null }>(
    `WITH gone AS (
       DELETE FROM store.interval WHERE meter_id = ${meterId} AND measurand = ${measurandId}
         AND start >= '${instantText(from_ms)}' AND start < '${instantText(to_ms)}' AND ${condition} RETURNING *),
     kept AS (
       INSERT INTO store.interval_superseded
         (meter_id, measurand, start, known_until, organisation_id, quality, duration_s, delta, mean, min, max)
       SELECT g.meter_id, g.measurand, g.start, now(), g.organisation_id, g.quality, g.duration_s, g.delta, g.mean, g.min, g.max
       FROM gone g WHERE EXISTS (SELECT FROM sealed_day d WHERE d.meter_id = g.meter_id AND d.measurand = g.measurand
         AND d.start <= g.start AND g.start < d.start + make_interval(secs => d.duration_s))
       ON CONFLICT DO NOTHING)
     SELECT min(start) AS first, max(start) AS last FROM gone`,
  );
  const [row] = rows;
  if (!row?.first || !row.last) return [];
  const gone = { from_ms: row.first.getTime(), to_ms: row.last.getTime() + 1 };
  return [{ meterId, measurandId, ...gone, isDeleted: true }];
}

/** Writes rows of a tier; returns what changed. */
export async function writeTier(
  client: ClientBase,
  table: TierTable,
  blocks: readonly TierBlock[],
): Promise<ChangedRange[]> {
  const extents = blocks.map((block) => extentOf(block, block.columns.start_ms, block.columns.count));
  return writeBlocks(client, tierTarget(table), { blocks, extents, bytes: tierBytes });
}

interface Extent extends BlockKey, TimeRange {
  readonly rows: number;
}
const extentOf = (key: BlockKey, start_ms: ArrayLike<number>, rows: number): Extent => ({
  meterId: key.meterId,
  organisationId: key.organisationId,
  measurandId: key.measurandId,
  rows,
  from_ms: rows > 0 ? (start_ms[0] as number) : 0,
  to_ms: rows > 0 ? (start_ms[rows - 1] as number) + 1 : 0,
});

interface Blocks<Block> {
  readonly blocks: readonly Block[];
  readonly extents: readonly Extent[];
  readonly bytes: (blocks: readonly Block[]) => Generator<Buffer>;
}

async function writeBlocks<Block>(
  client: ClientBase,
  target: Target,
  { blocks, extents, bytes }: Blocks<Block>,
): Promise<ChangedRange[]> {
  const straight: Block[] = [];
  const merged: Block[] = [];
  const changed: ChangedRange[] = [];
  const empty = await emptyExtents(client, target, extents);
  for (const [i, extent] of extents.entries()) {
    const block = blocks[i];
    if (!block || extent.rows === 0) continue;
    if (empty.has(extent)) {
      straight.push(block);
      changed.push(extent);
    } else merged.push(block);
  }
  if (straight.length > 0) await copy(client, { ...target, table: `store.${target.table}` }, bytes(straight));
  if (merged.length > 0) changed.push(...(await merge(client, target, bytes(merged))));
  return changed;
}

/** Those of the extents that hold no row yet, so that theirs can go in by plain COPY. */
async function emptyExtents(
  client: ClientBase,
  { table }: Target,
  extents: readonly Extent[],
): Promise<ReadonlySet<Extent>> {
  if (extents.reduce((sum, extent) => sum + extent.rows, 0) < straightRows) return new Set();
  const asked = extents.map(
    (extent, n) =>
      `(${n}, ${extent.meterId}, ${extent.measurandId}::int2, '${instantText(extent.from_ms)}'::timestamptz, '${instantText(extent.to_ms)}'::timestamptz)`,
  );
  const first = instantText(Math.min(...extents.map((extent) => extent.from_ms)));
  const last = instantText(Math.max(...extents.map((extent) => extent.to_ms)));
  const { rows } = await client.query<{ n: number }>(
    `SELECT w.n FROM (VALUES ${asked.join(', ')}) AS w (n, meter_id, measurand, from_at, to_at)
     WHERE (SELECT start FROM store.${table} t WHERE t.meter_id = w.meter_id AND t.measurand = w.measurand
       AND t.start >= w.from_at AND t.start < w.to_at AND t.start >= '${first}' AND t.start < '${last}' LIMIT 1) IS NULL`,
  );
  return new Set(rows.flatMap(({ n }) => extents[n] ?? []));
}

async function copy(client: ClientBase, target: Target, bytes: Generator<Buffer>): Promise<void> {
  const stream = client.query(
    copyFrom(`COPY ${target.table} (${target.columns.join(', ')}) FROM STDIN (FORMAT binary)`),
  );
  await pipeline(Readable.from(bytes), stream);
}

async function merge(client: ClientBase, target: Target, bytes: Generator<Buffer>): Promise<ChangedRange[]> {
  const arrived = `arrived_${target.table}`;
  await client.query(
    `CREATE TEMPORARY TABLE IF NOT EXISTS ${arrived} (LIKE store.${target.table}) ON COMMIT DELETE ROWS`,
  );
  await copy(client, { ...target, table: arrived }, bytes);
  const values = target.columns.filter((name) => !keyColumns.includes(name));
  const list = (prefix: string): string => values.map((name) => `${prefix}.${name}`).join(', ');
  const { rows } = await client.query<{ meter_id: number; measurand: number; first: Date; last: Date }>(
    `WITH written AS (
       INSERT INTO store.${target.table} AS old (${target.columns.join(', ')})
       SELECT ${target.columns.join(', ')} FROM ${arrived} ORDER BY meter_id, measurand, start
       ON CONFLICT (meter_id, measurand, start) DO UPDATE
       SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}
       WHERE (${list('old')}) IS DISTINCT FROM (${list('excluded')})
       RETURNING meter_id, measurand, start)
     SELECT meter_id, measurand, min(start) AS first, max(start) AS last FROM written GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  await client.query(`DELETE FROM ${arrived}`);
  return rows.map((row) => ({
    meterId: row.meter_id,
    measurandId: row.measurand,
    from_ms: row.first.getTime(),
    to_ms: row.last.getTime() + 1,
  }));
}
