import type { ClientBase } from 'pg';
import { asText } from '../as-text.ts';

export interface ArrayQuery {
  /** Name of the prepared statement. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Rows of a query whose columns are arrays of numbers (`array_agg`): one message for a whole series, where a row for each
 * point costs more to send and to take apart than to read. A scalar comes as an array of one, NULL as null; NULL elements
 * are NaN.
 */
export async function queryArrays(client: ClientBase, query: ArrayQuery): Promise<(Float64Array | null)[][]> {
  const { rows } = await client.query<(string | null)[]>({
    ...query,
    values: [...query.values],
    rowMode: 'array',
    types: asText,
  });
  return rows.map((row) => row.map(numbersOf));
}

/** `{1,2.5,NULL}` is JSON but for its brackets and its word for nothing; the JSON parser is the fastest there is. */
function numbersOf(text: string | null): Float64Array | null {
  if (text === null) return null;
  if (!text.startsWith('{')) return Float64Array.of(Number(text));
  const inner = text.slice(1, -1);
  const list = JSON.parse(`[${inner.includes('N') ? inner.replaceAll('NULL', 'null') : inner}]`) as (
    | number
    | null
  )[];
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) numbers[i] = list[i] ?? Number.NaN;
  return numbers;
}
