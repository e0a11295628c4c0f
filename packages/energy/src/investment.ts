/** What a measure costs and saves over its life, as money of one currency. Plain numbers: estimates, no accounts. */
export interface Investment {
  readonly cost: number;
  /** Subsidy that is granted or applied for; lowers the cost. */
  readonly subsidy: number;
  /** Saved in the first year, at the prices of that year. */
  readonly savingPerYear: number;
  readonly lifetime_years: number;
  /** Worth at the end of its life. */
  readonly residualValue: number;
  readonly discountRate_percent: number;
  /** How the price of the saved energy moves from year to year. */
  readonly priceChange_percent: number;
}

export interface InvestmentResult {
  readonly netPresentValue: number;
  /** The same with half of the lifetime (whole years, rounded down) and no residual value. */
  readonly netPresentValueAtHalfLife: number;
  /** Null where no rate between −90 % and 1000 % makes the net present value zero. */
  readonly internalRate_percent: number | null;
  /** Cost less subsidy ÷ saving of the first year; null where nothing is saved. */
  readonly simplePayback_years: number | null;
  /** First year in which the discounted savings have repaid the cost; null where that is not within the lifetime. */
  readonly discountedPayback_years: number | null;
}

/**
 * Value of the savings of the years 1 … n at the beginning of the first: Σ S·(1 + g)^(t−1) ÷ (1 + i)^t, each year's saving
 * at its end. Powers are products, so that every machine gets the same digits.
 */
function presentSavings(
  { savingPerYear, priceChange_percent }: Investment,
  { years, rate }: { readonly years: number; readonly rate: number },
): { readonly sum: number; readonly discount: number; readonly byYear: readonly number[] } {
  const byYear: number[] = [];
  let sum = 0;
  let saving = savingPerYear;
  let discount = 1;
  for (let year = 1; year <= years; year++) {
    discount *= 1 + rate;
    sum += saving / discount;
    byYear.push(sum);
    saving *= 1 + priceChange_percent / 100;
  }
  return { sum, discount, byYear };
}

/**
 * Net present value, internal rate and payback of a measure over its life (EN 16247-1 asks for life-cycle costs rather than
 * simple payback, as Annex VI e of Directive 2012/27/EU does).
 *
 * NPV = −(cost − subsidy) + Σ_{t=1…n} S·(1 + g)^(t−1) ÷ (1 + i)^t + R ÷ (1 + i)^n. The internal rate is found by halving
 * between −90 % and 1000 % to a ten-millionth of a percent.
 * @throws RangeError where the lifetime is no whole number of years from 1 to 100, or a rate is −100 % or less.
 */
export function evaluateInvestment(investment: Investment): InvestmentResult {
  const { cost, subsidy, lifetime_years, residualValue, savingPerYear } = investment;
  if (!Number.isInteger(lifetime_years) || lifetime_years < 1 || lifetime_years > 100)
    throw new RangeError('lifetime_years must be a whole number from 1 to 100');
  if (!(investment.discountRate_percent > -100) || !(investment.priceChange_percent > -100))
    throw new RangeError('rates must be above -100 %');
  const rate = investment.discountRate_percent / 100;
  const own = cost - subsidy;
  const value = (atRate: number): number => {
    const { sum, discount } = presentSavings(investment, { years: lifetime_years, rate: atRate });
    return -own + sum + residualValue / discount;
  };
  const half = presentSavings(investment, { years: Math.floor(lifetime_years / 2), rate });
  const { byYear } = presentSavings(investment, { years: lifetime_years, rate });
  const repaid = byYear.findIndex((sum) => sum >= own);
  return {
    netPresentValue: value(rate),
    netPresentValueAtHalfLife: -own + half.sum,
    internalRate_percent: own > 0 ? rootOf(value) : null,
    simplePayback_years: savingPerYear > 0 ? Math.max(0, own) / savingPerYear : null,
    discountedPayback_years: own <= 0 ? 0 : repaid === -1 ? null : repaid + 1,
  };
}

/** Rate in percent at which a falling value is zero. */
function rootOf(value: (rate: number) => number): number | null {
  let [low, high] = [-0.9, 10];
  if (value(low) < 0 || value(high) > 0) return null;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (value(middle) > 0) low = middle;
    else high = middle;
  }
  return ((low + high) / 2) * 100;
}
