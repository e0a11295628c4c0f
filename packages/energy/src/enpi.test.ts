import { expect, test } from 'vitest';
import { cusum } from './cusum.ts';
import { type EnpiPeriod, expectedDays, rangeTest } from './enb.ts';
import { defaultBaselineSettings, fitBaseline } from './enpi.ts';
import { monthlyPerformance, savingsOver } from './savings.ts';
import { syntheticDays } from './synthetic-site.fixture.ts';

const fixedBases = { ...defaultBaselineSettings, heatingBases_c: [15], coolingBases_c: [20] };
const fitted = (period: EnpiPeriod, settings = defaultBaselineSettings) => {
  const baseline = fitBaseline(period, settings);
  if (!baseline.ok) throw new Error(JSON.stringify(baseline.disqualifications));
  return baseline;
};
const settings = { confidence: 0.95, metering: null } as const;

test('finds the variables of a site, near their true values', () => {
  const { model, candidates, warnings } = fitted(syntheticDays({ seed: 1, from: 0, days: 365 }));
  expect(model.variables.map(({ name }) => name)).toEqual(['production', 'hdd', 'cdd']);
  const value = (name: string) => model.coefficients.find((c) => c.name === name)?.value ?? Number.NaN;
  expect(value('production') / 50_000).toBeCloseTo(1, 1);
  expect(value('hdd') / 100_000).toBeCloseTo(1, 0);
  expect(model.sep.valid).toBe(true);
  expect(warnings).toEqual([]);
  expect(candidates).toHaveLength(8);
  expect(candidates[0]?.adjustedR2).toBe(model.adjustedR2);
});

test('sites with a 6 % saving exclude zero, their twins without one rarely do', () => {
  const pairs = 40;
  let unmoved = 0;
  for (let seed = 1; seed <= pairs; seed++) {
    const { model } = fitted(syntheticDays({ seed, from: 0, days: 365 }), fixedBases);
    const year = (saving: number) =>
      savingsOver(model, syntheticDays({ seed, from: 365, days: 365, saving }), settings);
    const saved = year(0.06);
    expect(saved.verdict).toBe('saving');
    expect(saved.halfWidth_percent).toBeLessThan(4);
    expect(year(-0.06).verdict).toBe('excess');
    if (year(0).verdict === 'notDistinguishableFromZero') unmoved++;
  }
  // At 95 % one twin in twenty is called changed by chance.
  expect(unmoved).toBeGreaterThanOrEqual(36);
}, 60_000);

test.each([0, 0.3, 0.6])(
  'a stated 90 percent holds the truth about as often, days correlated by %f',
  (rho) => {
    const sites = 200;
    let held = 0;
    let width = 0;
    let square = 0;
    for (let seed = 1; seed <= sites; seed++) {
      const { model } = fitted(syntheticDays({ seed, from: 0, days: 365, rho }), fixedBases);
      const report = syntheticDays({ seed, from: 365, days: 365, rho, saving: 0.05 });
      const savings = savingsOver(model, report, { confidence: 0.9, metering: null });
      // The true saving: what the site would have used without it, by its noise-free physics, times the share.
      const truth = syntheticDays({ seed, from: 365, days: 365, rho });
      let saved = 0;
      for (let i = 0; i < 365; i++) saved += (truth.energy_wh[i] as number) - (report.energy_wh[i] as number);
      const error = savings.savings_wh - saved;
      if (Math.abs(error) <= savings.halfWidth_wh) held++;
      width += savings.halfWidth_wh;
      square += error * error;
    }
    // Of 200 sites at 90 %, 95 % of runs fall between 86 and 94 %.
    expect(held / sites).toBeGreaterThan(0.85);
    expect(held / sites).toBeLessThan(0.95);
    expect(width / sites / (1.645 * Math.sqrt(square / sites))).toBeLessThan(1.2);
  },
  60_000,
);

test('the model survives storage and gives the same bytes', () => {
  const { model } = fitted(syntheticDays({ seed: 3, from: 0, days: 365 }));
  const period = syntheticDays({ seed: 3, from: 365, days: 90 });
  const stored = JSON.parse(JSON.stringify(model));
  expect(savingsOver(stored, period, settings)).toEqual(savingsOver(model, period, settings));
  expect(expectedDays(stored, period, 0.9)).toEqual(expectedDays(model, period, 0.9));
});

test('the prediction band of a day holds about the stated share of days', () => {
  const { model } = fitted(syntheticDays({ seed: 5, from: 0, days: 365 }));
  const period = syntheticDays({ seed: 5, from: 365, days: 365 });
  const inside = expectedDays(model, period, 0.9).filter(
    (day, i) => Math.abs((period.energy_wh[i] as number) - day.expected_wh) <= day.halfWidth_wh,
  );
  expect(inside.length / 365).toBeGreaterThan(0.85);
  expect(inside.length / 365).toBeLessThan(0.95);
});

test('unknown days are left out of both sides and told', () => {
  const { model } = fitted(syntheticDays({ seed: 2, from: 0, days: 365 }));
  const full = syntheticDays({ seed: 2, from: 365, days: 60 });
  const holey: EnpiPeriod = {
    ...full,
    energy_wh: Array.from(full.energy_wh, (wh, i) => (i < 20 ? Number.NaN : wh)),
  };
  const rest = syntheticDays({ seed: 2, from: 385, days: 40 });
  const savings = savingsOver(model, holey, settings);
  expect([savings.days, savings.unknownDays]).toEqual([40, 20]);
  expect(savings.savings_wh).toBeCloseTo(savingsOver(model, rest, settings).savings_wh, 0);
  expect(savings.findings.map(({ code }) => code)).toContain('incompletePeriod');
});

test('months add up to the period, and CUSUM ends at minus the savings', () => {
  const { model } = fitted(syntheticDays({ seed: 4, from: 0, days: 365 }));
  const period = syntheticDays({ seed: 4, from: 365, days: 120, saving: 0.06 });
  const total = savingsOver(model, period, settings);
  const months = monthlyPerformance(model, period, settings);
  expect(months.reduce((sum, month) => sum + month.days, 0)).toBe(120);
  expect(months.reduce((sum, month) => sum + month.savings_wh, 0)).toBeCloseTo(total.savings_wh, 0);
  const days = cusum(model, period, 0.95);
  expect(days.at(-1)?.cusum_wh).toBeCloseTo(-total.savings_wh, 0);
  expect(days.at(-1)?.halfWidth_wh).toBeCloseTo(total.modelHalfWidth_wh, 0);
  expect(
    cusum(model, { ...period, energy_wh: period.dates.map(() => Number.NaN) }, 0.95).at(-1),
  ).toMatchObject({
    actual_wh: null,
    cusum_wh: 0,
    halfWidth_wh: 0,
  });
});

test('an unchanged chain errs on the saving, a replaced one on the whole', () => {
  const { model } = fitted(syntheticDays({ seed: 6, from: 0, days: 365 }));
  const period = syntheticDays({ seed: 6, from: 365, days: 365, saving: 0.06 });
  const part = (chain: 'unchanged' | 'replaced') =>
    savingsOver(model, period, { confidence: 0.95, metering: { standardUncertainty_percent: 1, chain } });
  const same = part('unchanged');
  expect(same.meteringHalfWidth_wh).toBeCloseTo(1.959964 * 0.01 * same.savings_wh, -2);
  expect(same.halfWidth_wh).toBeCloseTo(Math.hypot(same.modelHalfWidth_wh, same.meteringHalfWidth_wh), 3);
  const other = part('replaced');
  expect(other.meteringHalfWidth_wh).toBeCloseTo(
    1.959964 * 0.01 * Math.hypot(other.expected_wh, other.actual_wh),
    -3,
  );
});

test('a period far from the baseline fails the range test', () => {
  const { model } = fitted(syntheticDays({ seed: 8, from: 0, days: 365 }));
  const period = syntheticDays({ seed: 8, from: 365, days: 60 });
  expect(rangeTest(model, period)).toEqual([]);
  const boom = { ...period, given: { production: Array.from(period.dates, () => 500) } };
  expect(rangeTest(model, boom)).toMatchObject([
    { code: 'outsideBaselineRange', data: { name: 'production', periodMean: 500 } },
  ]);
});

test('what is doubtful is told, what is impossible is refused', () => {
  const year = syntheticDays({ seed: 9, from: 0, days: 365 });
  const codes = (period: EnpiPeriod, only = fixedBases) => {
    const baseline = fitBaseline(period, only);
    return (baseline.ok ? baseline.warnings : baseline.disqualifications).map(({ code }) => code);
  };
  const slice = (n: number): EnpiPeriod => ({
    dates: year.dates.slice(0, n),
    energy_wh: Array.from(year.energy_wh).slice(0, n),
    given: { production: Array.from(year.given.production ?? []).slice(0, n) },
    temperature_c: Array.from(year.temperature_c ?? []).slice(0, n),
  });
  expect(codes(slice(20))).toEqual(['tooFewPoints']);
  expect(codes(slice(200))).toContain('shortBaseline');
  expect(codes({ ...year, given: { production: year.dates.map(() => 3) } })).toContain('constantVariable');
  const twice = Array.from(year.given.production ?? []);
  const both = fitBaseline(
    {
      ...year,
      energy_wh: twice.map((t, i) => 3e6 + 2e4 * t + 3e4 * (t + (i % 2)) + 100 * ((i * 7919) % 11)),
      given: { production: twice, shifts: twice.map((t, i) => t + (i % 2)) },
    },
    fixedBases,
  );
  expect(both.ok && both.warnings.map(({ code }) => code)).toContain('collinearity');
  const many = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`v${i}`, twice]));
  expect(codes({ ...year, given: many })).toEqual(['tooManyVariables']);
});

test('a variable that would save energy by growing is not believed', () => {
  const year = syntheticDays({ seed: 10, from: 0, days: 365 });
  const upsideDown = {
    ...year,
    energy_wh: Array.from(
      year.energy_wh,
      (_, i) => 1e7 - 1000 * ((year.given.production ?? [])[i] as number),
    ),
  };
  const baseline = fitBaseline(upsideDown, fixedBases);
  for (const candidate of baseline.candidates)
    if (candidate.coefficients.some(({ name, value }) => name === 'production' && value < 0))
      expect(candidate.disqualifications.map(({ code }) => code)).toContain('negativeSlope');
});

test('a site without a relevant variable gets its mean, with a warning', () => {
  const year = syntheticDays({ seed: 11, from: 0, days: 365 });
  const flat: EnpiPeriod = {
    dates: year.dates,
    energy_wh: year.dates.map((_, i) => 1e6 + 1000 * ((i * 7919) % 13)),
    given: {},
  };
  const baseline = fitted(flat);
  expect(baseline.model.variables).toEqual([]);
  expect(baseline.warnings.map(({ code }) => code)).toEqual(['noRelevantVariable']);
  expect(baseline.model.sep.valid).toBe(false);
});
