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
  /** Meters to leave alone: they failed in this run. */
  readonly except: readonly number[];
}

/** First half of the two-part advisory key of a meter. */
const meterLock = 0x696e;
/** Marks of one meter up to this far apart are computed as one range. */
const rangeGap_ms = 6 * 3_600_000;

interface CandidateRow {
  meter_id: number;
  from_at: Date;
  to_at: Date;
}

/**
 * Takes the marks of some meters. The meter's advisory lock is taken first, then the marks are read in a statement of
 * its own: of all marks that are visible, the readings are visible too, and nobody else computes these meters until
 * this transaction ends. Marks appended meanwhile stay for the next claim. Null where nothing is to be done.
 */
export async function claimMarks(client: ClientBase, options: ClaimOptions): Promise<Claim | null> {
  const candidates = await client.query<CandidateRow>(
    `SELECT d.meter_id, min(d.from_at) AS from_at, max(d.to_at) AS to_at
     FROM store.dirty d LEFT JOIN meter m ON m.id = d.meter_id LEFT JOIN site s ON s.id = m.site_id
     WHERE NOT d.meter_id = ANY ($1)
     GROUP BY d.meter_id, m.kind, s.base_interval_s
     HAVING $2::float8 IS NULL OR min(d.marked_at) < now() - make_interval(secs => $2)
       OR floor(extract(epoch FROM min(d.from_at)) / s.base_interval_s)
        < floor(extract(epoch FROM max(d.to_at)) / s.base_interval_s)
     ORDER BY m.kind IS NOT DISTINCT FROM 'virtual', min(d.id)
     LIMIT $3`,
    [options.except, options.settle_s, options.meters * 4],
  );
  if (candidates.rows.length === 0) return null;
  const locked: number[] = [];
  let span_ms = 0;
  for (const row of candidates.rows) {
    const length_ms = row.to_at.getTime() - row.from_at.getTime();
    if (locked.length > 0 && (locked.length >= options.meters || span_ms + length_ms > options.span_ms))
      break;
    const lock = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_xact_lock($1, $2) AS ok', [
      meterLock,
      row.meter_id,
    ]);
    if (!lock.rows[0]?.ok) continue;
    locked.push(row.meter_id);
    span_ms += length_ms;
  }
  if (locked.length === 0) return null;
  const taken = await client.query<CandidateRow>(
    `DELETE FROM store.dirty WHERE id IN (
       SELECT id FROM store.dirty WHERE meter_id = ANY ($1) ORDER BY id FOR UPDATE SKIP LOCKED)
     RETURNING meter_id, from_at, to_at`,
    [locked],
  );
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

/** Meters that still have marks. */
export async function countMarkedMeters(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    'SELECT count(DISTINCT meter_id)::int AS n FROM store.dirty',
  );
  return rows[0]?.n ?? 0;
}
