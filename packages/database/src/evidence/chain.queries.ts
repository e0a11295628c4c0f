import { type ChainEntry, type ChainHead, type ChainRecord, nextRecord, toHex } from '@wattproof/evidence';
import type { ClientBase } from 'pg';

/** The chain of an organisation's records. The client's transaction has the organisation in scope. */

/** First half of the two-part advisory key of a chain: one writer at a time. */
const chainLock = 0x6576;

/** A new instant as the chain keeps it: whole milliseconds, as ISO 8601 writes them. */
export const chainInstant = (at: Date): string => at.toISOString();

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** The newest record; null where there is none yet. */
export async function chainHead(client: ClientBase, organisationId: number): Promise<ChainHead | null> {
  const { rows } = await client.query<{ seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM evidence_record WHERE organisation_id = $1 ORDER BY seq DESC LIMIT 1',
    [organisationId],
  );
  const [row] = rows;
  return row ? { seq: row.seq, hash: toHex(row.hash) } : null;
}

/** Appends records in their order; they are there when the transaction commits. Returns them as they stand in the chain. */
export async function appendRecords(
  client: ClientBase,
  organisationId: number,
  entries: readonly ChainEntry[],
): Promise<readonly ChainRecord[]> {
  if (entries.length === 0) return [];
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [chainLock, organisationId]);
  let head = await chainHead(client, organisationId);
  const records: ChainRecord[] = [];
  for (const entry of entries) {
    const record = nextRecord(head, entry);
    records.push(record);
    head = record;
  }
  await client.query(
    `INSERT INTO evidence_record (organisation_id, seq, at, kind, body, body_hash, previous, hash)
     SELECT $1, * FROM unnest($2::int4[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::bytea[], $7::bytea[], $8::bytea[])`,
    [
      organisationId,
      records.map((record) => record.seq),
      records.map((record) => record.at),
      records.map((record) => record.kind),
      records.map((record) => JSON.stringify(record.body)),
      records.map((record) => bytes(record.bodyHash)),
      records.map((record) => bytes(record.previous)),
      records.map((record) => bytes(record.hash)),
    ],
  );
  return records;
}

interface RecordRow {
  seq: number;
  at: Date;
  kind: string;
  body: Readonly<Record<string, unknown>>;
  body_hash: Buffer;
  previous: Buffer;
  hash: Buffer;
}
const recordColumns = 'seq, at, kind, body, body_hash, previous, hash';

const recordOf = (row: RecordRow): ChainRecord => ({
  seq: row.seq,
  at: chainInstant(row.at),
  kind: row.kind,
  body: row.body,
  bodyHash: toHex(row.body_hash),
  previous: toHex(row.previous),
  hash: toHex(row.hash),
});

/** The whole chain up to now, in order. */
export async function readChain(client: ClientBase, organisationId: number): Promise<ChainRecord[]> {
  const records: ChainRecord[] = [];
  for (;;) {
    const { rows } = await client.query<RecordRow>(
      `SELECT ${recordColumns} FROM evidence_record WHERE organisation_id = $1 AND seq > $2 ORDER BY seq LIMIT ${readAtOnce}`,
      [organisationId, records.at(-1)?.seq ?? 0],
    );
    for (const row of rows) records.push(recordOf(row));
    if (rows.length < readAtOnce) return records;
  }
}

/** Rows of one query: tens of thousands at once take several times the memory of the records. */
const readAtOnce = 2_000;

/** Records before one, of a kind or of all, the newest first. */
export async function listRecords(
  client: ClientBase,
  organisationId: number,
  wish: { readonly limit: number; readonly before?: number | undefined; readonly kind?: string | undefined },
): Promise<ChainRecord[]> {
  const { rows } = await client.query<RecordRow>(
    `SELECT ${recordColumns} FROM evidence_record WHERE organisation_id = $1 AND ($2::int IS NULL OR seq < $2)
       AND ($3::text IS NULL OR kind = $3) ORDER BY seq DESC LIMIT $4`,
    [organisationId, wish.before ?? null, wish.kind ?? null, wish.limit],
  );
  return rows.map(recordOf);
}

/** Most acts that one call takes into the chain. */
const mostActs = 5_000;

/**
 * Takes what people did since the last call into the chain: corrections, approvals, changes of scope and settings. Returns
 * how many there were.
 */
export async function chainActs(client: ClientBase, organisationId: number, now: Date): Promise<number> {
  const { rows } = await client.query<{
    id: number;
    at: Date;
    actor: string;
    action: string;
    object: string;
    before: unknown;
    after: unknown;
  }>(
    `SELECT id::float8 AS id, at, actor, action, object, before, after FROM audit_event
     WHERE organisation_id = $1 AND id > coalesce((SELECT (body->>'auditEventId')::bigint FROM evidence_record
       WHERE organisation_id = $1 AND kind = 'act' ORDER BY seq DESC LIMIT 1), 0)
     ORDER BY id LIMIT ${mostActs}`,
    [organisationId],
  );
  const entries = rows.map(({ id, at, ...act }) => ({
    at: chainInstant(now),
    kind: 'act',
    body: { auditEventId: id, at: chainInstant(at), ...act },
  }));
  await appendRecords(client, organisationId, entries);
  return rows.length;
}
