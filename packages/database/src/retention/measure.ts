import type { ClientBase, Pool } from 'pg';
import { inOwnTransaction } from './apply.ts';
import type { DataClass } from './policy.ts';

interface ChunkRow {
  readonly chunk: string;
  readonly range_start: Date;
  readonly range_end: Date;
  readonly bytes: string;
  readonly changes: string;
}

const series = [
  { class: 'readings', hypertable: 'reading', time: 'at', tiers: [] },
  {
    class: 'intervals',
    hypertable: 'interval',
    time: 'start',
    tiers: ['interval_hour', 'interval_day', 'interval_month'],
  },
] as const;

const growth_days = 30;
/** Samples of the last days stay; older ones are thinned to the first of each day. */
const thinAfter_days = 7;

/**
 * Measures what every organisation's data takes. Rows of a chunk are counted again only where its statistics say that it
 * changed, so that an hour's measurement costs a look at the newest chunks. Sizes are an organisation's share, by rows, of
 * the chunks and tables it lies in.
 */
export async function measureStorage(pool: Pool, now: Date): Promise<void> {
  for (const one of series) {
    const chunks = await inOwnTransaction(
      pool,
      async (client) =>
        (await client.query<ChunkRow>('SELECT * FROM store.chunk_list($1)', [one.hypertable])).rows,
    );
    for (const chunk of chunks)
      await inOwnTransaction(pool, (client) => countChunk(client, chunk, { ...one }));
    await inOwnTransaction(pool, async (client) => {
      await client.query('DELETE FROM store.chunk_rows WHERE chunk LIKE $1 AND NOT chunk = ANY ($2)', [
        // Chunks of this hypertable that are no more.
        `${prefixOf(one.hypertable)}%`,
        chunks.map((c) => keyOf(one.hypertable, c)),
      ]);
      await storeSamples(client, { now, of: one, chunks });
    });
  }
  await inOwnTransaction(pool, (client) => storePlainSamples(client, now));
  await inOwnTransaction(pool, (client) =>
    client.query(
      `DELETE FROM storage_sample s WHERE at < $1::timestamptz - make_interval(days => $2) AND EXISTS (
         SELECT FROM storage_sample e WHERE e.organisation_id = s.organisation_id AND e.class = s.class
           AND e.at < s.at AND e.at >= date_trunc('day', s.at, 'UTC'))`,
      [now, thinAfter_days],
    ),
  );
}

const prefixOf = (hypertable: string): string => `${hypertable}:`;
const keyOf = (hypertable: string, chunk: Pick<ChunkRow, 'chunk'>): string =>
  `${prefixOf(hypertable)}${chunk.chunk}`;

async function countChunk(
  client: ClientBase,
  chunk: ChunkRow,
  of: { readonly hypertable: string; readonly time: string },
): Promise<void> {
  const key = keyOf(of.hypertable, chunk);
  const known = await client.query('SELECT FROM store.chunk_rows WHERE chunk = $1 AND changes = $2', [
    key,
    chunk.changes,
  ]);
  if ((known.rowCount ?? 0) > 0) return;
  await client.query('DELETE FROM store.chunk_rows WHERE chunk = $1', [key]);
  await client.query(
    `INSERT INTO store.chunk_rows (chunk, organisation_id, rows, oldest, newest, changes)
     SELECT $1, organisation_id, count(*), min(${of.time}), max(${of.time}), $2 FROM store.${of.hypertable}
     WHERE ${of.time} >= '${chunk.range_start.toISOString()}' AND ${of.time} < '${chunk.range_end.toISOString()}'
     GROUP BY organisation_id`,
    [key, chunk.changes],
  );
}

async function storeSamples(
  client: ClientBase,
  {
    now,
    of,
    chunks,
  }: { readonly now: Date; readonly of: (typeof series)[number]; readonly chunks: readonly ChunkRow[] },
): Promise<void> {
  const tiers = of.tiers.map((name) => `pg_total_relation_size('store.${name}')`).join(' + ') || '0';
  await client.query(
    `WITH chunk AS (
       SELECT * FROM unnest($3::text[], $4::bigint[], $5::timestamptz[]) AS c (key, bytes, range_end)),
     counted AS (
       SELECT r.organisation_id, r.rows, r.oldest, r.newest, c.range_end,
         c.bytes * r.rows::float8 / nullif(sum(r.rows) OVER (PARTITION BY r.chunk), 0) AS bytes,
         r.rows::float8 / nullif(sum(r.rows) OVER (), 0) * (${tiers}) AS tier_bytes
       FROM store.chunk_rows r JOIN chunk c ON c.key = r.chunk),
     newest AS (SELECT organisation_id, max(newest) AS at FROM counted GROUP BY 1),
     recent AS (
       SELECT c.organisation_id, sum(c.rows) AS rows, sum(c.bytes + c.tier_bytes) AS bytes,
         greatest(1, extract(epoch FROM max(c.newest) - min(c.oldest)) / 86400) AS days
       FROM counted c JOIN newest n USING (organisation_id)
       WHERE c.range_end > n.at - make_interval(days => $6) GROUP BY 1)
     INSERT INTO storage_sample (organisation_id, class, at, rows, bytes, oldest, newest,
       growth_rows_per_day, growth_bytes_per_day)
     SELECT c.organisation_id, $1, $2, sum(c.rows), round(sum(c.bytes + c.tier_bytes)), min(c.oldest), max(c.newest),
       min(r.rows / r.days), min(r.bytes / r.days)
     FROM counted c JOIN recent r USING (organisation_id)
     WHERE EXISTS (SELECT FROM organisation o WHERE o.id = c.organisation_id) GROUP BY c.organisation_id
     ON CONFLICT DO NOTHING`,
    [
      of.class satisfies DataClass,
      now,
      chunks.map((c) => keyOf(of.hypertable, c)),
      chunks.map((c) => c.bytes),
      chunks.map((c) => c.range_end),
      growth_days,
    ],
  );
}

/** Dead letters and conflicts: few, and read whole. */
async function storePlainSamples(client: ClientBase, now: Date): Promise<void> {
  for (const [name, table] of [
    ['deadLetters', 'public.dead_letter'],
    ['conflicts', 'store.reading_conflict'],
  ] as const)
    await client.query(
      `INSERT INTO storage_sample (organisation_id, class, at, rows, bytes, oldest, newest,
         growth_rows_per_day, growth_bytes_per_day)
       SELECT organisation_id, $1, $2, count(*), sum(pg_column_size(t.*)), min(received_at), max(received_at),
         count(*) FILTER (WHERE received_at >= $2::timestamptz - make_interval(days => $3))::float8 / $3,
         coalesce(sum(pg_column_size(t.*)) FILTER (WHERE received_at >= $2::timestamptz - make_interval(days => $3)), 0)::float8 / $3
       FROM ${table} t WHERE organisation_id IS NOT NULL GROUP BY organisation_id ON CONFLICT DO NOTHING`,
      [name, now, growth_days],
    );
}
