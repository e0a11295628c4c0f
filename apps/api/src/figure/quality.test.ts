import { expect, test } from 'vitest';
import { noCounts, sharesSoFar } from './quality.ts';

const from_ms = Date.parse('2026-03-01T23:00:00Z');
const minutes = (n: number): number => from_ms + n * 60_000;
const site = { baseInterval_s: 900 };

test('while the first interval is not over, nothing is missing yet', () => {
  for (const now_ms of [minutes(-60), minutes(0), minutes(15)])
    expect(sharesSoFar(noCounts, { from_ms, now_ms, site })).toBeNull();
});

test('once it is over and stored, what no meter sent is missing', () => {
  expect(sharesSoFar(noCounts, { from_ms, now_ms: minutes(16), site })).toMatchObject({ missing: 1 });
  expect(
    sharesSoFar({ ...noCounts, n_measured: 3, n_missing: 1 }, { from_ms, now_ms: minutes(60), site }),
  ).toMatchObject({ measured: 0.75, missing: 0.25 });
});

test('what is already known is told at once', () => {
  expect(sharesSoFar({ ...noCounts, n_measured: 1 }, { from_ms, now_ms: minutes(15), site })).toMatchObject({
    measured: 1,
  });
});
