import { expect, test } from 'vitest';
import { cusum } from './cusum.ts';
import { normalQuantile } from './distribution.ts';
import { designRows, type EnbModel, type EnpiPeriod, expectedDays, leverage, rangeTest } from './enb.ts';
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

/** Half-width of the same model's savings, had the noise been known: its σ, its autocorrelation, no Student factor. */
function knownHalfWidth_wh(
  model: EnbModel,
  period: EnpiPeriod,
  noise: { readonly rho: number; readonly sigma_wh: number; readonly confidence: number },
): number {
  const { rho, sigma_wh, confidence } = noise;
  const m = period.dates.length;
  const g = (1 + rho) / (1 - rho);
  const ownNoise = m * g - (2 * rho * (1 - rho ** m)) / (1 - rho) ** 2;
  const sum = new Float64Array(model.coefficients.length);
  for (const row of designRows(model, period))
    for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] as number) + (row[k] as number);
  return normalQuantile(1 - (1 - confidence) / 2) * sigma_wh * Math.sqrt(ownNoise + g * leverage(model, sum));
}

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

test('on 1,000 sites the band holds the truth as often as it says, and twins are told apart', () => {
  const sites = 1000;
  const confidence = 0.9;
  const count = { held: 0, unchangedCalled: 0, savingSeen: 0, wide: 0 };
  let width = 0;
  let knownWidth = 0;
  for (let seed = 1; seed <= sites; seed++) {
    const rho = [0, 0.3, 0.6][seed % 3] as number;
    const both = syntheticDays({ seed, from: 0, days: 730, rho });
    const part = (from: number, to: number, share: number): EnpiPeriod => ({
      dates: both.dates.slice(from, to),
      energy_wh: Array.from(both.energy_wh)
        .slice(from, to)
        .map((wh) => wh * (1 - share)),
      given: { production: Array.from(both.given.production ?? []).slice(from, to) },
      temperature_c: Array.from(both.temperature_c ?? []).slice(from, to),
    });
    const { model } = fitted(part(0, 365, 0), fixedBases);
    const asked = { confidence, metering: null };
    const twin = savingsOver(model, part(365, 730, 0), asked);
    const saved = savingsOver(model, part(365, 730, 0.06), asked);
    // The truth: what the same days would have used without the measure, less what they used.
    const truth_wh = twin.actual_wh - saved.actual_wh;
    if (Math.abs(saved.savings_wh - truth_wh) <= saved.halfWidth_wh) count.held++;
    if (twin.verdict !== 'notDistinguishableFromZero') count.unchangedCalled++;
    if (saved.verdict === 'saving') count.savingSeen++;
    if (saved.halfWidth_percent > 4) count.wide++;
    width += saved.halfWidth_wh;
    knownWidth += knownHalfWidth_wh(model, part(365, 730, 0), { rho, sigma_wh: 3e5, confidence });
  }
  expect(count.held / sites).toBeGreaterThanOrEqual(0.87);
  expect(count.held / sites).toBeLessThanOrEqual(0.93);
  expect(count.unchangedCalled / sites).toBeGreaterThanOrEqual(0.07);
  expect(count.unchangedCalled / sites).toBeLessThanOrEqual(0.13);
  expect(width / knownWidth).toBeLessThanOrEqual(1.2);
  expect([count.savingSeen, count.wide]).toEqual([sites, 0]);
}, 180_000);

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

test('an unchanged chain errs on the saving and on what moved to another load, a replaced one on the whole', () => {
  const { model } = fitted(syntheticDays({ seed: 6, from: 0, days: 365 }));
  const period = syntheticDays({ seed: 6, from: 365, days: 365, saving: 0.06 });
  const part = (chain: 'unchanged' | 'replaced') =>
    savingsOver(model, period, { confidence: 0.95, metering: { standardUncertainty_percent: 1, chain } });
  const same = part('unchanged');
  const onSaving = 1.959964 * 0.01 * same.savings_wh;
  expect(same.meteringHalfWidth_wh).toBeGreaterThan(onSaving);
  expect(same.meteringHalfWidth_wh).toBeLessThan(3 * onSaving);
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
  const first = (period: EnpiPeriod) => codes(period)[0];
  const energy = Array.from(year.energy_wh);
  expect(codes({ ...year, energy_wh: energy.map((wh, i) => (i === 7 ? -wh : wh)) })).toContain(
    'negativeEnergy',
  );
  expect(codes({ ...year, energy_wh: energy.map((wh, i) => (i === 7 ? 0 : wh)) })).toContain('zeroEnergy');
  expect(first({ ...year, temperature_c: year.dates.map(() => Number.NaN) })).toBe('columnUnknown');
  expect(first({ ...year, energy_wh: energy.slice(1) })).toBe('lengthMismatch');
  expect(
    first({ ...year, dates: year.dates.map((date, i) => (i === 1 ? (year.dates[0] ?? date) : date)) }),
  ).toBe('duplicateDate');
  const { model } = fitted(year, fixedBases);
  expect(savingsOver(model, slice(60), settings).findings.map(({ code }) => code)).toContain(
    'baselineOverlap',
  );
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
  expect(baseline.warnings.map(({ code }) => code)).toEqual(['noTemperature', 'noRelevantVariable']);
  expect(baseline.model.sep.valid).toBe(false);
});

test('the same days in another order, and variables too, give the same bytes', () => {
  const year = syntheticDays({ seed: 12, from: 0, days: 365 });
  const order = year.dates.map((_, i) => (i * 152) % 365);
  const mixed = (column: ArrayLike<number>): number[] => order.map((i) => column[i] as number);
  const shifts = Array.from(year.given.production ?? [], (tonnes, i) => tonnes / 10 + (i % 3));
  const there = fitBaseline(
    { ...year, given: { production: year.given.production ?? [], shifts } },
    fixedBases,
  );
  const here = fitBaseline(
    {
      dates: order.map((i) => year.dates[i] as string),
      energy_wh: mixed(year.energy_wh),
      given: { shifts: mixed(shifts), production: mixed(year.given.production ?? []) },
      temperature_c: mixed(year.temperature_c ?? []),
    },
    fixedBases,
  );
  expect(JSON.stringify(here)).toBe(JSON.stringify(there));
});

test('energy in another unit gives the same model and the same verdict', () => {
  const year = syntheticDays({ seed: 13, from: 0, days: 365 });
  const report = syntheticDays({ seed: 13, from: 365, days: 365, saving: 0.06 });
  const scaled = (period: EnpiPeriod, by: number): EnpiPeriod => ({
    ...period,
    energy_wh: Array.from(period.energy_wh, (wh) => wh * by),
  });
  const one = savingsOver(fitted(year).model, report, settings);
  for (const by of [1e-3, 3.6, 1e6]) {
    const other = savingsOver(fitted(scaled(year, by)).model, scaled(report, by), settings);
    expect(other.verdict).toBe(one.verdict);
    expect(other.savings_percent).toBeCloseTo(one.savings_percent, 8);
    expect(other.halfWidth_percent).toBeCloseTo(one.halfWidth_percent, 8);
  }
});
