/** Running figures over calendar months: rolling twelve months, year to date, targets. Missing stays missing. */
import { type Verdict, verdictOf } from './savings.ts';

export interface MonthEnergy {
  /** `YYYY-MM`, ascending, each once. */
  readonly month: string;
  /** null where not wholly known. */
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
}

export interface RunningMonth {
  readonly month: string;
  /** Months in the sum, of which `known` are known; sums are null unless all are. */
  readonly months: number;
  readonly known: number;
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
  readonly savings_wh: number | null;
  readonly savings_percent: number | null;
}

const ordinalOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;

/** Sum of the calendar months [first, last]; a month that is not in the list is unknown. */
function sumOf(byMonth: ReadonlyMap<number, MonthEnergy>, month: string, first: number): RunningMonth {
  const last = ordinalOf(month);
  let known = 0;
  let actual = 0;
  let expected = 0;
  for (let at = first; at <= last; at++) {
    const one = byMonth.get(at);
    if (!one || one.actual_wh === null || one.expected_wh === null) continue;
    known++;
    actual += one.actual_wh;
    expected += one.expected_wh;
  }
  const months = last - first + 1;
  const isWhole = known === months;
  return {
    month,
    months,
    known,
    actual_wh: isWhole ? actual : null,
    expected_wh: isWhole ? expected : null,
    savings_wh: isWhole ? expected - actual : null,
    savings_percent: isWhole && expected > 0 ? (100 * (expected - actual)) / expected : null,
  };
}

const indexed = (months: readonly MonthEnergy[]): ReadonlyMap<number, MonthEnergy> =>
  new Map(months.map((one) => [ordinalOf(one.month), one]));

/** The twelve months that end with each month. */
export function rollingYear(months: readonly MonthEnergy[]): readonly RunningMonth[] {
  const byMonth = indexed(months);
  return months.map(({ month }) => sumOf(byMonth, month, ordinalOf(month) - 11));
}

/** From the first month of the year (1 January, or another month of the accounting year) to each month. */
export function yearToDate(months: readonly MonthEnergy[], firstMonth = 1): readonly RunningMonth[] {
  const byMonth = indexed(months);
  return months.map(({ month }) => {
    const at = ordinalOf(month);
    return sumOf(byMonth, month, at - ((((at - (firstMonth - 1)) % 12) + 12) % 12));
  });
}

export interface TargetState {
  /** Energy that the target allows: adjusted · (1 − target). */
  readonly allowed_wh: number;
  /** allowed − actual: positive is better than the target. */
  readonly margin_wh: number;
  /** Share of the saving asked for that is reached, in percent; null where the target asks for none. */
  readonly reached_percent: number | null;
  /** met and missed are said only where the band excludes the target. */
  readonly state: 'met' | 'missed' | 'notDistinguishable';
}

/** A saving in percent of the adjusted energy, compared with what was reached within its half-width. */
export function targetState(
  result: { readonly adjusted_wh: number; readonly actual_wh: number; readonly halfWidth_wh: number },
  target_percent: number,
): TargetState {
  const allowed_wh = result.adjusted_wh * (1 - target_percent / 100);
  const margin_wh = allowed_wh - result.actual_wh;
  const asked_wh = result.adjusted_wh - allowed_wh;
  const states: Readonly<Record<Verdict, TargetState['state']>> = {
    saving: 'met',
    excess: 'missed',
    notDistinguishableFromZero: 'notDistinguishable',
  };
  return {
    allowed_wh,
    margin_wh,
    reached_percent: asked_wh === 0 ? null : (100 * (result.adjusted_wh - result.actual_wh)) / asked_wh,
    state: states[verdictOf(margin_wh, result.halfWidth_wh)],
  };
}
