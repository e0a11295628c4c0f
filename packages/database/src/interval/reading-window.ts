import { baseStart_ms, counterReach, type Measurand } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { ReadingSource } from '../series/reading-reader.ts';
import { instantText, type TimeRange } from './time-range.ts';

/** What must be computed anew for changed readings, and what must be read for it. */
export interface ReadingWindow {
  readonly rebuild: TimeRange;
  readonly load: TimeRange;
}

/** Readings older than this before a change are not looked for: ingestion takes none that old. */
const reach_ms = 400 * 86_400_000;

/** Readings whose value counts: good, of doubtful wiring, or the first after a reset (`readingQualities`). */
export const usableQualities: readonly number[] = [0, 6, 7];

interface Search {
  readonly meterId: number;
  readonly measurands: readonly Measurand[];
  readonly source: ReadingSource;
}

/** What has changed, and the grid of base intervals that it lies on. */
export interface Change extends TimeRange {
  readonly base_ms: number;
  readonly phase_ms: number;
}

/**
 * Window of a change in [from, to] of one meter. A reading can change intervals back to its `counterReach`-th
 * predecessor and forward to its `counterReach`-th successor, and judging them takes as many readings beyond either
 * end. The window is the widest of its measurands'.
 */
export async function readingWindow(
  client: ClientBase,
  search: Search,
  { from_ms, to_ms, base_ms, phase_ms }: Change,
): Promise<ReadingWindow> {
  const find = (at_ms: number, direction: 'before' | 'after', nth: number): Promise<number | null> =>
    farthest(client, search, { at_ms, direction, nth });
  const first = (await find(from_ms, 'before', counterReach)) ?? from_ms;
  const last = (await find(to_ms, 'after', counterReach)) ?? to_ms;
  const rebuild = {
    from_ms: baseStart_ms(first, base_ms, phase_ms),
    to_ms: baseStart_ms(last, base_ms, phase_ms) + base_ms,
  };
  const before = await find(rebuild.from_ms, 'before', counterReach + 1);
  const after = await find(rebuild.to_ms - 1, 'after', counterReach + 1);
  return {
    rebuild,
    load: { from_ms: before ?? rebuild.from_ms, to_ms: (after ?? rebuild.to_ms) + 1 },
  };
}

interface Step {
  readonly at_ms: number;
  readonly direction: 'before' | 'after';
  readonly nth: number;
}

/** The nth usable reading before (or after) an instant, the farthest of the measurands'; null where none is there. */
async function farthest(client: ClientBase, search: Search, step: Step): Promise<number | null> {
  const isBefore = step.direction === 'before';
  const bound = instantText(step.at_ms + (isBefore ? -reach_ms : reach_ms));
  const at = instantText(step.at_ms);
  const range = isBefore ? `at < '${at}' AND at >= '${bound}'` : `at > '${at}' AND at <= '${bound}'`;
  const parts = search.measurands.map(
    ({ name }) => `(SELECT ${isBefore ? 'min' : 'max'}(at) AS at FROM (
       SELECT at FROM ${search.source} WHERE meter_id = ${search.meterId} AND ${range}
         AND ${name} IS NOT NULL AND quality IN (${usableQualities.join(', ')})
       ORDER BY at ${isBefore ? 'DESC' : 'ASC'} LIMIT ${step.nth}) nearest)`,
  );
  const { rows } = await client.query<{ at: Date | null }>(
    `SELECT ${isBefore ? 'min' : 'max'}(at) AS at FROM (${parts.join(' UNION ALL ')}) found`,
  );
  return rows[0]?.at?.getTime() ?? null;
}
