import { baseStart_ms, counterReach, type Measurand, type MeasurandName } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { ReadingSource } from '../series/reading-reader.ts';
import { readingValue } from '../series/reading-value.ts';
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

/** One meter's change, the grid of base intervals that it lies on, and the measurands that it is about. */
export interface Change extends TimeRange {
  readonly meterId: number;
  readonly measurands: readonly Measurand[];
  readonly base_ms: number;
  readonly phase_ms: number;
}

/**
 * Windows of changes in [from, to] of some meters, in their order. A reading can change intervals back to its
 * `counterReach`-th predecessor and forward to its `counterReach`-th successor, and judging them takes as many readings
 * beyond either end. The window is the widest of the meter's measurands.
 */
export async function readingWindows(
  client: ClientBase,
  changes: readonly Change[],
  source: ReadingSource,
): Promise<ReadingWindow[]> {
  const reached = await farthest(client, changes, { source, nth: counterReach });
  const rebuilds = changes.map(({ base_ms, phase_ms, from_ms, to_ms }, i) => ({
    from_ms: baseStart_ms(reached[i]?.before ?? from_ms, base_ms, phase_ms),
    to_ms: baseStart_ms(reached[i]?.after ?? to_ms, base_ms, phase_ms) + base_ms,
  }));
  const wider = changes.map((change, i) => {
    const rebuild = rebuilds[i] as TimeRange;
    return { ...change, from_ms: rebuild.from_ms, to_ms: rebuild.to_ms - 1 };
  });
  const judged = await farthest(client, wider, { source, nth: counterReach + 1 });
  return rebuilds.map((rebuild, i) => ({
    rebuild,
    load: {
      from_ms: judged[i]?.before ?? rebuild.from_ms,
      to_ms: (judged[i]?.after ?? rebuild.to_ms) + 1,
    },
  }));
}

interface Neighbours {
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * Of each change the nth usable reading before its begin and after its end, the farthest of its measurands; null where
 * none is there. One query for all meters of the same measurands.
 */
async function farthest(
  client: ClientBase,
  changes: readonly Change[],
  { source, nth }: { readonly source: ReadingSource; readonly nth: number },
): Promise<Neighbours[]> {
  const found: Neighbours[] = changes.map(() => ({ before: null, after: null }));
  const places = new Map(changes.map((change, i) => [change, i]));
  for (const group of Map.groupBy(changes, namesOf).values()) {
    const names = group[0]?.measurands.map((m) => m.name) ?? [];
    if (names.length === 0) continue;
    const wanted = group.map(
      (change) =>
        `(${places.get(change)}, ${change.meterId}, '${instantText(change.from_ms)}'::timestamptz, '${instantText(change.to_ms)}'::timestamptz)`,
    );
    const first = instantText(Math.min(...group.map((c) => c.from_ms)) - reach_ms);
    const last = instantText(Math.max(...group.map((c) => c.to_ms)) + reach_ms);
    const nearest = (name: MeasurandName, range: string, order: 'ASC' | 'DESC'): string =>
      `(SELECT ${order === 'DESC' ? 'min' : 'max'}(at) FROM (SELECT at FROM ${source} r WHERE r.meter_id = w.meter_id
         AND ${range} AND ${readingValue(name, 'r')} IS NOT NULL AND r.quality IN (${usableQualities.join(', ')})
       ORDER BY r.at ${order} LIMIT ${nth}) nearest)`;
    const before = names.map((name) => nearest(name, `r.at < w.from_at AND r.at >= '${first}'`, 'DESC'));
    const after = names.map((name) => nearest(name, `r.at > w.to_at AND r.at <= '${last}'`, 'ASC'));
    const { rows } = await client.query<{ n: number; before: Date | null; after: Date | null }>(
      `SELECT w.n, least(${before.join(', ')}) AS before, greatest(${after.join(', ')}) AS after
       FROM (VALUES ${wanted.join(', ')}) AS w (n, meter_id, from_at, to_at)`,
    );
    for (const row of rows)
      found[row.n] = { before: row.before?.getTime() ?? null, after: row.after?.getTime() ?? null };
  }
  return found;
}

const namesOf = (change: Change): string => change.measurands.map((m) => m.name).join();
