import { describe, expect, test } from 'vitest';
import { evaluateInvestment, type Investment } from './investment.ts';

const plain: Investment = {
  cost: 10_000,
  subsidy: 0,
  savingPerYear: 2_500,
  lifetime_years: 5,
  residualValue: 0,
  discountRate_percent: 8,
  priceChange_percent: 0,
};

describe('evaluateInvestment', () => {
  test('is the annuity of the savings less the cost', () => {
    // Annuity factor of 5 years at 8 %: (1 − 1.08^−5) ÷ 0.08 = 3.992710037.
    const result = evaluateInvestment(plain);
    expect(result.netPresentValue).toBeCloseTo(2_500 * 3.992710037 - 10_000, 4);
    expect(result.simplePayback_years).toBe(4);
    expect(result.discountedPayback_years).toBeNull();
    // 4 = (1 − (1+i)^−5) ÷ i has its root at 7.930826 %.
    expect(result.internalRate_percent).toBeCloseTo(7.930826, 5);
  });

  test('takes prices that rise, a residual value and a subsidy', () => {
    // Worked by hand: 1000/1.1 + 1100/1.21 + 500/1.21 − (2000 − 400).
    const result = evaluateInvestment({
      cost: 2_000,
      subsidy: 400,
      savingPerYear: 1_000,
      lifetime_years: 2,
      residualValue: 500,
      discountRate_percent: 10,
      priceChange_percent: 10,
    });
    expect(result.netPresentValue).toBeCloseTo(909.090909 + 909.090909 + 413.223141 - 1_600, 5);
    expect(result.netPresentValueAtHalfLife).toBeCloseTo(909.090909 - 1_600, 5);
    expect(result.discountedPayback_years).toBe(2);
  });

  test('of what costs nothing is repaid at once, of what saves nothing never', () => {
    expect(evaluateInvestment({ ...plain, cost: 0 })).toMatchObject({
      discountedPayback_years: 0,
      internalRate_percent: null,
      simplePayback_years: 0,
    });
    expect(evaluateInvestment({ ...plain, savingPerYear: 0 })).toMatchObject({
      netPresentValue: -10_000,
      simplePayback_years: null,
      discountedPayback_years: null,
      internalRate_percent: null,
    });
  });

  test.each([
    { lifetime_years: 0 },
    { lifetime_years: 2.5 },
    { lifetime_years: 101 },
    { discountRate_percent: -100 },
    { priceChange_percent: Number.NaN },
  ])('refuses %o', (part) => {
    expect(() => evaluateInvestment({ ...plain, ...part })).toThrow(RangeError);
  });
});
