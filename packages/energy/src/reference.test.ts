/** Published inputs with published results of two programs that certification auditors know. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { spreadBills } from './bill-spread.ts';
import { addDays } from './calendar.ts';
import { caltrackHalfWidth_wh } from './caltrack.ts';
import { type EnpiPeriod, expectedDays } from './enb.ts';
import { defaultBaselineSettings, fitBaseline } from './enpi.ts';
import { regress } from './regression.ts';
import { savingsOver } from './savings.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function caltrackBaseline(): EnpiPeriod {
  const read = (name: string): string[][] =>
    rowsOf(gunzipSync(readFileSync(new URL(`caltrack_il/${name}`, fixtures))).toString());
  const temperatures = new Map<string, number[]>();
  for (const [at, value] of read('il-tempF.csv.gz')) {
    const date = new Date(at as string).toISOString().slice(0, 10);
    const day = temperatures.get(date) ?? [];
    day.push(Number(value));
    temperatures.set(date, day);
  }
  const usage = new Map(
    read('il-electricity-cdd-hdd-daily.csv.gz').map(([at, value]) => [at?.slice(0, 10), Number(value)]),
  );
  const dates = Array.from({ length: 365 }, (_, i) => addDays('2015-12-27', i));
  return {
    dates,
    energy_wh: dates.map((date) => usage.get(date) ?? Number.NaN),
    given: {},
    temperature_c: dates.map((date) => mean(temperatures.get(date) ?? [])),
  };
}
const fahrenheit = {
  ...defaultBaselineSettings,
  heatingBases_c: Array.from({ length: 61 }, (_, i) => 30 + i),
  coolingBases_c: Array.from({ length: 61 }, (_, i) => 30 + i),
};
const days2011 = (n: number, temperature: (day: number) => number): EnpiPeriod => ({
  dates: Array.from({ length: n }, (_, i) => addDays('2011-01-01', i)),
  energy_wh: Array.from({ length: n }, () => 1),
  given: {},
  temperature_c: Array.from({ length: n }, (_, i) => temperature(i)),
});

test('OpenEEmeter 3.1.1, daily metered savings and their band', () => {
  const baseline = fitBaseline(caltrackBaseline(), fahrenheit);
  if (!baseline.ok) throw new Error(JSON.stringify(baseline.disqualifications));
  const reporting = days2011(59, (day) => 30 + day);
  const savings = savingsOver(baseline.model, reporting, { confidence: 0.9, metering: null });
  expect(savings.savings_wh).toBeCloseTo(1571.28, 2);
  expect(caltrackHalfWidth_wh(baseline.model, { periods: 59, frequency: 'daily' }, 0.9)).toBeCloseTo(
    601.52,
    2,
  );
}, 60_000);

test('OpenEEmeter 3.1.1, fixed base temperatures 60 and 65 °F', () => {
  const baseline = fitBaseline(caltrackBaseline(), {
    ...fahrenheit,
    heatingBases_c: [60],
    coolingBases_c: [65],
  });
  if (!baseline.ok) throw new Error(JSON.stringify(baseline.disqualifications));
  expect(baseline.candidates).toHaveLength(4);
  expect(baseline.model.variables.map(({ name }) => name)).toEqual(['hdd', 'cdd']);
  const year = days2011(365, (day) =>
    mean(Array.from({ length: 24 }, (_, hour) => 50 + (30 * (day * 24 + hour)) / 8760)),
  );
  const total = expectedDays(baseline.model, year, 0.9).reduce((sum, day) => sum + day.expected_wh, 0);
  expect(total).toBeCloseTo(7059.48, 1);
});

interface SepModel {
  readonly facility: string;
  readonly group: string;
  readonly model_year: number;
  readonly predictors: readonly string[];
  readonly published: {
    readonly coef: readonly number[];
    readonly se: readonly number[];
    readonly p: readonly number[];
    readonly R2: number;
    readonly R2_adj: number;
    readonly F: number;
    readonly F_pvalue: number;
    readonly sigma: number;
    readonly ybar: number;
  };
}
const sepModels: readonly SepModel[] = JSON.parse(
  readFileSync(new URL('verifi_sep/expected.json', fixtures), 'utf8'),
).models;

test.each(sepModels)(
  'VERIFI, SEP model of $facility $group',
  ({ facility, group, model_year, predictors, published }) => {
    const bills = rowsOf(readFileSync(new URL('verifi_sep/bills.csv', fixtures), 'utf8')).filter(
      ([f, g]) => f === facility && g === group,
    );
    const toMmbtu = bills[0]?.[4] === 'kWh' ? 3.6e6 / 1.05506e9 : 1;
    const siteToSource = Number(bills[0]?.[5]);
    const spread = spreadBills(
      bills.map((bill) => ({
        readDate: bill[6] as string,
        energy: Number(bill[7]) * toMmbtu * siteToSource,
      })),
    );
    const months = Array.from({ length: 12 }, (_, i) => `${model_year}-${String(i + 1).padStart(2, '0')}`);
    const amounts = rowsOf(readFileSync(new URL('verifi_sep/predictors_monthly.csv', fixtures), 'utf8'));
    const fit = regress({
      y: months.map((month) => spread.get(month)?.energy ?? Number.NaN),
      variables: predictors.map((name) => ({
        name,
        values: months.map((month) =>
          Number(
            amounts.find(
              ([f, p, , year, m]) =>
                f === facility && p === name && `${year}-${String(m).padStart(2, '0')}` === month,
            )?.[5],
          ),
        ),
      })),
    });
    if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
    const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);
    fit.coefficients.forEach((coefficient, k) => {
      expect(relative(coefficient.value, published.coef[k] as number)).toBeLessThan(1e-6);
      expect(relative(coefficient.standardError, published.se[k] as number)).toBeLessThan(1e-6);
      expect(relative(coefficient.p, published.p[k] as number)).toBeLessThan(1e-4);
    });
    expect(relative(fit.r2, published.R2)).toBeLessThan(1e-8);
    expect(relative(fit.adjustedR2, published.R2_adj)).toBeLessThan(1e-8);
    expect(relative(fit.f, published.F)).toBeLessThan(1e-6);
    expect(relative(fit.fP, published.F_pvalue)).toBeLessThan(1e-4);
    expect(relative(fit.sigma, published.sigma)).toBeLessThan(1e-6);
    expect(relative(fit.yMean, published.ybar)).toBeLessThan(1e-9);
  },
);
