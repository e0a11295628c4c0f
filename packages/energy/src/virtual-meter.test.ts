import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  selfConsumptionTerms,
  siteConsumptionTerms,
  type VirtualTerm,
  virtualIntervals,
  virtualOrder,
} from './virtual-meter.ts';

const term = (sign: 1 | -1, from_ms: number | null = null, to_ms: number | null = null): VirtualTerm => ({
  meterId: 1,
  measurand: 'active_energy_import_wh',
  sign,
  from_ms,
  to_ms,
});
const column = (value: number[], quality: number[] = value.map((v) => (Number.isNaN(v) ? 4 : 0))) => ({
  value,
  quality,
});

test('sums with signs and takes the worst class', () => {
  const result = virtualIntervals(
    [term(1), term(1), term(-1)],
    [column([10, 20]), column([1, 2], [2, 1]), column([3, 4])],
    [0, 900_000],
  );
  expect(Array.from(result.value)).toEqual([8, 18]);
  expect(Array.from(result.quality)).toEqual([2, 1]);
  expect(result.negative).toEqual([]);
});

test('a missing term makes the interval missing, not smaller', () => {
  const result = virtualIntervals(
    [term(1), term(1)],
    [column([10, 20]), column([Number.NaN, 2])],
    [0, 900_000],
  );
  expect(Array.from(result.value)).toEqual([Number.NaN, 22]);
  expect(Array.from(result.quality)).toEqual([4, 0]);
});

test('a term counts only while it is valid, and no valid term is missing', () => {
  const start_ms = [0, 900_000, 1_800_000, 2_700_000];
  const result = virtualIntervals(
    [term(1, 900_000, 2_700_000), term(1, 1_800_000, 2_700_000)],
    [column([1, 1, 1, 1]), column([Number.NaN, Number.NaN, 5, Number.NaN])],
    start_ms,
  );
  expect(Array.from(result.value)).toEqual([Number.NaN, 1, 6, Number.NaN]);
});

test('a negative sum is told and kept, so that sums of sums add up', () => {
  const result = virtualIntervals([term(1), term(-1)], [column([1, 4]), column([3, 4])], [0, 900_000]);
  expect(Array.from(result.value)).toEqual([-2, 0]);
  expect(result.negative).toEqual([0]);
});

test('own use of generation and consumption of the site', () => {
  // Main imports 40 and exports 25, the roof generates 60: 35 used on site, the site consumes 75.
  const own = selfConsumptionTerms([7], [3]);
  expect(virtualIntervals(own, [column([60]), column([25])], [0]).value[0]).toBe(35);
  const site = siteConsumptionTerms([3], [7]);
  expect(site.map((t) => [t.meterId, t.measurand, t.sign])).toEqual([
    [3, 'active_energy_import_wh', 1],
    [7, 'active_energy_import_wh', 1],
    [3, 'active_energy_export_wh', -1],
  ]);
  expect(virtualIntervals(site, [column([40]), column([60]), column([25])], [0]).value[0]).toBe(75);
  expect(siteConsumptionTerms([3])).toHaveLength(1);
});

test('columns off the grid are refused', () => {
  expect(() => virtualIntervals([term(1)], [column([1])], [0, 1])).toThrow(RangeError);
  expect(() => virtualIntervals([term(1)], [], [0])).toThrow(RangeError);
});

test('virtual meters are ordered after those they are made of', () => {
  const order = virtualOrder(
    new Map([
      [10, [{ meterId: 20 }, { meterId: 1 }]],
      [20, [{ meterId: 2 }, { meterId: 30 }]],
      [30, [{ meterId: 3 }]],
    ]),
  );
  expect(order).toEqual({ ok: true, order: [30, 20, 10] });
});

test('a cycle is named', () => {
  const order = virtualOrder(
    new Map([
      [10, [{ meterId: 20 }]],
      [20, [{ meterId: 10 }]],
    ]),
  );
  expect(order).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'virtualMeterCycle', data: { cycle: [10, 20, 10] } }],
  });
  expect(virtualOrder(new Map([[10, [{ meterId: 10 }]]])).ok).toBe(false);
});

test('a meter above those with higher numbers is ordered; any back edge is a cycle', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { maxLength: 25 }),
      (edges) => {
        const definitions = new Map<number, { meterId: number }[]>();
        for (const [a, b] of edges) {
          if (a === b) continue;
          const [low, high] = a < b ? [a, b] : [b, a];
          definitions.set(low, [...(definitions.get(low) ?? []), { meterId: high }]);
        }
        const result = virtualOrder(definitions);
        expect(result.ok).toBe(true);
        if (!result.ok) return;
        for (const [low, terms] of definitions)
          for (const { meterId } of terms)
            if (definitions.has(meterId))
              expect(result.order.indexOf(meterId)).toBeLessThan(result.order.indexOf(low));
      },
    ),
  );
});
