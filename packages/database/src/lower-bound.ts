/** Place of the first of ascending instants that is not before a bound; their number where all are. */
export function lowerBound(at_ms: ArrayLike<number>, bound_ms: number): number {
  let low = 0;
  let high = at_ms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at_ms[middle] as number) < bound_ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
