import { expect, test } from 'vitest';
import type { EnpiPeriod } from './enb.ts';
import { defaultBaselineSettings, fitBaseline } from './enpi.ts';
import {
  absoluteChange_percent,
  modifiedIntensity,
  type PerformanceInput,
  performanceBetween,
  performanceMethods,
  performanceOf,
  ratioChange_percent,
} from './performance.ts';
import { savingsOver } from './savings.ts';
import { syntheticDays } from './synthetic-site.fixture.ts';

const fixedBases = { ...defaultBaselineSettings, heatingBases_c: [15], coolingBases_c: [20] };
const modelOf = (period: EnpiPeriod) => {
  const fit = fitBaseline(period, fixedBases);
  if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
  return fit.model;
};
const stated = (input: PerformanceInput) => {
  const found = performanceBetween(input);
  if (!found.ok) throw new Error(JSON.stringify(found.disqualifications));
  return found.performance;
};
const makeSite = (seed: number, saving: number) => {
  const base = syntheticDays({ seed, from: 0, days: 365 });
  const report = syntheticDays({ seed, from: 365, days: 365, saving });
  const unknown = new Float64Array(365).fill(Number.NaN);
  const conditions = { ...syntheticDays({ seed: seed + 500, from: 0, days: 365 }), energy_wh: unknown };
  return { base, report, conditions, model: modelOf(base), reportModel: modelOf(report) };
};
const made = new Map<string, ReturnType<typeof makeSite>>();
const site = (seed: number, saving: number) => {
  const key = `${seed} ${saving}`;
  const found = made.get(key) ?? makeSite(seed, saving);
  made.set(key, found);
  return found;
};
const inputOf = (
  method: PerformanceInput['method'],
  found: ReturnType<typeof makeSite>,
): PerformanceInput => ({
  method,
  ...found,
  model: method === 'backcast' ? found.reportModel : found.model,
  confidence: 0.9,
});

test.each(performanceMethods)(
  '%s finds a saving of 6 % within its band, and none where there is none',
  (method) => {
    let held = 0;
    let unchanged = 0;
    const sites = 40;
    for (let seed = 1; seed <= sites; seed++) {
      const saved = stated(inputOf(method, site(seed, 0.06)));
      expect(saved.verdict).toBe('saving');
      expect(saved.senpi).toBeCloseTo(1 - saved.savings_percent / 100, 12);
      if (Math.abs(saved.savings_percent - 6) <= (100 * saved.modelHalfWidth_wh) / saved.adjusted_wh) held++;
      if (stated(inputOf(method, site(seed, 0))).verdict === 'notDistinguishableFromZero') unchanged++;
    }
    expect(held / sites).toBeGreaterThan(0.78);
    expect(unchanged / sites).toBeGreaterThan(0.78);
  },
  60_000,
);

test('forecast is the savings of the reporting period', () => {
  const found = site(3, 0.06);
  const one = stated(inputOf('forecast', found));
  const other = savingsOver(found.model, found.report, { confidence: 0.9, metering: null });
  expect(one.savings_wh).toBe(other.savings_wh);
  expect(one.modelHalfWidth_wh).toBe(other.modelHalfWidth_wh);
  expect(one.senpi).toBe(other.performanceRatio);
});

test('chaining from the model of the baseline itself is the forecast: the model meets its own year exactly', () => {
  const found = site(4, 0.06);
  const chained = stated(inputOf('chaining', found));
  const forecast = stated(inputOf('forecast', found));
  expect(chained.adjusted_wh / forecast.adjusted_wh).toBeCloseTo(1, 10);
  const adjusted = stated({ ...inputOf('chaining', found), adjustment_wh: 1e8 });
  expect(adjusted.adjusted_wh - chained.adjusted_wh).toBeCloseTo(1e8, 0);
});

test('what cannot be stated is refused', () => {
  const found = site(5, 0);
  const codes = (input: PerformanceInput) => {
    const result = performanceBetween(input);
    return result.ok ? [] : result.disqualifications.map(({ code }) => code);
  };
  const unknown = { ...found.report, energy_wh: found.report.dates.map(() => Number.NaN) };
  expect(codes({ ...inputOf('forecast', found), report: unknown })).toEqual(['noKnownDay']);
  expect(codes({ ...inputOf('chaining', found), report: unknown })).toEqual(['noKnownDay']);
  const { conditions, ...without } = inputOf('standard', found);
  expect(conditions).toBeDefined();
  expect(codes(without)).toEqual(['conditionsMissing']);
  expect(performanceOf('forecast', { adjusted_wh: 0, actual_wh: 5 }).senpi).toBeNaN();
});

test('measured value, ratio and modified intensity', () => {
  expect(absoluteChange_percent(200, 150)).toBe(25);
  expect(absoluteChange_percent(0, 150)).toBeNaN();
  expect(ratioChange_percent({ energy: 200, output: 100 }, { energy: 180, output: 120 })).toBeCloseTo(25, 12);
  expect(ratioChange_percent({ energy: 200, output: 100 }, { energy: 180, output: 0 })).toBeNaN();
  // Half of 200 is base load: at 120 of 100 units 100 + 120 are expected.
  expect(modifiedIntensity({ energy: 200, output: 100, baseLoadShare: 0.5 }, 120)).toBeCloseTo(220, 12);
});
