/** Noise without state: the same (seed, place) always gives the same number, in any order of asking. */

/** Mixes a seed and two integers to 32 bits. */
export function hash(seed: number, a: number, b = 0): number {
  let h =
    Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(a | 0, 0xc2b2ae35) ^ Math.imul(b | 0, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A seed of its own for a named part. */
export function seedOf(seed: number, name: string): number {
  let h = seed >>> 0;
  for (let i = 0; i < name.length; i++) h = hash(h, name.charCodeAt(i), i);
  return h;
}

/** Evenly distributed in [0, 1). */
export const uniform = (seed: number, a: number, b = 0): number => hash(seed, a, b) / 4_294_967_296;

/** Nearly normal (sum of four uniforms): mean 0, deviation 1, never beyond 3.5. */
export function normal(seed: number, a: number, b = 0): number {
  const first = hash(seed, a, b);
  const second = hash(first, 0x51ed, b);
  const sum = (first >>> 16) + (first & 0xffff) + (second >>> 16) + (second & 0xffff);
  return (sum / 65_535 - 2) * 1.7320508;
}

/**
 * Smooth noise over a line: mean 0, deviation 1 everywhere, nodes one unit apart. Returned as a function that keeps the
 * last pair of nodes, since neighbouring places are asked one after the other.
 */
export function smoothNoise(seed: number): (x: number) => number {
  let at = Number.NaN;
  let left = 0;
  let right = 0;
  return (x) => {
    const node = Math.floor(x);
    if (node !== at) {
      at = node;
      left = normal(seed, node);
      right = normal(seed, node + 1);
    }
    const f = x - node;
    const w = f * f * (3 - 2 * f);
    return (left * (1 - w) + right * w) / Math.sqrt((1 - w) * (1 - w) + w * w);
  };
}
