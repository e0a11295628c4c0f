import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chain_percent,
  chainAsPrinted_percent,
  chainStandardUncertainty_percent,
  ctClasses,
  ctLimit_percent,
  energyWeightedCtLimit,
  standardClassOf,
} from './accuracy.ts';
import { balance } from './balance.ts';

const chain = (meter: number, ...cts: number[]) => [
  { part: 'meter', class: meter },
  ...cts.map((c) => ({ part: 'CT', class: c })),
];

test('the guide’s example as printed is 2.3 %, by kinds of sensor it is 1.63 %', () => {
  expect(chainAsPrinted_percent(chain(1, 1, 1, 1))).toBeCloseTo(2.3, 12);
  expect(chain_percent(chain(1, 1, 1, 1))).toBeCloseTo(1.626, 3);
});

test.each([
  [0.5, 0.5, '1.15'],
  [0.5, 1, '2.07'],
])('as printed, class %f with three transformers of class %f is %s %%', (meter, ct, printed) => {
  expect(chainAsPrinted_percent(chain(meter, ct, ct, ct)).toFixed(2)).toBe(printed);
});

test.each([
  [0.5, 0.5, 0.813, 1],
  [0.2, 0.2, 0.325, 0.5],
  [1, 1, 1.626, 2],
  [0.5, 1, 1.286, 2],
  [0.2, 0.5, 0.619, 1],
])('meter %f with CT %f is %f %%, class %f', (meter, ct, percent, standard) => {
  const figure = chain_percent(chain(meter, ct));
  expect(figure).toBeCloseTo(percent, 3);
  expect(standardClassOf(figure)).toBe(standard);
});

test('a direct meter is rounded up too; nothing is above class 10', () => {
  expect(standardClassOf(chain_percent(chain(1)))).toBe(2);
  expect(standardClassOf(1)).toBe(1);
  expect(standardClassOf(11)).toBeNull();
});

test('the standard uncertainty is that of rectangular limits', () => {
  expect(chainStandardUncertainty_percent(chain(1, 0.5))).toBeCloseTo(Math.sqrt((1 + 0.25) / 3), 12);
});

test.each([
  ['0.5', 100, 0.5],
  ['0.5', 20, 0.75],
  ['0.5', 5, 1.5],
  ['0.5', 12.5, 1.125],
  ['0.5', 120, 0.5],
  ['0.5', 4.9, null],
  ['0.5', 121, null],
  ['0.5S', 1, 1.5],
  ['1', 60, 1.25],
])('class %s at %f %% of its rated current has the limit %s', (ctClass, load, limit) => {
  expect(ctLimit_percent(ctClass, load)).toBe(limit);
});

test('limits never fall with the load', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ctClasses),
      fc.double({ min: 5, max: 120, noNaN: true }),
      fc.double({ min: 5, max: 120, noNaN: true }),
      (ctClass, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(ctLimit_percent(ctClass, low) as number).toBeGreaterThanOrEqual(
          ctLimit_percent(ctClass, high) as number,
        );
      },
    ),
  );
  expect(() => ctLimit_percent('7', 50)).toThrow(RangeError);
});

test('the limit of a figure is weighted with the energy; energy below the class is outside it', () => {
  expect(
    energyWeightedCtLimit('0.5', [
      { load_percent: 100, energy_wh: 600 },
      { load_percent: 5, energy_wh: 200 },
      { load_percent: 2, energy_wh: 200 },
    ]),
  ).toEqual({ limit_percent: (600 * 0.5 + 200 * 1.5) / 800, outsideShare: 0.2 });
  expect(energyWeightedCtLimit('0.5', [{ load_percent: 1, energy_wh: 5 }])).toEqual({
    limit_percent: null,
    outsideShare: 1,
  });
});

const meter = (meterId: number, energy_wh: number | null, standardUncertainty_percent = 0.5) => ({
  meterId,
  energy_wh,
  standardUncertainty_percent,
});

test('sub-meters within the accuracy of their chains are balanced', () => {
  const result = balance(meter(1, 1000), [meter(2, 600), meter(3, 395)]);
  expect(result.state).toBe('balanced');
  expect(result.tolerance_wh).toBeCloseTo(2 * Math.hypot(5, 3, 1.975), 12);
});

test('what is not metered and what cannot be are told apart', () => {
  expect(balance(meter(1, 1000), [meter(2, 800)])).toMatchObject({
    state: 'unmetered',
    unexplained_wh: 200,
    unexplainedShare: 0.2,
    findings: [{ code: 'largeUnmeteredShare' }],
  });
  expect(balance(meter(1, 1000), [meter(2, 960)]).findings).toEqual([]);
  expect(balance(meter(1, 1000), [meter(2, 1100)])).toMatchObject({
    state: 'excess',
    findings: [{ code: 'subsAboveMain' }],
  });
});

test('errors to one side are not averaged away', () => {
  const subs = [meter(2, 330), meter(3, 330), meter(4, 326)];
  expect(balance(meter(1, 1000), subs, { subErrors: 'common' }).tolerance_wh as number).toBeGreaterThan(
    balance(meter(1, 1000), subs).tolerance_wh as number,
  );
});

test('a missing meter leaves the balance unknown', () => {
  expect(balance(meter(1, 1000), [meter(2, null), meter(3, Number.NaN)])).toMatchObject({
    state: 'unknown',
    unexplained_wh: null,
    findings: [{ data: { meterIds: [2, 3] } }],
  });
});
