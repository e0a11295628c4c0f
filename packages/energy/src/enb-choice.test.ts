import { expect, test } from 'vitest';
import { baselineRows } from './baseline-rows.ts';
import type { EnpiPeriod } from './enb.ts';
import { candidateModels, choiceId, choiceOf, enbForms, fitChoice } from './enb-choice.ts';
import { savingsOver } from './savings.ts';
import { syntheticDays } from './synthetic-site.fixture.ts';

const year = (seed: number, saving = 0, from = 0): EnpiPeriod =>
  syntheticDays({ seed, from, days: 366, saving });
const settings = { confidence: 0.9, metering: null };

test('ranks production with both sides of degree days first, on one and the same rows', () => {
  const found = candidateModels(year(1), { granularity: 'day', baseLoadShare: 0.4 });
  if (!found.ok) throw new Error(found.disqualifications[0]?.message);
  const [first, second] = found.candidates;
  expect(first?.id).toBe('linear:cdd+hdd+production');
  expect(first?.deltaBic).toBe(0);
  expect(second?.deltaBic).toBeGreaterThan(0);
  expect(new Set(found.candidates.map(({ statistics }) => statistics.n))).toEqual(new Set([366]));
  expect(new Set(found.candidates.map(({ choice }) => choice.form))).toEqual(
    // The hourly model is tried where hours are there.
    new Set(enbForms.filter((form) => form !== 'timeOfWeek')),
  );
  expect(first?.verdicts.map(({ protocol, passed }) => [protocol, passed])).toEqual([
    ['sep', true],
    ['guideline14', true],
    ['caltrack', true],
  ]);
  expect(Math.abs(first?.statistics.nmbe ?? 1)).toBeLessThan(1e-9);
});

test('every choice is fitted again from its own name to the same bytes', () => {
  const found = candidateModels(year(2), { granularity: 'day', baseLoadShare: 0.4 });
  if (!found.ok) throw new Error(found.disqualifications[0]?.message);
  for (const { choice, model } of found.candidates) {
    expect(
      choiceId({ ...choiceOf(model), ...(choice.baseLoadShare === undefined ? {} : { baseLoadShare: 0.4 }) }),
    ).toBe(choiceId(choice));
    const again = fitChoice(year(2), choice, 'day');
    expect(again.ok && JSON.stringify(again.model)).toBe(JSON.stringify(model));
  }
});

test('a change-point baseline holds in its band what is not known of its point', () => {
  const site = year(3);
  const fitted = fitChoice({ ...site, given: {} }, { form: '3PH', variables: [] }, 'day');
  if (!fitted.ok) throw new Error(fitted.disqualifications[0]?.message);
  const { model } = fitted;
  const point = model.coefficients.find(({ name }) => name === 'heatingPoint');
  expect(point?.value).toBe(0);
  expect(point?.standardError).toBeGreaterThan(0);
  const report = { ...year(3, 0.06, 366), given: {} };
  const whole = savingsOver(model, report, settings);
  const plain = savingsOver(
    {
      ...model,
      variables: model.variables.slice(0, 1),
      coefficients: model.coefficients.slice(0, 2),
      unscaledCovariance: model.unscaledCovariance.slice(0, 2).map((row) => row.slice(0, 2)),
      ranges: model.ranges.slice(0, 1),
    },
    report,
    settings,
  );
  expect(whole.savings_wh).toBe(plain.savings_wh);
  expect(whole.modelHalfWidth_wh).not.toBe(plain.modelHalfWidth_wh);
});

test('months: the same site, a model per day, and savings that agree with those of days', () => {
  const site = syntheticDays({ seed: 5, from: 0, days: 731 });
  const report = syntheticDays({ seed: 5, from: 731, days: 365, saving: 0.06 });
  const daily = fitChoice(site, { form: 'linear', variables: ['production', 'hdd', 'cdd'] }, 'day');
  const monthly = fitChoice(site, { form: 'linear', variables: ['production', 'hdd', 'cdd'] }, 'month');
  if (!daily.ok || !monthly.ok) throw new Error('not fitted');
  expect(monthly.model).toMatchObject({ form: 'linearMonthly', granularity: 'month', n: 24 });
  const a = savingsOver(daily.model, report, settings);
  const b = savingsOver(monthly.model, report, settings);
  expect(Math.abs(a.savings_percent - b.savings_percent)).toBeLessThan(1.5);
  expect(b.verdict).toBe('saving');
});

test('months: an unchanged site is called changed about as seldom as the confidence says', () => {
  let changed = 0;
  const sites = 300;
  for (let seed = 1; seed <= sites; seed++) {
    const both = syntheticDays({ seed, from: 0, days: 1096 });
    const part = (from: number, to: number): EnpiPeriod => ({
      dates: both.dates.slice(from, to),
      energy_wh: Array.from(both.energy_wh).slice(from, to),
      given: { production: Array.from(both.given.production ?? []).slice(from, to) },
      temperature_c: Array.from(both.temperature_c ?? []).slice(from, to),
    });
    const fitted = fitChoice(part(0, 731), { form: 'linear', variables: ['production', 'hdd'] }, 'month');
    if (!fitted.ok) throw new Error(fitted.disqualifications[0]?.message);
    if (savingsOver(fitted.model, part(731, 1096), settings).verdict !== 'notDistinguishableFromZero')
      changed++;
  }
  expect(changed / sites).toBeGreaterThan(0.05);
  expect(changed / sites).toBeLessThan(0.15);
}, 60_000);

test('a ratio meets the totals of its baseline exactly and says what it hides', () => {
  const site = year(6);
  const fitted = fitChoice(site, { form: 'ratio', variables: ['production'] }, 'day');
  if (!fitted.ok) throw new Error('not fitted');
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  const [ratio] = fitted.model.coefficients;
  expect(ratio?.value).toBeCloseTo(sum(site.energy_wh) / sum(site.given.production ?? []), 6);
  expect(fitted.warnings.map(({ code }) => code)).toContain('ratioHidesBaseLoad');
  const modified = fitChoice(
    site,
    { form: 'modifiedIntensity', variables: ['production'], baseLoadShare: 0.5 },
    'day',
  );
  if (!modified.ok) throw new Error('not fitted');
  const rows = baselineRows(site, 'day');
  const expected = rows.days.dates.length * (modified.model.coefficients[0]?.value ?? 0);
  expect(expected / sum(site.energy_wh)).toBeCloseTo(0.5, 12);
});

test('too few months, no temperature and unknown variables are said, not computed', () => {
  const short = syntheticDays({ seed: 7, from: 0, days: 200 });
  const codes = (result: ReturnType<typeof fitChoice>): readonly string[] =>
    result.ok ? [] : result.disqualifications.map(({ code }) => code);
  expect(codes(fitChoice(short, { form: 'linear', variables: ['hdd'] }, 'month'))).toEqual(['tooFewMonths']);
  const { temperature_c: _unknown, ...blind } = year(7);
  expect(codes(fitChoice(blind, { form: '3PH', variables: [] }, 'day'))).toEqual(['noTemperature']);
  expect(codes(fitChoice(blind, { form: 'linear', variables: ['hdd'] }, 'day'))).toEqual([
    'choiceNotPossible',
  ]);
  expect(codes(fitChoice(blind, { form: 'ratio', variables: ['weather'] }, 'day'))).toEqual([
    'columnUnknown',
  ]);
  expect(codes(fitChoice(year(7), { form: '3PH', variables: [] }, 'month'))).toEqual([
    'changePointNeedsDays',
  ]);
});
