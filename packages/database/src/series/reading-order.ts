import type { MeasurandName } from '@wattproof/energy';
import type { ReadingBatch } from './reading-batch.ts';

/** Rows of one meter: `order[from]` to `order[to - 1]`, oldest first. */
export interface MeterGroup {
  readonly meterId: number;
  readonly from: number;
  readonly to: number;
}
/** The same meter and instant with two values of one measurand. The first that arrived counts. */
export interface ValueConflict {
  readonly row: number;
  readonly measurand: MeasurandName;
  readonly arrived: number;
}
export interface OrderedBatch {
  /** Row numbers by meter, then instant; each (meter, instant) once. */
  readonly order: Int32Array;
  readonly groups: readonly MeterGroup[];
  readonly conflicts: readonly ValueConflict[];
}

/**
 * Orders a batch by (meter, instant): the order in which writers take index pages and locks. Rows of the same key are merged
 * into the one that came first: what it lacks is filled in place, what it has otherwise is a conflict. Doing it again
 * changes nothing. O(rows), plus a sort for meters whose readings came out of order.
 */
export function orderBatch(batch: ReadingBatch): OrderedBatch {
  const order = rowsByMeter(batch);
  const groups: MeterGroup[] = [];
  const conflicts: ValueConflict[] = [];
  let kept = 0;
  let start = 0;
  while (start < order.length) {
    const meterId = batch.meterId[order[start] as number] as number;
    let end = start;
    let ascending = true;
    let last = Number.NEGATIVE_INFINITY;
    while (end < order.length && batch.meterId[order[end] as number] === meterId) {
      const at = batch.at_ms[order[end] as number] as number;
      if (at < last) ascending = false;
      last = at;
      end++;
    }
    if (!ascending) sortByInstant(order.subarray(start, end), batch.at_ms);
    const from = kept;
    for (let i = start; i < end; i++) {
      const row = order[i] as number;
      const previous = kept > from ? (order[kept - 1] as number) : -1;
      if (previous >= 0 && batch.at_ms[previous] === batch.at_ms[row])
        mergeRow(batch, previous, row, conflicts);
      else order[kept++] = row;
    }
    groups.push({ meterId, from, to: kept });
    start = end;
  }
  return { order: order.subarray(0, kept), groups, conflicts };
}

/** Row numbers in ascending meter id, in order of arrival within a meter (a stable counting sort). */
function rowsByMeter({ meterId, count }: ReadingBatch): Int32Array {
  const counts = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const id = meterId[row] as number;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const next = new Map<number, number>();
  let position = 0;
  for (const id of [...counts.keys()].sort((a, b) => a - b)) {
    next.set(id, position);
    position += counts.get(id) ?? 0;
  }
  const order = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const id = meterId[row] as number;
    const place = next.get(id) ?? 0;
    order[place] = row;
    next.set(id, place + 1);
  }
  return order;
}

function sortByInstant(rows: Int32Array, at_ms: Float64Array): void {
  rows.sort((a, b) => (at_ms[a] as number) - (at_ms[b] as number) || a - b);
}

function mergeRow(batch: ReadingBatch, into: number, row: number, conflicts: ValueConflict[]): void {
  for (const [measurand, column] of batch.values) {
    const stored = column[into] as number;
    const arrived = column[row] as number;
    if (Number.isNaN(arrived) || stored === arrived) continue;
    if (Number.isNaN(stored)) column[into] = arrived;
    else conflicts.push({ row: into, measurand, arrived });
  }
  const more = batch.exceptions.get(row);
  if (more) batch.exceptions.set(into, { ...more, ...batch.exceptions.get(into) });
}
