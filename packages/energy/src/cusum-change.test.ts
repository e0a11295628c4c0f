import { expect, test } from 'vitest';
import { runningDifference } from './cusum.ts';
import { performanceChanges, tabularCusum } from './cusum-change.ts';
import type { EnpiPeriod } from './enb.ts';
import { defaultBaselineSettings, fitBaseline } from './enpi.ts';
import { syntheticDays } from './synthetic-site.fixture.ts';

test('the published example: target 10, standard deviation 1, k ½, h 5', () => {
  // D. C. Montgomery, Introduction to Statistical Quality Control, tables 9.1 and 9.2.
  const values = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37,
    10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
  ];
  const steps = tabularCusum(values.map((value) => value - 10));
  expect(steps.findIndex(({ upper }) => upper > 5)).toBe(28);
  expect(steps[28]?.upper).toBeCloseTo(5.28, 2);
  expect(steps[28]?.upperRun).toBe(7);
  expect(steps[1]?.lower).toBeCloseTo(1.56, 2);
  expect(10 + 0.5 + (steps[28]?.upper ?? 0) / 7).toBeCloseTo(11.25, 2);
});

const fixedBases = { ...defaultBaselineSettings, heatingBases_c: [15], coolingBases_c: [20] };
const modelOf = (seed: number) => {
  const fit = fitBaseline(syntheticDays({ seed, from: 0, days: 365 }), fixedBases);
  if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
  return fit.model;
};

/** 365 days of which those from day 120 on use 10 % less. */
const withMeasure = (seed: number): EnpiPeriod => {
  const year = syntheticDays({ seed, from: 365, days: 365 });
  return { ...year, energy_wh: Array.from(year.energy_wh, (wh, i) => (i < 120 ? wh : wh * 0.9)) };
};

test('a measure is found within weeks of its day, an unchanged site is called rarely', () => {
  let calls = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const model = modelOf(seed);
    const year = withMeasure(seed);
    const found = performanceChanges(model, year).find(
      ({ direction, detectedOn }) => direction === 'less' && detectedOn >= (year.dates[120] ?? ''),
    );
    expect(found).toBeDefined();
    expect((found?.detectedOn ?? '9') <= (year.dates[180] ?? '')).toBe(true);
    calls += performanceChanges(model, syntheticDays({ seed, from: 365, days: 365 })).length;
  }
  // About one call in 465 independent values by chance, the model's own error besides.
  expect(calls / 20).toBeLessThan(4);
}, 60_000);

test('days that are not known are passed over', () => {
  const year = withMeasure(2);
  const holey = {
    ...year,
    energy_wh: Array.from(year.energy_wh, (wh, i) => (i % 9 === 0 ? Number.NaN : wh)),
  };
  expect(performanceChanges(modelOf(2), holey).some(({ direction }) => direction === 'less')).toBe(true);
  const none = { ...year, energy_wh: year.dates.map(() => Number.NaN) };
  expect(performanceChanges(modelOf(2), none)).toEqual([]);
});

test('the running sum of months stays where a month is unknown, and ends at minus the savings', () => {
  const run = runningDifference([90, 110, Number.NaN, 80], [100, 100, 100, 100]);
  expect(run.map(({ sum }) => sum)).toEqual([-10, 0, 0, -20]);
  expect(run[2]?.difference).toBeNull();
  expect(() => runningDifference([1], [])).toThrow(RangeError);
});
