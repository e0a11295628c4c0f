import type { ClientBase } from 'pg';

/** A row's values by column; objects are stored as JSON. */
export type Row = Readonly<Record<string, unknown>>;

const parameter = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !Buffer.isBuffer(value)
    ? JSON.stringify(value)
    : value;

/** Stores one row and returns its id. Table and column names come from this folder's code only. */
export async function insertRow<Id extends string | number>(
  client: ClientBase,
  table: string,
  row: Row,
): Promise<Id> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  const { rows } = await client.query<{ id: Id }>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')}) RETURNING id`,
    columns.map((c) => parameter(row[c])),
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`no row was stored in ${table}`);
  return id;
}
