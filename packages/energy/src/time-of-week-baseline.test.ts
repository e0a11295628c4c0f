import { expect, test } from 'vitest';
import { baselineRows } from './baseline-rows.ts';
import { type EnbModel, type EnpiPeriod, rangeTest } from './enb.ts';
import { candidateModels, choiceOf, fitChoice } from './enb-choice.ts';
import { enbTerms } from './enb-term.ts';
import { savingsOver } from './savings.ts';
import { syntheticHours } from './synthetic-site.fixture.ts';

const choice = { form: 'timeOfWeek', variables: [] } as const;

function part(period: ReturnType<typeof syntheticHours>, from: number, to: number): EnpiPeriod {
  return {
    dates: period.dates.slice(from, to),
    energy_wh: Array.from(period.energy_wh).slice(from, to),
    given: {},
    temperature_c: period.temperature_c.slice(from, to),
    hours: period.hours.slice(from, to),
  };
}

function modelOf(period: EnpiPeriod): EnbModel {
  const fit = fitChoice(period, choice, 'day');
  if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
  return fit.model;
}

test('the same hours give the same bytes in any order, and the model is what was chosen', () => {
  const year = syntheticHours({ seed: 3, days: 365 });
  const model = modelOf(year);
  const order = year.dates.map((_, i) => (i * 152) % 365);
  const shuffled: EnpiPeriod = {
    dates: order.map((i) => year.dates[i] as string),
    energy_wh: order.map((i) => year.energy_wh[i] as number),
    given: {},
    temperature_c: order.map((i) => year.temperature_c[i] as number),
    hours: order.map((i) => year.hours[i] as (typeof year.hours)[number]),
  };
  expect(JSON.stringify(modelOf(shuffled))).toBe(JSON.stringify(model));
  const stored: EnbModel = JSON.parse(JSON.stringify(model));
  const after = part(syntheticHours({ seed: 3, days: 500 }), 365, 500);
  expect(savingsOver(stored, after, { confidence: 0.9, metering: null })).toEqual(
    savingsOver(model, after, { confidence: 0.9, metering: null }),
  );
  expect(choiceOf(stored)).toEqual(choice);
  expect(enbTerms(model).map(({ name, value }) => [name, value])).toEqual([['timeOfWeek', 1]]);
  expect(Math.abs(model.nmbe as number)).toBeLessThan(0.002);
});

test('savings with bands that hold the truth as often as they say', () => {
  const sites = 20;
  const count = { held: 0, called: 0, seen: 0 };
  for (let seed = 1; seed <= sites; seed++) {
    const rho = [0, 0.3, 0.6][seed % 3] as number;
    const twin = syntheticHours({ seed, days: 730, rho });
    const model = modelOf(part(twin, 0, 365));
    const asked = { confidence: 0.9, metering: null };
    const unchanged = savingsOver(model, part(twin, 365, 730), asked);
    const saved = savingsOver(
      model,
      part(syntheticHours({ seed, days: 730, rho, saving: 0.06, savingFrom: 365 }), 365, 730),
      asked,
    );
    if (Math.abs(saved.savings_wh - (unchanged.actual_wh - saved.actual_wh)) <= saved.halfWidth_wh)
      count.held++;
    if (unchanged.verdict !== 'notDistinguishableFromZero') count.called++;
    if (saved.verdict === 'saving') count.seen++;
    expect(saved.halfWidth_percent).toBeLessThan(4);
  }
  // 18 of 20 are expected to hold, and 2 of 20 to be called changed.
  expect(count.held).toBeGreaterThanOrEqual(15);
  expect(count.called).toBeLessThanOrEqual(5);
  expect(count.seen).toBe(sites);
}, 120_000);

test('a short month is judged with a wider band for each day than a year', () => {
  const both = syntheticHours({ seed: 9, days: 730 });
  const model = modelOf(part(both, 0, 365));
  const asked = { confidence: 0.9, metering: null };
  const year = savingsOver(model, part(both, 365, 730), asked);
  const month = savingsOver(model, part(both, 365, 396), asked);
  expect(month.modelHalfWidth_wh / month.expected_wh).toBeGreaterThan(
    2 * (year.modelHalfWidth_wh / year.expected_wh),
  );
  const hot = part(both, 365, 396);
  const hotter: EnpiPeriod = {
    ...hot,
    hours:
      hot.hours?.map((day) => ({
        ...day,
        temperature_c: Array.from(day.temperature_c, (t) => t + 60),
      })) ?? [],
  };
  expect(rangeTest(model, hotter)).toMatchObject([{ code: 'outsideBaselineRange' }]);
  expect(savingsOver(model, hotter, asked).modelHalfWidth_wh).toBeGreaterThan(3 * month.modelHalfWidth_wh);
});

test('it is ranked among the others on the same days, and only where hours are known', () => {
  const year = syntheticHours({ seed: 4, days: 365 });
  const found = candidateModels(year, { granularity: 'day' });
  if (!found.ok) throw new Error('refused');
  const [first] = found.candidates;
  expect(first?.choice).toEqual(choice);
  expect(new Set(found.candidates.map(({ model }) => model.n))).toEqual(new Set([365]));
  const { hours: _, ...withoutHours } = year;
  const daily = candidateModels(withoutHours, { granularity: 'day' });
  expect(daily.ok && daily.candidates.some(({ choice: { form } }) => form === 'timeOfWeek')).toBe(false);
  expect(fitChoice(withoutHours, choice, 'day')).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'hoursUnknown' }],
  });
}, 60_000);

test('an unknown hour leaves its day out; months that were never seen are not judged', () => {
  const year = syntheticHours({ seed: 5, days: 730 });
  const holed = part(year, 0, 120);
  const hours = holed.hours?.map((day, i) =>
    i === 7 ? { ...day, energy_wh: Array.from(day.energy_wh, (wh, h) => (h === 3 ? Number.NaN : wh)) } : day,
  );
  const spring: EnpiPeriod = { ...holed, hours: hours ?? [] };
  expect(baselineRows(spring, 'day').y).toHaveLength(119);
  const fit = fitChoice(spring, choice, 'day');
  if (!fit.ok) throw new Error('refused');
  expect(fit.warnings).toMatchObject([
    { code: 'hourlyMonthsMissing', data: { months: [5, 6, 7, 8, 9, 10, 11, 12] } },
  ]);
  const summer = savingsOver(fit.model, part(year, 540, 600), { confidence: 0.9, metering: null });
  expect(summer).toMatchObject({ days: 0, unknownDays: 60, verdict: 'notDistinguishableFromZero' });
});
