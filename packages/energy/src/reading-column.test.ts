import { expect, test } from 'vitest';
import { counterIntervals } from './counter.ts';
import { orderReadings } from './reading-column.ts';

const columns = (...values: number[]): Float64Array => Float64Array.from(values);

test('columns in order are taken as they are', () => {
  const [at_ms, value] = [columns(1, 2, 3), columns(5, 6, 7)];
  const ordered = orderReadings(at_ms, value);
  expect([ordered.at_ms, ordered.value]).toEqual([at_ms, value]);
  expect([ordered.count, ordered.conflicts_ms]).toEqual([3, []]);
});

test.each([
  ['out of order', columns(2, 1, 3), columns(6, 5, 7)],
  ['repeated', columns(1, 2, 2, 3), columns(5, 6, 6, 7)],
  ['absent', columns(1, 1.5, 2, 3), columns(5, Number.NaN, 6, 7)],
])('readings that are %s give the same, and stay as they were given', (_, at_ms, value) => {
  const before = [at_ms.slice(), value.slice()];
  const ordered = orderReadings(at_ms, value);
  expect([...ordered.at_ms.subarray(0, ordered.count)]).toEqual([1, 2, 3]);
  expect([...ordered.value.subarray(0, ordered.count)]).toEqual([5, 6, 7]);
  expect([at_ms, value]).toEqual(before);
});

test('indices that a register cannot show are left out without touching what was given', () => {
  const at_ms = columns(0, 900_000, 1_800_000, 2_700_000);
  const index = columns(100, -5, 110, 120);
  const before = [at_ms.slice(), index.slice()];
  const { delta } = counterIntervals({
    at_ms,
    index,
    rules: { modulus: null, maxRate_per_s: null, gapLimit_ms: 3_600_000, manual: false },
    boundaries_ms: [0, 1_800_000, 2_700_000],
  });
  expect([...delta]).toEqual([10, 10]);
  expect([at_ms, index]).toEqual(before);
});
