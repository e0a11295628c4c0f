import { baseStart_ms } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { markMeters } from './dirty-mark.ts';
import { intervalMeasurands } from './interval-measurand.ts';
import { loadIntervalMeters } from './interval-meter.ts';
import { instantText, type TimeRange } from './time-range.ts';

/** A meter that sent nothing for this long has missing intervals, until its readings come after all. */
export const silentAfter_ms = 3_600_000;

interface LatestRow {
  meter_id: number;
  /** Newest instant of each measurand, epoch ms. */
  instants: Record<string, number>;
}

/**
 * Marks meters that fell silent, so that the time without readings is counted as missing and sums above them go on.
 * Returns the number of meters marked.
 */
export async function markSilentMeters(client: ClientBase, now_ms: number): Promise<number> {
  const { rows } = await client.query<LatestRow>(
    `SELECT l.meter_id, (SELECT jsonb_object_agg(v.key, v.value -> 1) FROM jsonb_each(l.values) v) AS instants
     FROM store.latest l
     WHERE EXISTS (SELECT FROM jsonb_each(l.values) v WHERE (v.value ->> 1)::float8 < $1)`,
    [now_ms - silentAfter_ms],
  );
  const meters = await loadIntervalMeters(
    client,
    rows.map((row) => row.meter_id),
  );
  const marks: (TimeRange & { meterId: number })[] = [];
  for (const row of rows) {
    const meter = meters.get(row.meter_id);
    const measurand = meter && intervalMeasurands(meter)[0];
    if (meter?.kind !== 'physical' || !measurand) continue;
    const newest_ms = row.instants[measurand.name];
    if (newest_ms === undefined || newest_ms >= now_ms - silentAfter_ms) continue;
    const to_ms = baseStart_ms(now_ms - silentAfter_ms, meter.base_ms, meter.phase_ms);
    if (to_ms <= newest_ms) continue;
    const known = await client.query(
      `SELECT 1 FROM store.interval WHERE meter_id = ${meter.id} AND measurand = ${measurand.id}
         AND start = '${instantText(to_ms - meter.base_ms)}'`,
    );
    if (known.rowCount === 0) marks.push({ meterId: meter.id, from_ms: newest_ms, to_ms });
  }
  await markMeters(client, marks);
  return marks.length;
}
