/** Pixel geometry shared by charts: stepped outlines and 45° hatching, the mark of an estimate. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** SVG path of 45° strokes inside a box. Strokes of neighbouring boxes join, since they lie on one global raster. */
export function hatchPath({ left, top, right, bottom }: Box, spacing = 5): string {
  let path = '';
  const first = Math.ceil((left + top) / spacing);
  const last = Math.floor((right + bottom) / spacing);
  for (let k = first; k <= last; k += 1) {
    const sum = k * spacing;
    const x1 = Math.max(left, sum - bottom);
    const x2 = Math.min(right, sum - top);
    if (x2 > x1) path += `M${round(x1)} ${round(sum - x1)}L${round(x2)} ${round(sum - x2)}`;
  }
  return path;
}

/** One horizontal stretch of a stepped line. */
export interface Tread {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

/** Path of a stepped line, joined by risers. */
export const stepPath = (treads: readonly Tread[]): string =>
  treads
    .map(({ x1, x2, y }, i) => `${i === 0 ? 'M' : 'L'}${round(x1)} ${round(y)}L${round(x2)} ${round(y)}`)
    .join('');

/** Closed path between a stepped line and a base line. */
export function areaPath(treads: readonly Tread[], base: number): string {
  const first = treads[0];
  const last = treads[treads.length - 1];
  if (!first || !last) return '';
  return `${stepPath(treads)}L${round(last.x2)} ${round(base)}L${round(first.x1)} ${round(base)}Z`;
}

/** Closed path between two stepped lines over the same stretches. */
export const bandPath = (upper: readonly Tread[], lower: readonly Tread[]): string =>
  upper.length === 0
    ? ''
    : `${stepPath(upper)}${stepPath([...lower].reverse().map(({ x1, x2, y }) => ({ x1: x2, x2: x1, y }))).replace('M', 'L')}Z`;

/** Splits a list in runs of equal key; runs whose key is null are left out. */
export function runsOf<T>(
  items: readonly T[],
  key: (item: T) => string | null,
): { readonly key: string; readonly items: readonly T[] }[] {
  const runs: { key: string; items: T[] }[] = [];
  let previous: string | null = null;
  for (const item of items) {
    const current = key(item);
    const open = runs[runs.length - 1];
    if (current !== null && current === previous && open) open.items.push(item);
    else if (current !== null) runs.push({ key: current, items: [item] });
    previous = current;
  }
  return runs;
}
