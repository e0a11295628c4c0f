/**
 * Temperature as a broken line: each bin holds the part of the temperature that lies within it, so that a model may
 * have a slope of its own in each and stays continuous (CalTRACK 2.0, 3.10).
 */

/**
 * End points that leave at least `leastCount` temperatures in every bin. Bins are open below and closed above; too thin
 * ones are joined to their neighbour from the outside in, and within only once both ends hold (3.9).
 */
export function usefulEndPoints(
  temperatures: ArrayLike<number>,
  endPoints: readonly number[],
  leastCount: number,
): readonly number[] {
  let kept = [...endPoints].sort((a, b) => a - b);
  while (kept.length > 0) {
    const counts = new Array<number>(kept.length + 1).fill(0);
    for (let i = 0; i < temperatures.length; i++) {
      const t = temperatures[i] as number;
      const above = kept.findIndex((end) => t <= end);
      const bin = above === -1 ? kept.length : above;
      counts[bin] = (counts[bin] as number) + 1;
    }
    const isThin = (bin: number): boolean => (counts[bin] as number) < leastCount;
    const joined = new Set<number>();
    if (isThin(0)) joined.add(0);
    if (isThin(kept.length)) joined.add(kept.length - 1);
    if (joined.size === 0) for (let bin = 1; bin < kept.length; bin++) if (isThin(bin)) joined.add(bin);
    if (joined.size === 0) return kept;
    kept = kept.filter((_, i) => !joined.has(i));
  }
  return kept;
}

/** Parts of a temperature in each of the endPoints.length + 1 bins; they add up to the temperature. */
export function temperatureParts(temperature: number, endPoints: readonly number[]): readonly number[] {
  const [first] = endPoints;
  if (first === undefined) return [temperature];
  const parts = [Math.min(temperature, first)];
  endPoints.forEach((left, i) => {
    const right = endPoints[i + 1] ?? Number.POSITIVE_INFINITY;
    parts.push(Math.max(Math.min(temperature, right) - left, 0));
  });
  return parts;
}
