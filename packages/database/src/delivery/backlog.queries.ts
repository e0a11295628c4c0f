import type { ClientBase } from 'pg';

/** What waits before and behind ingestion. */
export interface Backlog {
  /** Age of the oldest mark whose intervals are not rebuilt; 0 where there is none. */
  readonly oldestMark_s: number;
  /** Batches that gateways hold, as they said last. */
  readonly outboxBatches: number;
}

export async function backlog(client: ClientBase): Promise<Backlog> {
  // Marks are appended: the one with the lowest id is the oldest, or a moment from it.
  const { rows } = await client.query<Backlog>(
    `SELECT coalesce((SELECT extract(epoch FROM now() - marked_at) FROM store.dirty ORDER BY id LIMIT 1), 0)::float8 AS "oldestMark_s",
       (SELECT coalesce(sum((state #>> '{outbox,batches}')::bigint), 0) FROM gateway WHERE revoked_at IS NULL)::float8 AS "outboxBatches"`,
  );
  return rows[0] ?? { oldestMark_s: 0, outboxBatches: 0 };
}
