/** Evaluates a rule's trigger on a unit's profile in three-valued logic: what is not known is neither true nor false. */
import type { LocalDate } from './calendar.ts';
import type { Finding } from './finding.ts';
import { compare, type Fraction, fractionOf, multiply, toDecimal } from './fraction.ts';
import type { Decimal } from './money.ts';
import type { Comparison, Criterion, Trigger } from './obligation-rule.ts';
import { energyOfYears, type UnitProfile } from './unit-profile.ts';

/** One comparison as it came out, so that a person can follow it. */
export interface CriterionResult {
  readonly criterion: Criterion['kind'];
  /** null: not known. */
  readonly holds: boolean | null;
  readonly years: readonly number[];
  /** Years that would have to be stated. */
  readonly missingYears: readonly number[];
  /** Figure compared, cut off after 3 digits for display; the comparison is exact. */
  readonly value: Decimal | null;
  readonly comparison: Comparison | null;
  readonly limit: Decimal | null;
  /** `persons`, `kWh`, or a currency. */
  readonly unit: string;
}

export interface TriggerResult {
  readonly holds: boolean | null;
  readonly criteria: readonly CriterionResult[];
  readonly findings: readonly Finding[];
}

const kwhPerGwh = '1000000';

/** Limit in kWh, exact: 1 kWh = 3.6 MJ, so 1 TJ = 10⁶/3.6 kWh = 10⁷/36 kWh. */
function limit_kwh(limit: Decimal, unit: 'TJ' | 'GWh'): Fraction {
  return unit === 'GWh'
    ? multiply(fractionOf(limit, 1, 1), fractionOf(kwhPerGwh, 1, 1))
    : fractionOf(limit, 10_000_000, 36);
}

const exceeds = (value: Fraction, limit: Fraction, comparison: Comparison): boolean =>
  comparison === 'atLeast' ? compare(value, limit) >= 0 : compare(value, limit) > 0;

/** True where any is true, unknown where any is unknown, else false. */
const anyOf = (values: readonly (boolean | null)[]): boolean | null =>
  values.includes(true) ? true : values.includes(null) ? null : false;
const allOf = (values: readonly (boolean | null)[]): boolean | null =>
  values.includes(false) ? false : values.includes(null) ? null : true;

interface Context {
  readonly profile: UnitProfile;
  /** Calendar years before this one are looked at for energy. */
  readonly year: number;
  /** Accounting year that a size criterion looks at. */
  readonly accountingYear: number;
}

/** The last closed accounting year that is stated, at the latest the one before the date's. */
function lastAccountingYear(profile: UnitProfile, year: number): number {
  const stated = profile.accountingYears.map((y) => y.year).filter((y) => y < year);
  return stated.length > 0 ? Math.max(...stated) : year - 1;
}

/** Trigger of a rule on the date for which size and energy are judged. */
export function evaluateTrigger(trigger: Trigger, profile: UnitProfile, on: LocalDate): TriggerResult {
  const year = Number(on.slice(0, 4));
  return evaluate(trigger, { profile, year, accountingYear: lastAccountingYear(profile, year) });
}

function evaluate(trigger: Trigger, context: Context): TriggerResult {
  switch (trigger.kind) {
    case 'any':
    case 'all': {
      const parts = trigger.of.map((part) => evaluate(part, context));
      const values = parts.map(({ holds }) => holds);
      return { ...joined(parts), holds: trigger.kind === 'any' ? anyOf(values) : allOf(values) };
    }
    case 'everyYear': {
      const parts = Array.from({ length: trigger.years }, (_, i) =>
        evaluate(trigger.of, { ...context, accountingYear: context.accountingYear - i }),
      );
      return { ...joined(parts), holds: allOf(parts.map(({ holds }) => holds)) };
    }
    case 'energy':
      return energyResult(trigger, context);
    case 'energyIntensive': {
      const holds = context.profile.isEnergyIntensive;
      return single({
        criterion: 'energyIntensive',
        holds,
        years: [],
        missingYears: [],
        value: null,
        comparison: null,
        limit: null,
        unit: '',
      });
    }
    default:
      return sizeResult(trigger, context);
  }
}

const joined = (parts: readonly TriggerResult[]): Omit<TriggerResult, 'holds'> => ({
  criteria: parts.flatMap(({ criteria }) => criteria),
  findings: parts.flatMap(({ findings }) => findings),
});

const single = (result: CriterionResult, findings: readonly Finding[] = []): TriggerResult => ({
  holds: result.holds,
  criteria: [result],
  findings,
});

function sizeResult(
  criterion: Extract<Criterion, { kind: 'staff' | 'turnover' | 'balance' }>,
  { profile, accountingYear }: Context,
): TriggerResult {
  const stated = profile.accountingYears.find(({ year }) => year === accountingYear);
  const { kind, comparison, limit } = criterion;
  const unit = kind === 'staff' ? 'persons' : criterion.currency;
  const amount = kind === 'staff' ? null : (stated?.[kind] ?? null);
  const isOtherCurrency = amount !== null && amount.currency !== unit;
  const value =
    kind === 'staff' ? (stated?.staff ?? null) : isOtherCurrency ? null : (amount?.amount ?? null);
  return single(
    {
      criterion: kind,
      holds: value === null ? null : exceeds(fractionOf(value, 1, 1), fractionOf(limit, 1, 1), comparison),
      years: [accountingYear],
      missingYears: value === null ? [accountingYear] : [],
      value,
      comparison,
      limit,
      unit,
    },
    isOtherCurrency
      ? [
          {
            code: 'profileOtherCurrency',
            message: 'A figure is stated in another currency than the rule compares; state it in the rule’s',
            data: { criterion: kind, year: accountingYear, stated: amount.currency, needed: unit },
          },
        ]
      : [],
  );
}

function energyResult(
  { comparison, limit, unit, years: count, account }: Extract<Criterion, { kind: 'energy' }>,
  { profile, year }: Context,
): TriggerResult {
  const years = Array.from({ length: count }, (_, i) => year - count + i);
  const { sum_kwh, missingYears, findings } = energyOfYears(profile, years, account);
  const mean = sum_kwh && multiply(sum_kwh, { numerator: 1n, denominator: BigInt(count) });
  const threshold = limit_kwh(limit, unit);
  return single(
    {
      criterion: 'energy',
      holds: mean && exceeds(mean, threshold, comparison),
      years,
      missingYears,
      value: mean && toDecimal(mean, 3, 'down'),
      comparison,
      limit: toDecimal(threshold, 3, 'down'),
      unit: 'kWh',
    },
    findings,
  );
}
