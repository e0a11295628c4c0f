import { expect, it } from 'vitest';
import { lookedAt, wallClockAt } from './wall-clock.ts';

it('counts steps of the wall clock in either direction, not its drift', () => {
  let clock = wallClockAt(1_000_000, 0);
  clock = lookedAt(clock, 1_060_030, 60_000);
  expect(clock.steps).toBe(0);
  clock = lookedAt(clock, 1_063_030, 61_000);
  expect(clock.steps).toBe(1);
  clock = lookedAt(clock, 64_030, 62_000);
  expect(clock.steps).toBe(2);
  expect(lookedAt(clock, 65_030, 63_000).steps).toBe(2);
});
