import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fCdf,
  fQuantile,
  fSurvival,
  logGamma,
  normalCdf,
  normalQuantile,
  normalSurvival,
  studentCdf,
  studentQuantile,
  studentSurvival,
  studentTwoSided,
  studentTwoSidedQuantile,
} from './distribution.ts';

const agrees = (actual: number, expected: number, digits = 12): void => {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(10 ** -digits);
};

test('log-gamma has its known values', () => {
  agrees(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 14);
  agrees(logGamma(11), Math.log(3_628_800), 14);
  agrees(logGamma(171), Math.log(7.257415615307994e306), 14);
});

test('normal quantiles and tails of the tables', () => {
  agrees(normalQuantile(0.975), 1.959963984540054);
  agrees(normalQuantile(0.9), 1.2815515655446004);
  agrees(normalSurvival(10), 7.619853024160527e-24);
  agrees(normalCdf(-2.9999), normalSurvival(2.9999), 14);
  expect(normalCdf(0)).toBe(0.5);
});

test('Student quantiles of the tables, confirmed by quadrature of the density', () => {
  agrees(studentQuantile(0.975, 1), Math.tan(0.475 * Math.PI), 13);
  agrees(studentQuantile(0.975, 10), 2.2281388519862704);
  agrees(studentQuantile(0.95, 9), 1.833112932656236);
  agrees(studentTwoSidedQuantile(0.9, 24), 1.7108820799094275);
  agrees(studentQuantile(0.975, 1e9), normalQuantile(0.975), 8);
});

test('Student with 1 and 2 degrees of freedom has closed forms', () => {
  for (const t of [-30, -1, 0.2, 1, 4, 1e4]) {
    agrees(studentCdf(t, 1), 0.5 + Math.atan(t) / Math.PI, 10);
    agrees(studentCdf(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)), 7);
  }
});

test.each([
  [1, 10, 3.285],
  [2, 9, 3.0065],
  [3, 8, 2.9238],
  [4, 7, 2.9605],
  [5, 6, 3.1075],
])('critical F(%i, %i) at 0.10 is the published %f', (d1, d2, published) => {
  expect(fQuantile(0.9, d1, d2)).toBeCloseTo(published, 4);
});

test('F with 2 numerator degrees has a closed form, with 1 it is t squared', () => {
  for (const f of [0.1, 1, 3.7, 500]) {
    agrees(fSurvival(f, 2, 9), (1 + (2 * f) / 9) ** -4.5);
    agrees(fSurvival(f, 1, 12), studentTwoSided(Math.sqrt(f), 12));
  }
});

test('outside their range they are not numbers or limits', () => {
  expect(studentQuantile(1.1, 3)).toBeNaN();
  expect(studentSurvival(1, 0)).toBeNaN();
  expect(studentSurvival(Number.POSITIVE_INFINITY, 3)).toBe(0);
  expect(fSurvival(-1, 2, 3)).toBe(1);
  expect(fCdf(Number.POSITIVE_INFINITY, 2, 3)).toBe(1);
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(fQuantile(0, 1, 1)).toBe(0);
});

test('quantiles invert their distributions', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 2000 }),
      (p, d1, d2) => {
        expect(studentCdf(studentQuantile(p, d1), d1)).toBeCloseTo(p, 11);
        expect(fCdf(fQuantile(p, d1, d2), d1, d2)).toBeCloseTo(p, 10);
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      },
    ),
  );
});

test('a quantile of t agrees with quadrature of the density', () => {
  const density = (t: number, df: number): number =>
    (Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2)) / Math.sqrt(df * Math.PI)) *
    (1 + (t * t) / df) ** (-(df + 1) / 2);
  for (const df of [3, 10, 34, 360]) {
    const end = studentQuantile(0.95, df);
    const n = 2000;
    let sum = density(0, df) + density(end, df);
    for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * density((end * i) / n, df);
    agrees((sum * end) / n / 3, 0.45, 11);
  }
});
