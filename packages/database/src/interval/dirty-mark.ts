import { basePhase_ms, baseStart_ms } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { instantText, mergeRanges, type TimeRange } from './time-range.ts';

/** What one transaction took: the ranges of its meters, whose marks are gone when it commits. */
export interface Claim {
  readonly ranges: ReadonlyMap<number, readonly TimeRange[]>;
  readonly marks: number;
}

export interface ClaimOptions {
  /** Most meters in one transaction. */
  readonly meters: number;
  /** Most meter time in one transaction; the first meter is always taken. */
  readonly span_ms: number;
  /**
   * Only marks that complete an interval or are this old. Readings come every few seconds and change nothing until
   * the interval they fall into is over; null takes all.
   */
  readonly settle_s: number | null;
  /** How far each meter was computed in the life of this process: a mark beyond completes an interval. Kept up here. */
  readonly reached: Map<number, number> | undefined;
  /** Meters to leave alone: they failed in this run. */
  readonly except: readonly number[];
}

/** First half of the two-part advisory key of a meter. */
const meterLock = 0x696e;
/** Marks of one meter up to this far apart are computed as one range. */
const rangeGap_ms = 6 * 3_600_000;

/** Marks of one meter that take longer than this are a recomputation: it comes after what has just been sent. */
const longMarks = '1 day';

/** Meters with marks that are looked at; the others come when these are done. */
const mostCandidates = 20_000;

interface MarkRow {
  meter_id: number;
  from_at: Date;
  to_at: Date;
}
interface CandidateRow extends MarkRow {
  /** null: the meter is gone. */
  base_interval_s: number | null;
  time_zone: string | null;
  is_old: boolean;
}

/** Start of the base interval that the newest mark of a meter lies in. */
function reachOf({ to_at, base_interval_s, time_zone }: CandidateRow, at: Date = to_at): number {
  const width_ms = (base_interval_s ?? 0) * 1000;
  if (width_ms === 0 || time_zone === null) return Number.POSITIVE_INFINITY;
  return baseStart_ms(at.getTime(), width_ms, basePhase_ms(time_zone, width_ms) ?? 0);
}

/** Whether the marks of a meter complete an interval, or have waited long enough. */
function isDue(row: CandidateRow, { settle_s, reached }: ClaimOptions): boolean {
  if (settle_s === null || row.is_old) return true;
  if (!reached) return reachOf(row) > reachOf(row, row.from_at);
  return reachOf(row) > (reached.get(row.meter_id) ?? Number.NEGATIVE_INFINITY);
}

function* batches(rows: readonly CandidateRow[], { meters, span_ms }: ClaimOptions): Generator<number[]> {
  let batch: number[] = [];
  let length_ms = 0;
  for (const row of rows) {
    const own_ms = row.to_at.getTime() - row.from_at.getTime();
    if (batch.length > 0 && (batch.length >= meters || length_ms + own_ms > span_ms)) {
      yield batch;
      batch = [];
      length_ms = 0;
    }
    batch.push(row.meter_id);
    length_ms += own_ms;
  }
  if (batch.length > 0) yield batch;
}

/** Those of the meters whose lock was free and is held now, until the transaction ends. */
async function lockMeters(client: ClientBase, meterIds: readonly number[]): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    'SELECT id FROM unnest($2::int4[]) AS w (id) WHERE pg_try_advisory_xact_lock($1, id)',
    [meterLock, meterIds],
  );
  return rows.map((row) => row.id);
}

/**
 * Takes the marks of some meters. The meter's advisory lock is taken first, then the marks are read in a statement of
 * its own: of all marks that are visible, the readings are visible too, and nobody else computes these meters until
 * this transaction ends. Marks appended meanwhile stay for the next claim. Null where nothing is to be done.
 */
export async function claimMarks(client: ClientBase, options: ClaimOptions): Promise<Claim | null> {
  const candidates = await client.query<CandidateRow>(
    `SELECT d.meter_id, min(d.from_at) AS from_at, max(d.to_at) AS to_at, s.base_interval_s, s.time_zone,
       coalesce(min(d.marked_at) < now() - make_interval(secs => $2), true) AS is_old
     FROM store.dirty d LEFT JOIN meter m ON m.id = d.meter_id LEFT JOIN site s ON s.id = m.site_id
     WHERE NOT d.meter_id = ANY ($1)
     GROUP BY d.meter_id, m.kind, s.base_interval_s, s.time_zone
     ORDER BY sum(d.to_at - d.from_at) > interval '${longMarks}', m.kind IS NOT DISTINCT FROM 'virtual', min(d.id)
     LIMIT ${mostCandidates}`,
    [options.except, options.settle_s],
  );
  const due = candidates.rows.filter((row) => isDue(row, options)).slice(0, options.meters * 8);
  let locked: readonly number[] = [];
  for (const batch of batches(due, options)) {
    locked = await lockMeters(client, batch);
    // Others are at work on all of these: the next ones, then.
    if (locked.length > 0) break;
  }
  if (locked.length === 0) return null;
  const taken = await client.query<MarkRow>(
    `DELETE FROM store.dirty WHERE id IN (
       SELECT id FROM store.dirty WHERE meter_id = ANY ($1) ORDER BY id FOR UPDATE SKIP LOCKED)
     RETURNING meter_id, from_at, to_at`,
    [locked],
  );
  const held = new Set(locked);
  for (const row of due) if (held.has(row.meter_id)) options.reached?.set(row.meter_id, reachOf(row));
  const byMeter = Map.groupBy(taken.rows, (row) => row.meter_id);
  const ranges = new Map<number, readonly TimeRange[]>();
  for (const [meterId, rows] of byMeter)
    ranges.set(
      meterId,
      mergeRanges(
        rows.map((row) => ({ from_ms: row.from_at.getTime(), to_ms: row.to_at.getTime() })),
        rangeGap_ms,
      ),
    );
  return { ranges, marks: taken.rows.length };
}

/** Marks ranges of meters, as the writer of readings does: what lies in them is computed anew. */
export async function markMeters(
  client: ClientBase,
  marks: readonly (TimeRange & { readonly meterId: number })[],
): Promise<void> {
  if (marks.length === 0) return;
  await client.query(
    `INSERT INTO store.dirty (meter_id, from_at, to_at)
     SELECT * FROM unnest($1::int4[], $2::timestamptz[], $3::timestamptz[])`,
    [
      marks.map((m) => m.meterId),
      marks.map((m) => instantText(m.from_ms)),
      marks.map((m) => instantText(m.to_ms)),
    ],
  );
}

/** Marks sealed days among changed ones: they are compared with what was sealed, and restated where they differ. */
export async function markSealedDays(
  client: ClientBase,
  changed: readonly (TimeRange & { readonly meterId: number })[],
): Promise<void> {
  if (changed.length === 0) return;
  await client.query(
    `INSERT INTO store.seal_mark (meter_id, from_at, to_at)
     SELECT * FROM unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) AS c (meter_id, from_at, to_at)
     WHERE EXISTS (SELECT FROM sealed_day d WHERE d.meter_id = c.meter_id AND d.start < c.to_at
       AND d.start + make_interval(secs => d.duration_s) > c.from_at)`,
    [
      changed.map((m) => m.meterId),
      changed.map((m) => instantText(m.from_ms)),
      changed.map((m) => instantText(m.to_ms)),
    ],
  );
}

/** Meters that still have marks. */
export async function countMarkedMeters(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(DISTINCT meter_id)::int AS n FROM store.dirty',
  );
  return rows[0]?.n ?? 0;
}
