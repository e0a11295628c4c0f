import { type MeasurandName, measurandOf } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { rareColumn, readingValue } from './reading-value.ts';

export interface ValueReplacement {
  readonly meterId: number;
  readonly at: Date;
  readonly measurand: MeasurandName;
  /** What must be stored now; otherwise nothing is changed. */
  readonly stored: number;
  readonly arrived: number;
}

/**
 * Puts another value in the place of a stored one, because a person decided so: the reading, the newest value where it is
 * that one, and a mark for what was computed from it. False where another value is stored by now.
 */
export async function replaceValue(client: ClientBase, replacement: ValueReplacement): Promise<boolean> {
  const { meterId, at, measurand, stored, arrived } = replacement;
  const { name, id, isRare } = measurandOf(measurand);
  const set = isRare
    ? `${rareColumn} = jsonb_set(${rareColumn}, '{${id}}', to_jsonb($3::float8))`
    : `${name} = $3`;
  const replaced = await client.query(
    `UPDATE store.reading SET ${set} WHERE meter_id = $1 AND at = $2 AND ${readingValue(name)} = $4`,
    [meterId, at, arrived, stored],
  );
  if (replaced.rowCount === 0) return false;
  await client.query(
    `UPDATE store.latest SET values = jsonb_set(values, ARRAY[$3::text, '0'], to_jsonb($4::float8))
     WHERE meter_id = $1 AND (values -> $3::text ->> 1)::bigint = $2`,
    [meterId, at.getTime(), name, arrived],
  );
  await client.query('INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, $2, $2)', [meterId, at]);
  return true;
}
