import { expect, test } from 'vitest';
import { caltrackDesign } from './caltrack-design.ts';
import { caltrackSufficient, type MeteredPeriod, usablePeriods } from './caltrack-sufficiency.ts';

const day_ms = 86_400_000;
const from_ms = Date.UTC(2025, 0, 1);
const to_ms = from_ms + 365 * day_ms;
const days = (energy: (day: number) => number): MeteredPeriod[] =>
  Array.from({ length: 365 }, (_, i) => ({
    start_ms: from_ms + i * day_ms,
    end_ms: from_ms + (i + 1) * day_ms,
    energy: energy(i),
  }));
const weather = (known: (hour: number) => boolean = () => true) => ({
  start_ms: from_ms,
  values: Array.from({ length: 365 * 24 }, (_, hour) => (known(hour) ? 10 : Number.NaN)),
});
const judged = (periods: readonly MeteredPeriod[], temperatures = weather(), rest = {}) =>
  caltrackSufficient(caltrackDesign(periods, temperatures), { from_ms, to_ms, ...rest });
const codes = (found: ReturnType<typeof judged>) =>
  [...found.disqualifications, ...found.warnings].map(({ code }) => code);

test('37 missing days are allowed, 38 are not, of energy as of temperature', () => {
  expect(codes(judged(days((i) => (i < 37 ? Number.NaN : 100 + (i % 7)))))).toEqual([]);
  expect(codes(judged(days((i) => (i < 38 ? Number.NaN : 100 + (i % 7)))))).toEqual(['energyMissing']);
  expect(
    codes(
      judged(
        days((i) => 100 + (i % 7)),
        weather((hour) => hour >= 38 * 24),
      ),
    ),
  ).toEqual(['temperatureMissing']);
  const apart = judged(
    days((i) => (i < 30 ? Number.NaN : 100 + (i % 7))),
    weather((hour) => hour < 335 * 24),
  );
  expect(codes(apart)).toEqual(['bothMissing']);
});

test('a day needs more than half of its hours of temperature', () => {
  const half = caltrackDesign(
    days(() => 1).slice(0, 2),
    weather((hour) => (hour < 24 ? hour % 2 === 0 : hour % 2 === 0 || hour === 25)),
  );
  expect(half.map(({ dayTemperatures }) => dayTemperatures.length)).toEqual([0, 1]);
});

test('negative and extreme values, far stations and short baselines are told', () => {
  expect(codes(judged(days((i) => (i === 3 ? -5 : 100 + (i % 7)))))).toEqual(['negativeEnergy']);
  expect(
    judged(
      days((i) => (i === 3 ? -5 : 100 + (i % 7))),
      weather(),
      { isNetMetered: true },
    ).isSufficient,
  ).toBe(true);
  expect(codes(judged(days((i) => (i === 3 ? 900 : 100 + (i % 7)))))).toEqual(['extremeEnergy']);
  expect(
    codes(
      judged(
        days((i) => 100 + (i % 7)),
        weather(),
        { stationDistance_km: 250 },
      ),
    ),
  ).toEqual(['stationFar']);
  expect(
    codes(
      judged(
        days((i) => 100 + (i % 7)),
        weather(),
        { to_ms: to_ms - 5 * day_ms },
      ),
    ),
  ).toContain('baselineLength');
});

const bill = (start: number, length: number, energy: number, estimated = false): MeteredPeriod => ({
  start_ms: from_ms + start * day_ms,
  end_ms: from_ms + (start + length) * day_ms,
  energy,
  estimated,
});

test('an estimated bill is joined with the next, a bill of a wrong length is left out', () => {
  const rule = { interval: 'billing', billing: 'monthly', zeroIsMissing: true } as const;
  const found = usablePeriods(
    [
      bill(0, 30, 100),
      bill(30, 30, 50, true),
      bill(60, 31, 150),
      bill(91, 20, 80),
      bill(111, 40, 90),
      bill(151, 30, 0),
    ],
    rule,
  );
  expect(found.periods.map(({ energy }) => energy)).toEqual([100, 200, Number.NaN, Number.NaN, Number.NaN]);
  expect(found.findings.map(({ code, data }) => [code, data.n])).toEqual([
    ['estimatedBill', 1],
    ['zeroIsMissing', 1],
    ['billLength', 2],
  ]);
  // Nothing to join with: the estimate is no measurement.
  expect(usablePeriods([bill(0, 30, 100, true)], rule).periods[0]?.energy).toBeNaN();
  expect(usablePeriods([bill(0, 30, 0)], { ...rule, zeroIsMissing: false }).periods[0]?.energy).toBe(0);
});

test('a period that repeats is kept once', () => {
  const rule = { interval: 'daily', zeroIsMissing: false } as const;
  const found = usablePeriods([bill(1, 1, 5), bill(0, 1, 4), bill(1, 1, 5), bill(1, 1, 6)], rule);
  expect(found.periods.map(({ energy }) => energy)).toEqual([4, 5]);
  expect(found.findings.map(({ code }) => code)).toEqual(['duplicatePeriod', 'contradictingPeriod']);
});
