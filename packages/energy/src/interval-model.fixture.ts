/**
 * For tests: a meter's life as commands (count, replace, reset, change the ratio, roll over, lose readings, send late, twice
 * and in disorder), with the truth beside it: what really flowed, as the tiniest model that can be wrong in nothing.
 */
import fc from 'fast-check';
import type { CounterEvent } from './counter.ts';

export type Command =
  /** Some Wh flow during the next minutes; the reading at their end is sent or lost. */
  | { readonly kind: 'count'; readonly minutes: number; readonly wh: number; readonly lost: boolean }
  /** The register begins anew at `opening`, declared with its closing index. */
  | { readonly kind: 'replace' | 'reset' | 'ratioChange'; readonly opening: number };

/** How the readings of a life arrive. */
export interface Delivery {
  /** Keys to sort the readings by: any order. */
  readonly order: readonly number[];
  /** Places of readings that come a second time. */
  readonly twice: readonly number[];
  /** Sizes of the batches in which they come; between two of them all is computed anew, or the computation crashes. */
  readonly batches: readonly number[];
  readonly crashes: readonly boolean[];
}

export interface Reading {
  readonly at_ms: number;
  readonly index: number;
}

export interface Life {
  /** Readings that were taken, in order of time. */
  readonly readings: readonly Reading[];
  readonly events: readonly CounterEvent[];
  /** What has flowed since the first reading, at the instant of each reading and event. */
  readonly truth: readonly { readonly at_ms: number; readonly total_wh: number }[];
}

export const modelModulus = 1_000_000;
export const modelMaxRate_per_s = 50;
const minute_ms = 60_000;
/** Highest rate of the model, well below the plausible: what is plausible is never judged here. */
const mostPerMinute_wh = 1500;

/** Lives a meter's life from an instant on. The register shows six digits. */
export function live(commands: readonly Command[], start_ms: number, startIndex: number): Life {
  let at_ms = start_ms;
  let index = startIndex;
  let total_wh = 0;
  const readings: Reading[] = [{ at_ms, index }];
  const events: CounterEvent[] = [];
  const truth = [{ at_ms, total_wh }];
  for (const command of commands) {
    if (command.kind === 'count') {
      at_ms += command.minutes * minute_ms;
      const wh = Math.min(command.wh, command.minutes * mostPerMinute_wh);
      total_wh += wh;
      index = (index + wh) % modelModulus;
      truth.push({ at_ms, total_wh });
      if (!command.lost) readings.push({ at_ms, index });
    } else {
      // A moment later, so that no reading stands at the very instant.
      at_ms += 1000;
      const kind = command.kind === 'replace' ? 'replacement' : command.kind;
      events.push({ kind, at_ms, closing: index, opening: command.opening });
      index = command.opening;
      truth.push({ at_ms, total_wh });
    }
  }
  // The last reading always comes: without it nothing is known of the end.
  at_ms += 5 * minute_ms;
  readings.push({ at_ms, index });
  truth.push({ at_ms, total_wh });
  return { readings, events, truth };
}

const count = fc.record({
  kind: fc.constant('count' as const),
  minutes: fc.integer({ min: 1, max: 20 }),
  wh: fc.nat(20_000),
  lost: fc.boolean(),
});
const change = fc.record({
  kind: fc.constantFrom('replace' as const, 'reset' as const, 'ratioChange' as const),
  opening: fc.nat(5000),
});

export const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof({ weight: 8, arbitrary: count }, { weight: 1, arbitrary: change }),
  { minLength: 1, maxLength: 24 },
);

/** A start near the end of the register in half of the lives, so that it rolls over. */
export const startIndices: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: 500_000 }),
  fc.integer({ min: 960_000, max: modelModulus - 1 }),
);

export const deliveries: fc.Arbitrary<Delivery> = fc.record({
  order: fc.array(fc.nat(1000), { minLength: 26, maxLength: 26 }),
  twice: fc.array(fc.nat(25), { maxLength: 6 }),
  batches: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
  crashes: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
});

/** The readings as they arrive: any order, some twice. */
export function arrivals(readings: readonly Reading[], { order, twice }: Delivery): Reading[] {
  const shuffled = readings
    .map((reading, i) => ({ reading, key: order[i] ?? i }))
    .sort((a, b) => a.key - b.key)
    .map(({ reading }) => reading);
  return [...shuffled, ...twice.flatMap((i) => readings[i] ?? [])];
}

/** In batches of the sizes that the delivery gives, the rest in one. */
export function inBatches<Item>(items: readonly Item[], sizes: readonly number[]): Item[][] {
  const out: Item[][] = [];
  let from = 0;
  for (const size of sizes) {
    if (from >= items.length) return out;
    out.push(items.slice(from, from + size));
    from += size;
  }
  if (from < items.length) out.push(items.slice(from));
  return out;
}
