import fc from 'fast-check';
import { expect, it } from 'vitest';
import { baseBoundaries, periodBoundaries } from './calendar.ts';
import { counterIntervals, defaultGapLimit_ms } from './counter.ts';
import {
  arrivals,
  commands,
  deliveries,
  type Life,
  live,
  modelMaxRate_per_s,
  modelModulus,
  type Reading,
  startIndices,
} from './interval-model.fixture.ts';
import { tier } from './tier.ts';

/** Sequences tried; the seed of a run is in the message of a failure and printed here. */
const sequences = 10_000;
const seed = Number(process.env.WATTPROOF_MODEL_SEED ?? Date.now() % 2_147_483_647);
/** Some seconds on a machine of its own. */
const longest_ms = 60_000;
const quarter_ms = 900_000;
const zones = ['Europe/Paris', 'Asia/Kolkata', 'Australia/Lord_Howe'];
/** Minutes before the clocks of Paris (2026-03-29, 2026-10-25) and Lord Howe (2026-04-05) change, and a leap day's end. */
const starts = [
  Date.UTC(2026, 2, 28, 23, 20),
  Date.UTC(2026, 9, 24, 22, 40),
  Date.UTC(2026, 3, 4, 12, 35),
  Date.UTC(2028, 1, 29, 22, 50),
];

function compute(readings: readonly Reading[], life: Life, end_ms: number) {
  const boundaries_ms = baseBoundaries(life.readings[0]?.at_ms ?? 0, end_ms, quarter_ms);
  const result = counterIntervals({
    at_ms: readings.map((r) => r.at_ms),
    index: readings.map((r) => r.index),
    rules: { modulus: modelModulus, maxRate_per_s: modelMaxRate_per_s, gapLimit_ms: defaultGapLimit_ms },
    events: life.events,
    boundaries_ms,
  });
  const given = { start_ms: boundaries_ms.slice(result.from, result.to) };
  return {
    ...given,
    delta: result.delta.subarray(result.from, result.to),
    quality: result.quality.subarray(result.from, result.to),
    boundaryIndex: result.boundaryIndex,
    boundaries_ms,
    codes: Object.keys(result.findings.countByCode).sort(),
  };
}

/** What has really flowed at an instant at which a reading stands. */
function truthAt(life: Life, at_ms: number): number {
  const point = life.truth.findLast((t) => t.at_ms <= at_ms);
  if (!point) throw new Error('before the beginning');
  return point.total_wh;
}

it(
  `counts what flowed, whatever happens to the meter and however its readings arrive (seed ${seed})`,
  () => {
    fc.assert(
      fc.property(
        commands,
        startIndices,
        deliveries,
        fc.constantFrom(...starts),
        fc.constantFrom(...zones),
        (steps, startIndex, delivery, start_ms, zone) => {
          const life = live(steps, start_ms, startIndex);
          const end_ms = life.readings.at(-1)?.at_ms ?? start_ms;
          const clean = compute(life.readings, life, end_ms);
          // Late, doubled and in disorder: the same bytes.
          expect(compute(arrivals(life.readings, delivery), life, end_ms)).toEqual(clean);
          // Nothing is missing inside, nothing is negative, nothing was judged wrong but what was declared.
          expect([...clean.delta].every((d) => Number.isInteger(d) && d >= 0)).toBe(true);
          expect(clean.codes.filter((code) => code !== 'counterRollover')).toEqual([]);
          // Every reading stands where the truth stands: over the given intervals the sum lies between the truths around.
          const from_ms = clean.start_ms[0];
          const last_ms = clean.start_ms.at(-1);
          if (from_ms === undefined || last_ms === undefined) return;
          const sum = clean.delta.reduce((a, b) => a + b, 0);
          const known = life.readings.map((r) => r.at_ms);
          const before = known.findLast((at) => at <= from_ms) ?? start_ms;
          const after = known.find((at) => at >= from_ms) ?? end_ms;
          const endBefore = known.findLast((at) => at <= last_ms + quarter_ms) ?? start_ms;
          const endAfter = known.find((at) => at >= last_ms + quarter_ms) ?? end_ms;
          expect(sum).toBeLessThanOrEqual(truthAt(life, endAfter) - truthAt(life, before));
          expect(sum).toBeGreaterThanOrEqual(truthAt(life, endBefore) - truthAt(life, after));
          // Hours, days and months add up to the base intervals, as integers, in every zone.
          for (const unit of ['hour', 'day', 'month'] as const) {
            const periods = tier(clean, periodBoundaries(zone, unit, from_ms, last_ms + quarter_ms));
            expect(periods.delta.subarray(0, periods.count).reduce((a, b) => a + b, 0)).toBe(sum);
          }
        },
      ),
      { numRuns: sequences, seed },
    );
  },
  longest_ms,
);

it(
  `is exact between any two readings that stand on boundaries (seed ${seed})`,
  () => {
    fc.assert(
      fc.property(commands, startIndices, fc.constantFrom(...starts), (steps, startIndex, start_ms) => {
        // On the grid: every count takes a quarter of an hour, every event happens between two.
        const onGrid = steps.map((s) => (s.kind === 'count' ? { ...s, minutes: 15, lost: false } : s));
        const life = live(onGrid, Math.floor(start_ms / quarter_ms) * quarter_ms, startIndex);
        // Events take a second each: readings after them stand off the grid by as many; put them back on it.
        const readings = life.readings.map((r) => ({
          ...r,
          at_ms: Math.floor(r.at_ms / quarter_ms) * quarter_ms,
        }));
        const events = life.events.map((e, i) => ({ ...e, at_ms: e.at_ms - i * 1000 }));
        const kept = readings.slice(0, -1);
        const end_ms = kept.at(-1)?.at_ms ?? 0;
        const result = compute(
          kept,
          { ...life, readings: kept, events: events.filter((e) => e.at_ms < end_ms) },
          end_ms,
        );
        const counted = onGrid.filter((s) => s.kind === 'count').map((s) => Math.min(s.wh, 15 * 1500));
        expect([...result.delta]).toEqual(counted);
      }),
      { numRuns: 2000, seed },
    );
  },
  longest_ms,
);
