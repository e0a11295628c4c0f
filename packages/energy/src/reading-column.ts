/**
 * Readings as columns in order of time, each instant once, absent values left out: the form every series function
 * works on. Order of arrival, repetition and batching of the input make no difference to the result.
 */
export interface ReadingColumns {
  /** Strictly ascending; the first `count` elements are valid. These may be the arrays that were given: not to be written. */
  readonly at_ms: Float64Array;
  readonly value: Float64Array;
  readonly count: number;
  /** Instants that carried two different values; the lower was kept, so that a tie never invents energy. */
  readonly conflicts_ms: readonly number[];
}

/** Merges neighbouring ordered runs until one is left: fast on nearly ordered input, n log n on any. */
function mergeRuns(
  at: Float64Array,
  value: Float64Array,
  starts: readonly number[],
): [Float64Array, Float64Array] {
  let runs = [...starts, at.length];
  let fromAt = at;
  let fromValue = value;
  let toAt: Float64Array = new Float64Array(at.length);
  let toValue: Float64Array = new Float64Array(at.length);
  while (runs.length > 2) {
    const merged = [0];
    for (let r = 0; r + 1 < runs.length; r += 2) {
      const middle = runs[r + 1] as number;
      const end = runs[r + 2] ?? middle;
      let i = runs[r] as number;
      let j = middle;
      for (let k = i; k < end; k++) {
        const left = fromAt[i] as number;
        const right = fromAt[j] as number;
        const takeLeft =
          i < middle &&
          (j >= end ||
            left < right ||
            (left === right && (fromValue[i] as number) <= (fromValue[j] as number)));
        const source = takeLeft ? i++ : j++;
        toAt[k] = fromAt[source] as number;
        toValue[k] = fromValue[source] as number;
      }
      merged.push(end);
    }
    runs = merged;
    [fromAt, toAt] = [toAt, fromAt];
    [fromValue, toValue] = [toValue, fromValue];
  }
  return [fromAt, fromValue];
}

/** Whether every instant is later than the one before and every value is there: as readings mostly are. */
function isInOrder(at_ms: Float64Array, value: Float64Array): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < at_ms.length; i++) {
    const t = at_ms[i] as number;
    if (!(t > last) || Number.isNaN(value[i] as number)) return false;
    last = t;
  }
  return true;
}

/** Orders, drops absent values (null, NaN) and repetitions. Throws RangeError where the columns differ in length. */
export function orderReadings(at_ms: ArrayLike<number>, value: ArrayLike<number | null>): ReadingColumns {
  if (at_ms.length !== value.length)
    throw new RangeError(`Columns differ in length: ${at_ms.length} and ${value.length}`);
  if (at_ms instanceof Float64Array && value instanceof Float64Array && isInOrder(at_ms, value))
    return { at_ms, value, count: at_ms.length, conflicts_ms: [] };
  let at: Float64Array = new Float64Array(at_ms.length);
  let kept: Float64Array = new Float64Array(at_ms.length);
  const starts = [0];
  const conflicts_ms: number[] = [];
  let count = 0;
  for (let i = 0; i < at_ms.length; i++) {
    const t = at_ms[i] as number;
    const v = value[i];
    if (v === null || v === undefined || Number.isNaN(v) || Number.isNaN(t)) continue;
    if (count > 0) {
      const lastAt = at[count - 1] as number;
      if (t < lastAt || (t === lastAt && v < (kept[count - 1] as number))) starts.push(count);
    }
    at[count] = t;
    kept[count] = v;
    count++;
  }
  if (starts.length > 1) [at, kept] = mergeRuns(at.subarray(0, count), kept.subarray(0, count), starts);
  let unique = 0;
  for (let i = 0; i < count; i++) {
    const t = at[i] as number;
    if (unique > 0 && t === at[unique - 1]) {
      if (kept[i] !== kept[unique - 1] && conflicts_ms[conflicts_ms.length - 1] !== t) conflicts_ms.push(t);
      continue;
    }
    at[unique] = t;
    kept[unique] = kept[i] as number;
    unique++;
  }
  return { at_ms: at, value: kept, count: unique, conflicts_ms };
}
