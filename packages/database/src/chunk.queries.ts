import type { ClientBase } from 'pg';

/** Columns and values that make one row of each hypertable acceptable; $1 is its instant. Meter 0 does not exist. */
const probes = [
  {
    table: 'reading',
    columns: 'at, meter_id, organisation_id, quality, received_at',
    values: '$1, 0, 0, 0, $1',
  },
  {
    table: 'interval',
    columns: 'start, meter_id, organisation_id, measurand, quality, duration_s',
    values: '$1, 0, 0, 0, 0, 0',
  },
] as const;

/** Chunks cover more than this, so that a probe this often meets each of them. */
const step_ms = 7 * 86_400_000;

/**
 * Makes the chunks that rows up to `until` will need, so that the first row of a new stretch does not wait for its
 * table and indexes. TimescaleDB's Apache edition has no call for it: a row is put in and taken out again within the
 * caller's transaction, and the chunk stays. Returns how many were new.
 */
export async function prepareChunks(
  client: ClientBase,
  range: { readonly from: Date; readonly until: Date },
): Promise<number> {
  let made = 0;
  for (const { table, columns, values } of probes) {
    for (let at_ms = range.from.getTime(); at_ms <= range.until.getTime() + step_ms; at_ms += step_ms) {
      const at = new Date(Math.min(at_ms, range.until.getTime()));
      const known = await client.query(
        `SELECT 1 FROM timescaledb_information.chunks WHERE hypertable_schema = 'store' AND hypertable_name = $1
           AND range_start <= $2 AND range_end > $2`,
        [table, at],
      );
      if ((known.rowCount ?? 0) > 0) continue;
      await client.query(`INSERT INTO store.${table} (${columns}) VALUES (${values})`, [at]);
      const column = columns.slice(0, columns.indexOf(','));
      await client.query(`DELETE FROM store.${table} WHERE meter_id = 0 AND ${column} = $1`, [at]);
      made++;
    }
  }
  return made;
}
