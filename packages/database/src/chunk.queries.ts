import { chunkWidth_s } from '@wattproof/energy';
import type { ClientBase } from 'pg';

/** Columns and values that make one row of each hypertable acceptable; $1 is its instant. Meter 0 does not exist. */
const hypertables = [
  {
    table: 'reading',
    columns: 'at, meter_id, organisation_id, quality, received_at',
    values: '$1, 0, 0, 0, $1',
    widest_s: 14 * 86_400,
  },
  {
    table: 'interval',
    columns: 'start, meter_id, organisation_id, measurand, quality, duration_s',
    values: '$1, 0, 0, 0, 0, 0',
    widest_s: 60 * 86_400,
  },
] as const;

/** A chunk with its indexes should stay below this share of the database's memory. */
const memoryShare = 0.25;
/** Chunks made ahead, however narrow they are. */
const chunksAhead = 4;

/**
 * Makes the chunks that rows up to `until` will need, so that the first row of a new stretch does not wait for its
 * table and indexes. TimescaleDB's Apache edition has no call for it: a row is put in and taken out again within the
 * caller's transaction, and the chunk stays. Narrow chunks are made a few ahead only. Returns how many were new.
 */
export async function prepareChunks(
  client: ClientBase,
  range: { readonly from: Date; readonly until: Date },
): Promise<number> {
  let made = 0;
  for (const { table, columns, values } of hypertables) {
    let ahead = 0;
    for (let at = range.from; at <= range.until && ahead < chunksAhead + 1; ahead++) {
      let end = await endOfChunk(client, table, at);
      if (end === null) {
        await client.query(`INSERT INTO store.${table} (${columns}) VALUES (${values})`, [at]);
        const column = columns.slice(0, columns.indexOf(','));
        await client.query(`DELETE FROM store.${table} WHERE meter_id = 0 AND ${column} = $1`, [at]);
        made++;
        end = await endOfChunk(client, table, at);
        if (end === null) throw new Error(`a row of ${table} at ${at.toISOString()} made no chunk`);
      }
      at = end;
    }
  }
  return made;
}

async function endOfChunk(client: ClientBase, table: string, at: Date): Promise<Date | null> {
  const { rows } = await client.query<{ range_end: Date }>(
    `SELECT range_end FROM timescaledb_information.chunks WHERE hypertable_schema = 'store' AND hypertable_name = $1
       AND range_start <= $2 AND range_end > $2`,
    [table, at],
  );
  return rows[0]?.range_end ?? null;
}

export interface ChunkWidthChange {
  readonly table: string;
  readonly from_s: number;
  readonly to_s: number;
}

/**
 * Chooses the width of the chunks to come by what the last month brought of all organisations: a chunk with its indexes
 * below a quarter of the database's memory, and no more than 500 chunks. Chunks that exist stay as they are.
 */
export async function adjustChunkWidths(client: ClientBase): Promise<ChunkWidthChange[]> {
  const changes: ChunkWidthChange[] = [];
  for (const { table, widest_s } of hypertables) {
    const { rows } = await client.query<{
      width_s: number;
      bytes: number | null;
      days: number | null;
      span_days: number | null;
      memory_bytes: number;
    }>(
      `WITH chunk AS (SELECT c.*, r.oldest, r.newest FROM store.chunk_list($1) c
         JOIN (SELECT chunk, min(oldest) AS oldest, max(newest) AS newest FROM store.chunk_rows GROUP BY 1) r
           ON r.chunk = $1 || ':' || c.chunk)
       SELECT store.chunk_width_s($1) AS width_s,
         (SELECT sum(bytes)::float8 FROM chunk WHERE range_end > now() - interval '30 days') AS bytes,
         (SELECT extract(epoch FROM max(newest) - min(oldest))::float8 / 86400 FROM chunk
          WHERE range_end > now() - interval '30 days') AS days,
         (SELECT extract(epoch FROM max(newest) - min(oldest))::float8 / 86400 FROM chunk) AS span_days,
         pg_size_bytes(current_setting('effective_cache_size'))::float8 AS memory_bytes`,
      [table],
    );
    const [row] = rows;
    if (!row || row.bytes === null || row.days === null || row.days < 1) continue;
    const to_s = chunkWidth_s({
      bytesPerDay: row.bytes / row.days,
      budget_bytes: memoryShare * row.memory_bytes,
      span_days: row.span_days ?? 0,
      widest_s,
    });
    if (to_s === row.width_s) continue;
    await client.query('SELECT store.set_chunk_width($1, $2)', [table, to_s]);
    changes.push({ table, from_s: row.width_s, to_s });
  }
  return changes;
}

/** Chunks packed in one run. */
const packedAtOnce = 4;

/**
 * Packs chunks that lie wholly before `before` into the columnstore. Community edition of TimescaleDB only: on the Apache
 * edition, which is what this project is tested on, it does nothing. Returns how many were packed.
 */
export async function packOldChunks(client: ClientBase, before: Date): Promise<number> {
  const { rows } = await client.query<{ edition: string }>(
    "SELECT current_setting('timescaledb.license') AS edition",
  );
  if (rows[0]?.edition !== 'timescale') return 0;
  let packed = 0;
  for (const { table } of hypertables) {
    const chunks = await client.query<{ chunk: string }>(
      'SELECT chunk FROM store.chunk_list($1) WHERE NOT packed AND range_end < $2 ORDER BY range_start LIMIT $3',
      [table, before, packedAtOnce],
    );
    for (const { chunk } of chunks.rows) {
      await client.query('SELECT store.pack_chunk($1, $2)', [table, chunk]);
      packed++;
    }
  }
  return packed;
}

/** Bytes and limits of the chunks, as the API may see them. */
export interface ChunkSummary {
  readonly hypertable: 'reading' | 'interval';
  readonly chunks: number;
  readonly width_s: number;
  readonly prepared_until: Date | null;
  readonly largest_bytes: number;
  readonly packed: number;
  readonly memory_bytes: number;
  readonly edition: string;
}

export async function summariseChunks(client: ClientBase): Promise<ChunkSummary[]> {
  const { rows } = await client.query<ChunkSummary>(
    'SELECT * FROM public.storage_chunks() ORDER BY hypertable DESC',
  );
  return rows;
}
export { memoryShare as chunkMemoryShare };
