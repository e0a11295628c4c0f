import { type MeasurandName, measurandOf } from '@wattproof/energy';

/** Column of `store.reading` with the values of rare measurands by number; the others have a column each. */
export const rareColumn = 'rare';

/**
 * A measurand's value in a row of readings, as SQL: its column, or its part of the rare ones. `row` names the table or
 * alias where there are several. The names and numbers are the registry's, never those of a message.
 */
export function readingValue(name: MeasurandName, row?: string): string {
  const { id, kind, isRare } = measurandOf(name);
  const of = row === undefined ? '' : `${row}.`;
  if (!isRare) return `${of}${name}`;
  return `(${of}${rareColumn} -> '${id}')::${kind === 'counter' ? 'bigint' : 'float8'}`;
}

/** The value as a column of a query's answer, under the measurand's name. */
export const readingValueAs = (name: MeasurandName): string =>
  measurandOf(name).isRare ? `${readingValue(name)} AS ${name}` : name;
