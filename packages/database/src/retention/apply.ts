import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { everyOrganisation, withScope } from '../scope.ts';
import { type ClassPlan, settledConflict } from './plan.ts';

/** What really went. */
export interface Applied {
  readonly rows: number;
  readonly droppedChunks: number;
}

/** Table, its column of time and the column of `meter_gone` that remembers what went. */
const series = {
  readings: { hypertable: 'reading', time: 'at', gone: 'readings_before', plain: [] },
  intervals: { hypertable: 'interval', time: 'start', gone: 'intervals_before', plain: ['interval_hour'] },
} as const;

/**
 * Ends what a plan says, chunk by chunk, each in a transaction of its own that waits at most two seconds for a lock and is
 * tried again. A chunk is dropped whole where nothing else lies in it; otherwise its rows are deleted by range. Days and
 * months stay: totals and baselines rest on them.
 */
export async function applyRetention(
  pool: Pool,
  organisationId: number,
  plan: ClassPlan,
  onProgress: (rows: number) => Promise<void>,
): Promise<Applied> {
  if (plan.before === null) return { rows: 0, droppedChunks: 0 };
  if (plan.class === 'readings' || plan.class === 'intervals')
    return applySeries(
      pool,
      organisationId,
      { plan, before: plan.before, of: series[plan.class] },
      onProgress,
    );
  const sql =
    plan.class === 'deadLetters'
      ? 'DELETE FROM dead_letter WHERE organisation_id = $1 AND received_at < $2 AND resolved_at IS NOT NULL'
      : `DELETE FROM store.reading_conflict WHERE organisation_id = $1 AND received_at < $2 AND ${settledConflict}`;
  const rows = await inOwnTransaction(
    pool,
    async (client) => (await client.query(sql, [organisationId, plan.before])).rowCount ?? 0,
  );
  await onProgress(rows);
  return { rows, droppedChunks: 0 };
}

interface SeriesWork {
  readonly plan: ClassPlan;
  readonly before: Date;
  readonly of: (typeof series)[keyof typeof series];
}

interface Chunk {
  readonly range_start: Date;
  readonly range_end: Date;
}

async function applySeries(
  pool: Pool,
  organisationId: number,
  { plan, before, of }: SeriesWork,
  onProgress: (rows: number) => Promise<void>,
): Promise<Applied> {
  const { meterIds } = plan;
  if (meterIds.length === 0) return { rows: 0, droppedChunks: 0 };
  // First the mark that nothing is computed anew there, then the rows: a crash between the two loses nothing.
  await inOwnTransaction(pool, (client) =>
    client.query(
      `INSERT INTO meter_gone AS old (meter_id, organisation_id, ${of.gone})
       SELECT id, organisation_id, $2 FROM meter WHERE id = ANY ($1)
       ON CONFLICT (meter_id) DO UPDATE SET ${of.gone} = greatest(old.${of.gone}, excluded.${of.gone})`,
      [meterIds, before],
    ),
  );
  const chunks = await inOwnTransaction(
    pool,
    async (client) =>
      (
        await client.query<Chunk>(
          'SELECT range_start, range_end FROM store.chunk_list($1) WHERE range_start < $2 ORDER BY 1',
          [of.hypertable, before],
        )
      ).rows,
  );
  let rows = 0;
  let droppedChunks = 0;
  for (const chunk of chunks) {
    const ended = await inOwnTransaction(pool, (client) =>
      endChunk(client, { organisationId, meterIds, before, chunk, of }),
    );
    rows += ended.rows;
    droppedChunks += ended.dropped;
    await onProgress(rows);
  }
  for (const table of of.plain)
    await inOwnTransaction(pool, (client) =>
      client.query(
        `DELETE FROM store.${table} WHERE organisation_id = $1 AND meter_id = ANY ($2) AND start < $3`,
        [organisationId, meterIds, before],
      ),
    );
  return { rows, droppedChunks };
}

interface ChunkWork {
  readonly organisationId: number;
  readonly meterIds: readonly number[];
  readonly before: Date;
  readonly chunk: Chunk;
  readonly of: SeriesWork['of'];
}

async function endChunk(
  client: ClientBase,
  { organisationId, meterIds, before, chunk, of }: ChunkWork,
): Promise<{ readonly rows: number; readonly dropped: number }> {
  const { range_start, range_end } = chunk;
  const table = `store.${of.hypertable}`;
  const inChunk = `${of.time} >= '${range_start.toISOString()}' AND ${of.time} < '${range_end.toISOString()}'`;
  if (range_end <= before) {
    // A chunk holds all organisations: it goes whole only where nobody else has anything in it.
    const others = await client.query(
      `SELECT 1 FROM ${table} WHERE ${inChunk} AND NOT (organisation_id = $1 AND meter_id = ANY ($2)) LIMIT 1`,
      [organisationId, meterIds],
    );
    if (others.rowCount === 0) {
      const counted = await client.query<{ n: number }>(
        `SELECT count(*)::float8 AS n FROM ${table} WHERE ${inChunk}`,
      );
      const dropped = await client.query('SELECT store.drop_chunk($1, $2, $3)', [
        of.hypertable,
        range_start,
        range_end,
      ]);
      return { rows: counted.rows[0]?.n ?? 0, dropped: dropped.rowCount ?? 0 };
    }
  }
  const deleted = await client.query(
    `DELETE FROM ${table} WHERE ${inChunk} AND ${of.time} < $3 AND organisation_id = $1 AND meter_id = ANY ($2)`,
    [organisationId, meterIds, before],
  );
  return { rows: deleted.rowCount ?? 0, dropped: 0 };
}

const mostTries = 6;
/** Deadlock, lock not available, serialisation failure: another try can succeed. */
const passingStates: readonly unknown[] = ['40P01', '55P03', '40001'];

/** In a transaction of its own across organisations, which gives way to others. */
export async function inOwnTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withScope(pool, everyOrganisation, async (client) => {
        await client.query("SET LOCAL lock_timeout = '2s'");
        return work(client);
      });
    } catch (error) {
      const state = error instanceof Error && 'code' in error ? error.code : undefined;
      if (attempt >= mostTries || !passingStates.includes(state)) throw error;
      // Recovery: whoever stood in the way is let through first.
      await delay(250 * 2 ** attempt);
    }
  }
}
