import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import {
  type AckMessage,
  type BatchSchema,
  decodeSchema,
  encodeSchema,
  type Lane,
  packReadings,
  schemaHash,
  type WireReading,
  wrapPacked,
} from '@wattproof/contracts/mqtt';
import { isPacked, readingsOf } from './waiting-readings.ts';

/** A batch that ingestion has not acknowledged yet. */
export interface StoredBatch {
  readonly lane: Lane;
  readonly seq: number;
  readonly payload: Uint8Array;
}

export interface OutboxLimits {
  /** Most that readings waiting for the back-fill lane may take. */
  readonly waiting_bytes: number;
  readonly waiting_days: number;
  /** Most readings in one back-fill batch. */
  readonly batch_readings: number;
  /** Most that the file may take; default: the waiting readings and room for what is numbered. */
  readonly file_bytes?: number;
}

export interface OutboxState {
  readonly batches: number;
  readonly bytes: number;
  readonly oldestAt_ms: number | undefined;
}

/** Readings that had to be given up because the outbox was full. */
export interface Gap {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly readings: number;
}

/** The durable log between the lines and the broker: nothing leaves it before ingestion has committed it. */
export interface Outbox {
  /** Identity of this outbox's life: sequence numbers never repeat within one. */
  readonly boot: string;
  /** Makes this the schema of batches from now on; readings must fit it. */
  readonly useSchema: (schema: BatchSchema) => { readonly hash: string; readonly encoded: Uint8Array };
  readonly schemaBytes: (hash: string) => Uint8Array | undefined;
  /** Stores readings as the next batch of the live lane. */
  readonly addLive: (readings: readonly WireReading[], clock: boolean | null) => StoredBatch;
  /** Stores readings that will go out later by the back-fill lane. */
  readonly addWaiting: (readings: readonly WireReading[]) => void;
  /** Makes the next back-fill batches of the oldest waiting readings, at most so many, in one commit. */
  readonly formBackfill: (clock: boolean | null, most?: number) => readonly StoredBatch[];
  /** Unacknowledged batches of a lane after a sequence number, oldest first. */
  readonly batchesAfter: (lane: Lane, seq: number, count: number) => StoredBatch[];
  /** Deletes what is committed. @returns how many batches that were; 0 also where the mark is of another boot. */
  readonly acknowledge: (ack: AckMessage) => number;
  readonly unacknowledged: (lane: Lane) => number;
  readonly waitingReadings: () => number;
  readonly state: () => OutboxState;
  /** Notes readings that were given up before they could be stored. */
  readonly addGap: (gap: Gap) => void;
  /** Gaps since the outbox began, oldest first, at most 100. */
  readonly gaps: () => Gap[];
  /** Changes what waiting readings may take: a configuration may say so. */
  readonly limitWaiting: (limits: Pick<OutboxLimits, 'waiting_bytes' | 'waiting_days'>) => void;
  readonly close: () => void;
}

export const standardLimits: OutboxLimits = {
  waiting_bytes: 256_000_000,
  waiting_days: 45,
  batch_readings: 2000,
};
const day_ms = 86_400_000;
const keptGaps = 100;
/** The log is written back when it has grown so far: less often than by default, since a page is written once then. */
const checkpoint_bytes = 4_000_000;
/** Room in the file for batches that are under way, its indexes and free pages. */
const numbered_bytes = 64_000_000;
/** What the log keeps when it is emptied: a full disk then still lets batches be deleted. */
const kept_wal_bytes = checkpoint_bytes;
/** What a row of the file takes beside its payload: the outbox of a small gateway holds many small ones. */
const entryOverhead_bytes = 100;
/** How long to wait for another process that looks into the file. */
const busy_ms = 5000;
/** How many waiting entries are given up at once when the outbox is full. */
const dropped_entries = 100;

const tables = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS schema (hash TEXT PRIMARY KEY, encoded BLOB NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS batch (
    lane TEXT NOT NULL, seq INTEGER NOT NULL, oldest_ms INTEGER NOT NULL, payload BLOB NOT NULL,
    PRIMARY KEY (lane, seq)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL, oldest_ms INTEGER NOT NULL, newest_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL, payload BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS gap (
    id INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, readings INTEGER NOT NULL
  ) STRICT;
`;

/**
 * Opens or creates the outbox in a folder.
 *
 * WAL with synchronous=FULL: a commit is on the disk when it returns. With less, a power cut could take back the last
 * commits, and their sequence numbers would be given to other readings, which ingestion would then take for known. Only
 * deletions are not waited for: one that a power cut takes back is sent again, and recognised.
 */
export function openOutbox(folder: string, limits: OutboxLimits = standardLimits): Outbox {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'outbox.sqlite'), { timeout: busy_ms });
  // Small pages: a commit of a few readings writes each page that it touches twice, and flash memory wears by that.
  database.exec('PRAGMA page_size=1024; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;');
  database.exec(`PRAGMA cache_size=-512; PRAGMA journal_size_limit=${kept_wal_bytes};`);
  const page_bytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  const file_bytes = limits.file_bytes ?? limits.waiting_bytes + numbered_bytes;
  database.exec(`PRAGMA wal_autocheckpoint=${Math.floor(checkpoint_bytes / page_bytes)}`);
  database.exec(`PRAGMA max_page_count=${Math.ceil(file_bytes / page_bytes)}`);
  database.exec(tables);
  const boot = bootOf(database);
  let limit: Pick<OutboxLimits, 'waiting_bytes' | 'waiting_days'> = limits;
  let current: { readonly schema: BatchSchema; readonly hash: string } | undefined;
  const sql = statements(database);
  let waiting = waitingTotals(sql.waitingTotals.get());

  const transaction = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite ends the transaction by itself when the disk is full.
      if (database.isTransaction) database.exec('ROLLBACK');
      waiting = waitingTotals(sql.waitingTotals.get());
      throw error;
    }
  };

  const store = (
    lane: Lane,
    readings: readonly WireReading[],
    from: { readonly schema: BatchSchema; readonly hash: string; readonly clock: boolean | null },
  ): StoredBatch => {
    const oldest_ms = Math.min(...readings.map((r) => r.at_ms));
    const payload = packReadings(readings, from.schema, oldest_ms);
    return storePacked(lane, { payload, oldest_ms }, from);
  };

  /** Gives packed readings the next number of a lane. */
  const storePacked = (
    lane: Lane,
    { payload, oldest_ms }: Pick<WaitingEntry, 'payload' | 'oldest_ms'>,
    { hash, clock }: { readonly hash: string; readonly clock: boolean | null },
  ): StoredBatch => {
    const seq = Number(sql.counter.get(`seq:${lane}`)?.value ?? 0) + 1;
    const position = { boot, lane, seq };
    const head = { schemaHash: hash, position, clockSynchronised: clock, t0_ms: oldest_ms };
    const batch = wrapPacked(payload, head);
    sql.setMeta.run(`seq:${lane}`, String(seq));
    sql.insertBatch.run(lane, seq, oldest_ms, batch);
    return { lane, seq, payload: batch };
  };

  const schemaInUse = (): { readonly schema: BatchSchema; readonly hash: string } => {
    if (!current) throw new Error('the outbox has no schema yet');
    return current;
  };

  /** Takes the oldest waiting entries off the queue while `wanted` says so; the totals follow. */
  const takeWaiting = (wanted: (entry: WaitingEntry) => boolean): WaitingEntry[] => {
    const taken: WaitingEntry[] = [];
    for (const row of sql.oldestWaiting.iterate()) {
      const entry = entryOf(row);
      if (!wanted(entry)) break;
      taken.push(entry);
    }
    const last = taken.at(-1);
    if (!last) return taken;
    sql.deleteWaiting.run(last.id);
    waiting = taken.reduce(
      (left, entry) => ({
        entries: left.entries - 1,
        readings: left.readings - entry.readings,
        bytes: left.bytes - entry.payload.length - entryOverhead_bytes,
      }),
      waiting,
    );
    return taken;
  };

  const enforceLimits = (): void => {
    const oldest_ms = Number(sql.oldestWaitingAt.get()?.oldest_ms ?? Date.now());
    const expired_ms = Date.now() - limit.waiting_days * day_ms;
    if (waiting.bytes <= limit.waiting_bytes && oldest_ms >= expired_ms) return;
    let entries = 0;
    const lost = takeWaiting(() => entries++ < dropped_entries);
    const from_ms = Math.min(...lost.map((entry) => entry.oldest_ms));
    const to_ms = Math.max(...lost.map((entry) => entry.newest_ms));
    sql.insertGap.run(
      from_ms,
      to_ms,
      lost.reduce((sum, entry) => sum + entry.readings, 0),
    );
    sql.trimGaps.run(keptGaps);
  };

  const formNext = (clock: boolean | null): StoredBatch | undefined => {
    let hash: string | undefined;
    let readings = 0;
    let largest = 0;
    const entries = takeWaiting((entry) => {
      hash ??= entry.hash;
      // What is large already travels as it was packed; only small entries are worth packing anew together.
      const fits =
        readings === 0 ||
        (Math.max(largest, entry.readings) < limits.batch_readings / 2 &&
          readings + entry.readings <= limits.batch_readings);
      readings += entry.readings;
      largest = Math.max(largest, entry.readings);
      return fits && entry.hash === hash;
    });
    if (hash === undefined) return undefined;
    const encoded = sql.schema.get(hash)?.encoded as Uint8Array | undefined;
    if (!encoded) throw new Error(`the outbox has lost schema ${hash}`);
    const [only, ...more] = entries;
    if (only && more.length === 0 && isPacked(only.payload))
      return storePacked('backfill', only, { hash, clock });
    const schema = decodeSchema(encoded);
    const taken = entries.flatMap((entry) => readingsOf(entry, schema));
    taken.sort((a, b) => a.at_ms - b.at_ms);
    return store('backfill', taken, { schema, hash, clock });
  };

  return {
    boot,
    useSchema: (schema) => {
      const encoded = encodeSchema(schema);
      const hash = schemaHash(encoded);
      sql.insertSchema.run(hash, encoded);
      current = { schema, hash };
      return { hash, encoded };
    },
    schemaBytes: (hash) => sql.schema.get(hash)?.encoded as Uint8Array | undefined,
    addLive: (readings, clock) => transaction(() => store('live', readings, { ...schemaInUse(), clock })),
    addWaiting: (readings) =>
      transaction(() => {
        const times = readings.map((r) => r.at_ms);
        const { schema, hash } = schemaInUse();
        const oldest_ms = Math.min(...times);
        const payload = packReadings(readings, schema, oldest_ms);
        sql.insertWaiting.run(hash, oldest_ms, Math.max(...times), readings.length, payload);
        waiting = {
          entries: waiting.entries + 1,
          readings: waiting.readings + readings.length,
          bytes: waiting.bytes + payload.length + entryOverhead_bytes,
        };
        enforceLimits();
      }),
    formBackfill: (clock, most = 1) =>
      transaction(() => {
        const formed: StoredBatch[] = [];
        for (let next = formNext(clock); next; next = formNext(clock)) {
          formed.push(next);
          if (formed.length >= most) break;
        }
        return formed;
      }),
    batchesAfter: (lane, seq, count) =>
      sql.batches.all(lane, seq, count).map((row) => ({
        lane,
        seq: Number(row.seq),
        payload: row.payload as Uint8Array,
      })),
    acknowledge: (ack) => {
      if (ack.boot !== boot) return 0;
      database.exec('PRAGMA synchronous=NORMAL');
      try {
        return Number(sql.deleteBatches.run(ack.lane, ack.upTo).changes);
      } finally {
        database.exec('PRAGMA synchronous=FULL');
      }
    },
    unacknowledged: (lane) => Number(sql.countBatches.get(lane)?.count ?? 0),
    waitingReadings: () => waiting.readings,
    state: () => {
      const batches = sql.batchTotal.get();
      const oldest = [batches?.oldest, sql.oldestWaitingAt.get()?.oldest_ms]
        .filter((at) => at !== null && at !== undefined)
        .map(Number);
      return {
        batches: Number(batches?.count ?? 0) + waiting.entries,
        bytes: Number(batches?.bytes ?? 0) + waiting.bytes,
        oldestAt_ms: oldest.length > 0 ? Math.min(...oldest) : undefined,
      };
    },
    addGap: (gap) =>
      transaction(() => {
        sql.insertGap.run(gap.from_ms, gap.to_ms, gap.readings);
        sql.trimGaps.run(keptGaps);
      }),
    gaps: () =>
      sql.gaps.all().map((row) => ({
        from_ms: Number(row.from_ms),
        to_ms: Number(row.to_ms),
        readings: Number(row.readings),
      })),
    limitWaiting: (wanted) => {
      limit = wanted;
      const most_bytes = limits.file_bytes ?? wanted.waiting_bytes + numbered_bytes;
      database.exec(`PRAGMA max_page_count=${Math.ceil(most_bytes / page_bytes)}`);
    },
    close: () => database.close(),
  };
}

function bootOf(database: DatabaseSync): string {
  const created = randomBytes(12).toString('hex');
  database.prepare(`INSERT OR IGNORE INTO meta (key, value) VALUES ('boot', ?)`).run(created);
  return String(database.prepare(`SELECT value FROM meta WHERE key = 'boot'`).get()?.value);
}

interface WaitingEntry {
  readonly id: number;
  readonly hash: string;
  readonly oldest_ms: number;
  readonly newest_ms: number;
  readonly readings: number;
  readonly payload: Uint8Array;
}

const entryOf = (row: Record<string, SQLOutputValue>): WaitingEntry => ({
  id: Number(row.id),
  hash: String(row.hash),
  oldest_ms: Number(row.oldest_ms),
  newest_ms: Number(row.newest_ms),
  readings: Number(row.readings),
  payload: row.payload as Uint8Array,
});

const waitingTotals = (row: Record<string, SQLOutputValue> | undefined) => ({
  entries: Number(row?.entries ?? 0),
  readings: Number(row?.readings ?? 0),
  bytes: Number(row?.bytes ?? 0) + entryOverhead_bytes * Number(row?.entries ?? 0),
});

const statements = (database: DatabaseSync) => ({
  counter: database.prepare('SELECT value FROM meta WHERE key = ?'),
  setMeta: database.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ),
  insertSchema: database.prepare('INSERT OR IGNORE INTO schema (hash, encoded) VALUES (?, ?)'),
  schema: database.prepare('SELECT encoded FROM schema WHERE hash = ?'),
  insertBatch: database.prepare('INSERT INTO batch (lane, seq, oldest_ms, payload) VALUES (?, ?, ?, ?)'),
  batches: database.prepare('SELECT seq, payload FROM batch WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?'),
  deleteBatches: database.prepare('DELETE FROM batch WHERE lane = ? AND seq <= ?'),
  countBatches: database.prepare('SELECT count(*) AS count FROM batch WHERE lane = ?'),
  batchTotal: database.prepare(
    'SELECT count(*) AS count, sum(length(payload)) AS bytes, min(oldest_ms) AS oldest FROM batch',
  ),
  insertWaiting: database.prepare(
    'INSERT INTO waiting (hash, oldest_ms, newest_ms, readings, payload) VALUES (?, ?, ?, ?, ?)',
  ),
  oldestWaiting: database.prepare('SELECT * FROM waiting ORDER BY id'),
  oldestWaitingAt: database.prepare('SELECT oldest_ms FROM waiting ORDER BY id LIMIT 1'),
  deleteWaiting: database.prepare('DELETE FROM waiting WHERE id <= ?'),
  waitingTotals: database.prepare(
    'SELECT count(*) AS entries, sum(readings) AS readings, sum(length(payload)) AS bytes FROM waiting',
  ),
  insertGap: database.prepare('INSERT INTO gap (from_ms, to_ms, readings) VALUES (?, ?, ?)'),
  trimGaps: database.prepare('DELETE FROM gap WHERE id <= (SELECT max(id) FROM gap) - ?'),
  gaps: database.prepare('SELECT from_ms, to_ms, readings FROM gap ORDER BY id'),
});
