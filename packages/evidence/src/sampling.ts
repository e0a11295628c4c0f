/** Which meter-days a bundle shows with their readings: decided by the tree itself, so that nobody can choose them. */
import { sha256, toHex } from './sha256.ts';

/** Days that are shown where that many can be: all of them right bounds the share of wrong ones at 13.9 % (95 % confidence). */
export const sampleSize = 20;
/** Draws after which a bundle stops looking for days whose readings are still kept. */
export const drawLimit = 400;

const encoder = new TextEncoder();

/** Position of the nth draw among `count` leaves: the first 48 bits of SHA-256("root:n"), modulo the count. */
export function drawnLeaf(root: Uint8Array, n: number, count: number): number {
  const digest = sha256(encoder.encode(`${toHex(root)}:${n}`));
  return Number.parseInt(toHex(digest.subarray(0, 6)), 16) % count;
}

/** Upper bound of the share of wrong days after n right ones, at 95 % confidence: 1 − 0.05^(1/n). */
export const errorBound = (n: number): number => (n > 0 ? 1 - 0.05 ** (1 / n) : 1);

/** Readings are no longer kept; a later version of the day is in force; the day is about to be restated. */
export const unavailableReasons = ['readingsGone', 'superseded', 'changedSince'] as const;
export type Unavailable = (typeof unavailableReasons)[number];

export interface Sample {
  /** Leaves that are shown, in the order of the draws, each once. */
  readonly shown: readonly number[];
  readonly draws: number;
  readonly unavailable: readonly { readonly draw: number; readonly reason: Unavailable }[];
}

/** Draws until enough days are shown, every leaf was drawn, or the limit is reached. A leaf that is drawn again counts once. */
export async function drawSample(
  tree: { readonly root: Uint8Array; readonly count: number },
  show: (position: number) => Promise<Unavailable | null> | Unavailable | null,
): Promise<Sample> {
  const shown: number[] = [];
  const unavailable: { draw: number; reason: Unavailable }[] = [];
  const drawn = new Set<number>();
  let draws = 0;
  while (shown.length < sampleSize && drawn.size < tree.count && draws < drawLimit) {
    const draw = draws++;
    const position = drawnLeaf(tree.root, draw, tree.count);
    if (drawn.has(position)) continue;
    drawn.add(position);
    const reason = await show(position);
    if (reason) unavailable.push({ draw, reason });
    else shown.push(position);
  }
  return { shown, draws, unavailable };
}
