import type { ClientBase } from 'pg';
import { markMeters } from './dirty-mark.ts';
import { intervalMeasurands } from './interval-measurand.ts';
import { loadIntervalMeters } from './interval-meter.ts';
import { instantText, type TimeRange } from './time-range.ts';

/** A meter that sent nothing for this long has missing intervals, until its readings come after all. */
export const silentAfter_ms = 3_600_000;

/**
 * Marks meters that fell silent, so that the time without readings is counted as missing and sums above them go on.
 * Returns the number of meters marked.
 */
export async function markSilentMeters(client: ClientBase, now_ms: number): Promise<number> {
  const { rows } = await client.query<{ meter_id: number; at: Date }>(
    `SELECT l.meter_id, l.at FROM store.latest l WHERE l.at < $1`,
    [instantText(now_ms - silentAfter_ms)],
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
    const to_ms = Math.floor((now_ms - silentAfter_ms) / meter.base_ms) * meter.base_ms;
    const from_ms = Math.floor(row.at.getTime() / meter.base_ms) * meter.base_ms;
    if (to_ms <= from_ms) continue;
    const known = await client.query(
      `SELECT 1 FROM store.interval WHERE meter_id = ${meter.id} AND measurand = ${measurand.id}
         AND start = '${instantText(to_ms - meter.base_ms)}'`,
    );
    if (known.rowCount === 0) marks.push({ meterId: meter.id, from_ms: row.at.getTime(), to_ms });
  }
  await markMeters(client, marks);
  return marks.length;
}
