import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseBoundaries } from './calendar.ts';
import {
  type CounterEvent,
  type CounterInput,
  type CounterRules,
  counterIntervals,
  counterReach,
  defaultGapLimit_ms,
} from './counter.ts';
import { seriesFindingLimit } from './finding.ts';
import { intervalQualities } from './vocabulary.ts';

const quarter = 900_000;
const minute = 60_000;
const rules: CounterRules = { modulus: null, maxRate_per_s: null, gapLimit_ms: defaultGapLimit_ms };

interface Case extends Partial<CounterInput> {
  readonly readings: readonly (readonly [minute: number, index: number | null])[];
  readonly quarters: number;
}
const run = ({ readings, quarters, ...rest }: Case) => {
  const result = counterIntervals({
    at_ms: readings.map(([m]) => m * minute),
    index: readings.map(([, index]) => index),
    boundaries_ms: baseBoundaries(0, quarters * quarter),
    rules,
    ...rest,
  });
  return {
    ...result,
    given: Array.from(result.delta.subarray(result.from, result.to)),
    classes: Array.from(result.quality.subarray(result.from, result.to), (code) => intervalQualities[code]),
    codes: Object.keys(result.findings.countByCode),
  };
};

test('readings on the boundaries give their differences', () => {
  const result = run({
    readings: [
      [0, 100],
      [15, 130],
      [30, 130],
      [45, 175],
    ],
    quarters: 4,
  });
  expect(result.given).toEqual([30, 0, 45]);
  expect(result.classes).toEqual(['measured', 'measured', 'measured']);
  expect(Array.from(result.boundaryIndex)).toEqual([100, 130, 130, 175, Number.NaN]);
});

test('a boundary between readings is interpolated and rounded once', () => {
  const result = run({
    readings: [
      [0, 0],
      [14, 10],
      [16, 13],
      [30, 20],
    ],
    quarters: 2,
  });
  // 10 + 3 · 1/2 = 11.5, rounded to 12: the halves add up to 20 all the same.
  expect(result.given).toEqual([12, 8]);
  expect(result.boundaryIndex[1]).toBe(12);
});

test('the live edge waits: no interval beyond the last reading, none before the first', () => {
  const result = run({
    readings: [
      [5, 0],
      [20, 10],
      [35, 20],
      [40, 22],
    ],
    quarters: 6,
  });
  expect([result.from, result.to]).toEqual([1, 2]);
  expect(result.given).toHaveLength(1);
});

test('a horizon proves what is missing', () => {
  const result = run({
    readings: [
      [15, 0],
      [30, 10],
    ],
    quarters: 5,
    since_ms: 0,
    until_ms: 4 * quarter,
  });
  expect(result.given).toEqual([Number.NaN, 10, Number.NaN, Number.NaN]);
  expect(result.classes).toEqual(['missing', 'measured', 'missing', 'missing']);
  expect(run({ readings: [], quarters: 2, since_ms: 0, until_ms: quarter }).given).toEqual([Number.NaN]);
  expect(run({ readings: [], quarters: 2 }).given).toEqual([]);
});

test('classes follow the gap between the readings around the boundaries', () => {
  const result = run({
    readings: [
      [0, 0],
      [15, 10],
      [75, 50],
      [90, 60],
      [360, 600],
      [375, 610],
    ],
    quarters: 25,
  });
  expect(result.classes.slice(0, 6)).toEqual([
    'measured',
    'interpolated',
    'interpolated',
    'interpolated',
    'interpolated',
    'measured',
  ]);
  expect(result.classes[8]).toBe('estimated');
  expect(result.classes[24]).toBe('measured');
  expect(result.given.reduce((sum, wh) => sum + wh, 0)).toBe(610);
});

test('a hole inside an interval does not matter: the counter went on counting', () => {
  const result = run({
    readings: [
      [0, 0],
      [1, 1],
      [14, 40],
      [15, 41],
    ],
    quarters: 1,
  });
  expect(result.classes).toEqual(['measured']);
});

test('an absent index is left out, a zero is a value', () => {
  const result = run({
    readings: [
      [0, 0],
      [15, null],
      [30, 0],
    ],
    quarters: 2,
  });
  expect(result.given).toEqual([0, 0]);
  expect(result.classes).toEqual(['interpolated', 'interpolated']);
});

test('typed indices are manual', () => {
  expect(
    run({
      readings: [
        [0, 0],
        [30, 10],
      ],
      quarters: 2,
      rules: { ...rules, manual: true },
    }).classes,
  ).toEqual(['manual', 'manual']);
});

test('a rollover goes on from zero', () => {
  const result = run({
    readings: [
      [0, 99_999_990],
      [10, 99_999_996],
      [20, 6],
      [30, 12],
    ],
    quarters: 2,
    rules: { ...rules, modulus: 1e8, maxRate_per_s: 1 },
  });
  expect(result.given).toEqual([11, 11]);
  expect(result.boundaryIndex[1]).toBe(1);
  expect(result.codes).toEqual(['counterRollover']);
});

test('a fall to zero that would need an impossible rate is no rollover', () => {
  const result = run({
    readings: [
      [0, 95_000_000],
      [15, 95_000_010],
      [16, 3],
      [20, 5],
      [25, 7],
      [30, 9],
      [45, 20],
    ],
    quarters: 3,
    rules: { ...rules, modulus: 1e8, maxRate_per_s: 1 },
  });
  expect(result.given).toEqual([10, Number.NaN, 11]);
  expect(result.codes).toEqual(['backwardStep']);
});

test('a fall far from the end of the register is no rollover', () => {
  const result = run({
    readings: [
      [0, 5000],
      [15, 5010],
      [16, 3],
      [20, 5],
      [25, 7],
      [30, 9],
      [45, 20],
    ],
    quarters: 3,
    rules: { ...rules, modulus: 1e8 },
  });
  expect(result.given).toEqual([10, Number.NaN, 11]);
  expect(result.findings.list[0]).toMatchObject({
    code: 'backwardStep',
    at_ms: 16 * minute,
    data: { before: 5010, after: 3 },
  });
});

test('a replacement joins closing and opening index', () => {
  const events: CounterEvent[] = [{ kind: 'replacement', at_ms: 20 * minute, closing: 1030, opening: 7 }];
  const result = run({
    readings: [
      [0, 1000],
      [15, 1025],
      [30, 22],
      [45, 40],
    ],
    quarters: 3,
    events,
  });
  expect(result.given).toEqual([25, 5 + 15, 18]);
  expect(result.classes).toEqual(['measured', 'measured', 'measured']);
  expect(result.codes).toEqual([]);
});

test('a reading at the instant of an event belongs to the new state', () => {
  const events: CounterEvent[] = [{ kind: 'replacement', at_ms: 15 * minute, closing: 1030, opening: 7 }];
  const result = run({
    readings: [
      [0, 1000],
      [15, 7],
      [30, 22],
    ],
    quarters: 2,
    events,
  });
  expect(result.given).toEqual([30, 15]);
  expect(Array.from(result.boundaryIndex)).toEqual([1000, 7, 22]);
});

test('a reset whose closing index nobody knows counts from its opening index, as an estimate', () => {
  const events: CounterEvent[] = [{ kind: 'reset', at_ms: 30 * minute, closing: null, opening: 0 }];
  const result = run({
    readings: [
      [0, 1000],
      [15, 1010],
      [30, 4],
      [45, 9],
    ],
    quarters: 3,
    events,
  });
  expect(result.given).toEqual([10, 4, 5]);
  expect(result.classes).toEqual(['measured', 'estimated', 'measured']);
  expect(result.codes).toEqual(['eventIndexMissing']);
});

test('an unknown opening index leaves a hole up to the next reading', () => {
  const events: CounterEvent[] = [{ kind: 'replacement', at_ms: 20 * minute, closing: 1012, opening: null }];
  const result = run({
    readings: [
      [0, 1000],
      [15, 1010],
      [30, 4],
      [45, 9],
    ],
    quarters: 3,
    events,
  });
  expect(result.given).toEqual([10, Number.NaN, 5]);
});

test('a closing index below the last reading is told and counts nothing', () => {
  const events: CounterEvent[] = [{ kind: 'replacement', at_ms: 20 * minute, closing: 900, opening: 0 }];
  const result = run({
    readings: [
      [0, 1000],
      [15, 1010],
      [30, 4],
      [45, 9],
    ],
    quarters: 3,
    events,
  });
  expect(result.given).toEqual([10, Number.NaN, 5]);
  expect(result.codes).toEqual(['eventIndexInconsistent']);
});

test.each([
  ['a dip', 3],
  ['a spike', 9_000_000],
])('%s of a single reading is left out', (_, glitch) => {
  const readings: [number, number][] = [];
  for (let m = 0; m <= 60; m++) readings.push([m, m === 22 ? glitch : 1000 + m * 10]);
  for (const maxRate_per_s of [null, 1]) {
    const result = run({ readings, quarters: 4, rules: { ...rules, maxRate_per_s, modulus: 1e8 } });
    expect(result.given).toEqual([150, 150, 150, 150]);
    expect(result.findings.countByCode).toEqual({ implausibleReading: 1 });
  }
});

test('a dip to zero near the end of the register is no rollover', () => {
  const readings: [number, number][] = [];
  for (let m = 0; m <= 60; m++) readings.push([m, m === 22 ? 0 : 99_000_000 + m]);
  const result = run({ readings, quarters: 4, rules: { ...rules, modulus: 1e8 } });
  expect(result.given).toEqual([15, 15, 15, 15]);
});

test('coarse registers may step by their resolution at any rate', () => {
  const readings: [number, number][] = [
    [0, 0],
    [1, 0],
    [2, 100_000],
    [15, 100_000],
    [20, 100_001],
    [30, 100_002],
  ];
  const strict = { ...rules, maxRate_per_s: 1 };
  expect(run({ readings, quarters: 1, rules: strict }).given).toEqual([Number.NaN]);
  expect(run({ readings, quarters: 1, rules: { ...strict, resolution: 100_000 } }).given).toEqual([100_000]);
});

test('what is not yet decided is not given', () => {
  const readings: [number, number][] = [
    [0, 1000],
    [15, 1010],
    [30, 2],
    [45, 4],
  ];
  expect(run({ readings, quarters: 4 }).given).toEqual([10]);
  expect(run({ readings: [...readings, [60, 6], [75, 8]], quarters: 5 }).given).toEqual([
    10,
    Number.NaN,
    2,
    2,
    2,
  ]);
});

test('an index that no register shows is left out', () => {
  const result = run({
    readings: [
      [0, 0],
      [5, -1],
      [10, 0.5],
      [12, 1e8],
      [15, 10],
    ],
    quarters: 1,
    rules: { ...rules, modulus: 1e8 },
  });
  expect(result.given).toEqual([10]);
  expect(result.findings.countByCode).toEqual({ invalidIndex: 3 });
});

test('findings are limited, their counts are not', () => {
  const n = 3 * seriesFindingLimit;
  const { findings } = counterIntervals({
    at_ms: Array.from({ length: n }, (_, i) => i * minute),
    index: Array.from({ length: n }, (_, i) => n - i),
    rules,
    boundaries_ms: baseBoundaries(0, n * minute),
  });
  expect(findings.list).toHaveLength(seriesFindingLimit);
  expect(findings.countByCode.backwardStep).toBeGreaterThan(seriesFindingLimit);
});

/** A history with rollovers, unexplained falls, glitches, gaps and events. */
const history = fc
  .record({
    start: fc.integer({ min: 0, max: 9_999 }),
    steps: fc.array(
      fc.record({
        wait: fc.integer({ min: 1, max: 40 * minute }),
        rise: fc.integer({ min: 0, max: 300 }),
        fault: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'glitch', 'fall', 'replace'),
        glitch: fc.integer({ min: 0, max: 9_999 }),
      }),
      { minLength: 2, maxLength: 60 },
    ),
  })
  .map(({ start, steps }) => {
    let at = 0;
    let index = start;
    const readings: [number, number][] = [[at, index]];
    const events: CounterEvent[] = [];
    for (const { wait, rise, fault, glitch } of steps) {
      at += wait;
      index = (index + rise) % 10_000;
      if (fault === 'fall') index = glitch;
      if (fault === 'replace') {
        events.push({ kind: 'replacement', at_ms: at, closing: index, opening: glitch });
        index = glitch;
      }
      readings.push([at, fault === 'glitch' ? glitch : index]);
    }
    return { readings, events, end: at };
  });
const historyRules: CounterRules = { modulus: 10_000, maxRate_per_s: null, gapLimit_ms: defaultGapLimit_ms };
const derive = (
  { readings, events }: { readings: readonly [number, number][]; events: CounterEvent[] },
  boundaries_ms: readonly number[],
) =>
  counterIntervals({
    at_ms: readings.map(([at]) => at),
    index: readings.map(([, index]) => index),
    events,
    rules: historyRules,
    boundaries_ms,
  });

test('energy is never negative and never fractional', () => {
  fc.assert(
    fc.property(history, (h) => {
      for (const delta of derive(h, baseBoundaries(0, h.end + quarter)).delta)
        if (!Number.isNaN(delta)) expect(delta >= 0 && Number.isInteger(delta)).toBe(true);
    }),
  );
});

test('order, repetition and batching of the input make no difference', () => {
  fc.assert(
    fc.property(
      history.chain((h) =>
        fc
          .tuple(fc.shuffledSubarray(h.readings, { minLength: h.readings.length }), fc.subarray(h.readings))
          .map(([shuffled, again]) => ({ h, late: { ...h, readings: [...again, ...shuffled] } })),
      ),
      ({ h, late }) => {
        const boundaries = baseBoundaries(0, h.end + quarter);
        expect(derive(late, boundaries)).toEqual(derive(h, boundaries));
      },
    ),
  );
});

test('sums telescope: any partition adds up to end minus start plus corrections', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 50 * minute }), fc.integer({ min: 0, max: 5_000 })), {
        minLength: 2,
        maxLength: 80,
      }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      fc.integer({ min: 0, max: 9_999 }),
      (steps, cuts, start) => {
        let at = 0;
        let total = start;
        const readings: [number, number][] = [[0, start]];
        let rollovers = 0;
        for (const [wait, rise] of steps) {
          at += wait;
          // A rise may pass the end of a register of 10^6 digits at most once per step.
          if (Math.floor((total + rise) / 1e6) > Math.floor(total / 1e6)) rollovers++;
          total += rise;
          readings.push([at, total % 1e6]);
        }
        const boundaries = [...new Set([0, at, ...cuts.map((cut) => Math.round(cut * at))])].sort(
          (a, b) => a - b,
        );
        const { delta } = counterIntervals({
          at_ms: readings.map(([t]) => t),
          index: readings.map(([, v]) => v),
          rules: { ...rules, modulus: 1e6 },
          boundaries_ms: boundaries,
        });
        const end = (readings.at(-1) as [number, number])[1];
        expect(delta.reduce((sum, wh) => sum + wh, 0)).toBe(end - start + rollovers * 1e6);
      },
    ),
  );
});

test('quarter hours add up to the hour, whatever happened', () => {
  fc.assert(
    fc.property(history, (h) => {
      const end = Math.ceil(h.end / (4 * quarter)) * 4 * quarter;
      const quarters = derive(h, baseBoundaries(0, end)).delta;
      const hours = derive(h, baseBoundaries(0, end, 4 * quarter)).delta;
      hours.forEach((hour, i) => {
        const sum = quarters.subarray(4 * i, 4 * i + 4).reduce((total, wh) => total + wh, 0);
        if (!Number.isNaN(sum)) expect(hour).toBe(sum);
      });
    }),
  );
});

test('a range computed from its neighbourhood equals the same range of the whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 30 * minute }), fc.integer({ min: 0, max: 900 })), {
        minLength: 20,
        maxLength: 80,
      }),
      fc.nat(),
      (steps, seed) => {
        let at = 0;
        let total = 0;
        const readings: [number, number][] = [[0, 0]];
        for (const [wait, rise] of steps) {
          at += wait;
          total += rise;
          readings.push([at, total % 10_000]);
        }
        const part = readings.slice(seed % (readings.length - 2 * counterReach));
        const from = Math.ceil((part[counterReach] as [number, number])[0] / quarter) * quarter;
        const boundaries = baseBoundaries(from, at + 1);
        const { findings: _, ...whole } = derive({ readings, events: [] }, boundaries);
        expect(derive({ readings: part, events: [] }, boundaries)).toMatchObject(whole);
      },
    ),
  );
});

test('a reading reaches no further than it says, even where it or a neighbour is wrong', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: minute, max: 15 * minute }), fc.integer({ min: 0, max: 20 })), {
        minLength: 20,
        maxLength: 50,
      }),
      fc.nat(),
      fc.integer({ min: 0, max: 9_999 }),
      fc.nat(),
      (steps, wrongAt, wrong, removedAt) => {
        let at = 0;
        let total = 5_000;
        const readings: [number, number][] = [[0, total]];
        for (const [wait, rise] of steps) {
          at += wait;
          total += rise;
          readings.push([at, total % 10_000]);
        }
        const last = readings.length - 1;
        (readings[1 + (wrongAt % last)] as [number, number])[1] = wrong;
        const removed = 1 + (removedAt % last);
        const boundaries = baseBoundaries(0, at + 1);
        const whole = derive({ readings, events: [] }, boundaries);
        const without = derive(
          { readings: readings.filter((_, i) => i !== removed), events: [] },
          boundaries,
        );
        const [low] = readings[Math.max(0, removed - counterReach)] as [number, number];
        const [high] = readings[Math.min(last, removed + counterReach)] as [number, number];
        for (let i = 0; i + 1 < boundaries.length; i++) {
          const isReached = (boundaries[i + 1] as number) > low && (boundaries[i] as number) < high;
          const isGiven = i >= Math.max(whole.from, without.from) && i < Math.min(whole.to, without.to);
          if (isGiven && !isReached) expect(without.delta[i]).toBe(whole.delta[i]);
        }
      },
    ),
    { numRuns: 300 },
  );
});
