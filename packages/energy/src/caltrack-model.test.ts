/** Sample meters of OpenEEmeter whose making is published (metadata.json of its samples). */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { meteredSavings } from './caltrack.ts';
import { type CaltrackRow, caltrackDesign, type UsagePeriod } from './caltrack-design.ts';
import { caltrackCelsius, caltrackFahrenheit, caltrackPerDay, fitCaltrack } from './caltrack-model.ts';
import { csvRows } from './certificate.ts';

const day_ms = 86_400_000;
const end_ms = Date.UTC(2016, 11, 26);
const read = (name: string): string[][] =>
  csvRows(
    gunzipSync(readFileSync(new URL(`../fixtures/caltrack_il/${name}.csv.gz`, import.meta.url))).toString(),
  );
const fahrenheit = read('il-tempF').map(([, value]) => Number(value));
const start_ms = Date.parse(read('il-tempF')[0]?.[0] ?? '');
const baseline = (name: string): readonly UsagePeriod[] => {
  const rows = read(name).map(([at, value]) => ({ at_ms: Date.parse(at ?? ''), energy: Number(value) }));
  return rows
    .slice(0, -1)
    .map(({ at_ms, energy }, i) => ({ start_ms: at_ms, end_ms: rows[i + 1]?.at_ms as number, energy }))
    .filter((period) => period.start_ms >= end_ms - 365 * day_ms && period.end_ms <= end_ms);
};
const designOf = (name: string): readonly CaltrackRow[] =>
  caltrackDesign(baseline(name), { start_ms, values: fahrenheit });
const modelOf = (rows: readonly CaltrackRow[], settings: Parameters<typeof fitCaltrack>[1]) => {
  const fit = fitCaltrack(rows, settings);
  if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
  return fit.model;
};

test.each([
  ['il-electricity-cdd-hdd-daily', 'daily', 'cddHdd'],
  ['il-electricity-cdd-only-daily', 'daily', 'cddOnly'],
  ['il-gas-hdd-only-daily', 'daily', 'hddOnly'],
  ['il-electricity-cdd-hdd-billing_monthly', 'billing', 'cddHdd'],
  ['il-electricity-cdd-only-billing_monthly', 'billing', 'cddOnly'],
  ['il-gas-hdd-only-billing_monthly', 'billing', 'hddOnly'],
] as const)('%s is found to be what it was made as', (name, interval, kind) => {
  const settings = caltrackFahrenheit(interval);
  const isGas = name.includes('gas');
  const model = modelOf(designOf(name), {
    ...settings,
    coolingBalancePoints: isGas ? [] : settings.coolingBalancePoints,
  });
  expect(model.kind).toBe(kind);
  // Made with 60 °F for heating and 65 °F for cooling; noise of a quarter blurs the points.
  if (model.heating) expect(Math.abs(model.heating.balancePoint - 60)).toBeLessThanOrEqual(8);
  if (model.cooling) expect(Math.abs(model.cooling.balancePoint - 65)).toBeLessThanOrEqual(8);
});

test('bimonthly bills: temperatures of the whole period, weights of two months', () => {
  const rows = designOf('il-electricity-cdd-hdd-billing_bimonthly');
  expect(rows.every(({ dayTemperatures }) => dayTemperatures.length > 55)).toBe(true);
  const model = modelOf(rows, caltrackFahrenheit('billing'));
  expect(model.kind).toBe('cddHdd');
  expect(model.adjustedR2).toBeGreaterThan(0.9);
});

test('gas without weather has its mean: a level that hardly follows degree days gains no band', () => {
  const settings = { ...caltrackFahrenheit('daily'), coolingBalancePoints: [] };
  const model = modelOf(designOf('il-gas-intercept-only-daily'), settings);
  expect(model.adjustedR2).toBeLessThan(0.05);
  const settled = modelOf(designOf('il-gas-intercept-only-daily'), { ...settings, heatingBalancePoints: [] });
  expect(settled.kind).toBe('interceptOnly');
  const savings = meteredSavings(settled, designOf('il-gas-intercept-only-daily'));
  // Days of 23 and 25 hours weigh a little less and more.
  expect(savings.savings).toBeCloseTo(0, 1);
});

test('°C and °F describe the same model', () => {
  const name = 'il-electricity-cdd-hdd-daily';
  const celsius = caltrackDesign(baseline(name), { start_ms, values: fahrenheit.map((f) => (f - 32) / 1.8) });
  const points = { heatingBalancePoints: [60], coolingBalancePoints: [65] };
  const there = modelOf(designOf(name), { ...caltrackFahrenheit('daily'), ...points });
  const here = modelOf(celsius, {
    ...caltrackCelsius('daily'),
    heatingBalancePoints: [28 / 1.8],
    coolingBalancePoints: [33 / 1.8],
  });
  expect(here.adjustedR2).toBeCloseTo(there.adjustedR2, 12);
  expect((here.heating?.slope ?? 0) / 1.8).toBeCloseTo(there.heating?.slope ?? Number.NaN, 9);
});

test('what is unknown stays unknown, too little is refused', () => {
  const rows = designOf('il-electricity-cdd-hdd-daily');
  const model = modelOf(rows, caltrackFahrenheit('daily'));
  const blind = { ...(rows[0] as CaltrackRow), dayTemperatures: new Float64Array() };
  expect(caltrackPerDay(model, blind)).toBeNaN();
  const savings = meteredSavings(model, [blind]);
  expect(savings).toMatchObject({ known: 0, savings: 0, halfWidth: null, ols: null });
  expect(fitCaltrack(rows.slice(0, 1), caltrackFahrenheit('daily'))).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'tooFewPoints' }],
  });
});

test('stored and read again the model says the same, in any order of its rows too', () => {
  const rows = designOf('il-electricity-cdd-hdd-daily');
  const model = modelOf(rows, caltrackFahrenheit('daily'));
  expect(JSON.stringify(modelOf([...rows].reverse(), caltrackFahrenheit('daily')))).toBe(
    JSON.stringify(model),
  );
  const stored = JSON.parse(JSON.stringify(model));
  expect(meteredSavings(stored, rows)).toEqual(meteredSavings(model, rows));
});
