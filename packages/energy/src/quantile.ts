/**
 * Value below which the share `q` (0 to 1) of an ascending column lies, interpolated linearly between its neighbours
 * (Hyndman and Fan, type 7). NaN of an empty column.
 */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const at = q * (ascending.length - 1);
  const below = Math.floor(at);
  const a = ascending[below] ?? Number.NaN;
  const b = ascending[Math.min(below + 1, ascending.length - 1)] ?? Number.NaN;
  return a + (b - a) * (at - below);
}
