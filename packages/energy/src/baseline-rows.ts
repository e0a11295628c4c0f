/**
 * Rows that a baseline is fitted to: the complete days of a period, or its complete months with means per day, weighted
 * by their days. Degree days of a month are the mean of those of its days, so that a model of months speaks of days too.
 */
import { addDays, dayOrdinal, type LocalDate } from './calendar.ts';
import { type DayHours, type EnpiPeriod, type VariableDefinition, variableColumn } from './enb.ts';
import { type Finding, finding } from './finding.ts';

export const granularities = ['day', 'month'] as const;
export type Granularity = (typeof granularities)[number];

export interface BaselineRows {
  readonly granularity: Granularity;
  /** Days on which the energy and every candidate variable are known, by date; variables by name. */
  readonly days: EnpiPeriod;
  /** Wh per day. */
  readonly y: Float64Array;
  /** Days of each month; null for days. */
  readonly weights: Float64Array | null;
  /** Number of the day, or of the month, so that neighbours are known. */
  readonly ordinal: Float64Array;
  /** Mean per day over each row. */
  readonly column: (definition: VariableDefinition) => Float64Array;
  /** First day of each row. */
  readonly dates: readonly LocalDate[];
}

/** What makes a period unfit to be looked at at all. */
export function unusable(period: EnpiPeriod): readonly Finding[] {
  const n = period.dates.length;
  const columns = [
    { name: 'energy', values: period.energy_wh },
    ...Object.entries(period.given).map(([name, values]) => ({ name, values })),
    ...(period.temperature_c ? [{ name: 'temperature', values: period.temperature_c }] : []),
  ];
  const found = columns
    .filter(({ values }) => values.length !== n)
    .map(({ name, values }) =>
      finding('lengthMismatch', 'A column differs in length from the dates', {
        name,
        n: values.length,
        dates: n,
      }),
    );
  const repeated = new Set(period.dates.filter((date, i) => period.dates.indexOf(date) !== i));
  if (repeated.size > 0)
    found.push(
      finding('duplicateDate', 'A day occurs more than once', { dates: [...repeated].slice(0, 10) }),
    );
  for (const { name, values } of columns)
    if (n > 0 && values.length === n && !Array.prototype.some.call(values, Number.isFinite))
      found.push(finding('columnUnknown', 'Nothing of a column is known', { name }));
  return found;
}

/** Days on which energy and every candidate variable are known, by date; variables by name. */
function completeDays(period: EnpiPeriod): EnpiPeriod {
  const names = Object.keys(period.given).sort();
  const columns = [
    period.energy_wh,
    ...names.map((name) => period.given[name] as ArrayLike<number>),
    ...(period.temperature_c ? [period.temperature_c] : []),
  ];
  const date = (i: number): LocalDate => period.dates[i] as LocalDate;
  const keep = period.dates
    .map((_, i) => i)
    .filter((i) => columns.every((c) => Number.isFinite(c[i])))
    .filter((i) => period.hours === undefined || isWhole(period.hours[i]))
    .sort((a, b) => (date(a) < date(b) ? -1 : 1));
  const pick = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(keep, (i) => column[i] as number);
  return {
    dates: keep.map(date),
    energy_wh: pick(period.energy_wh),
    given: Object.fromEntries(names.map((name) => [name, pick(period.given[name] as ArrayLike<number>)])),
    ...(period.temperature_c ? { temperature_c: pick(period.temperature_c) } : {}),
    ...(period.hours ? { hours: keep.map((i) => period.hours?.[i] as DayHours) } : {}),
  };
}

/** Where hours are asked for, a day needs all of them: every model is then judged on the same days. */
function isWhole(day: DayHours | undefined): boolean {
  if (!day) return false;
  for (let i = 0; i < day.hourOfWeek.length; i++)
    if (!Number.isFinite(day.energy_wh[i]) || !Number.isFinite(day.temperature_c[i])) return false;
  return true;
}

/** Number of days of the calendar month of a date. */
const daysOfMonth = (date: LocalDate): number => {
  const first = `${date.slice(0, 7)}-01`;
  return dayOrdinal(`${addDays(first, 31).slice(0, 7)}-01`) - dayOrdinal(first);
};
const monthOrdinal = (date: LocalDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));

/** Months of which every day is complete, as ranges [first, after) of positions. */
function wholeMonths({ dates }: EnpiPeriod): readonly (readonly [number, number])[] {
  const months: [number, number][] = [];
  for (let first = 0; first < dates.length; ) {
    const date = dates[first] as LocalDate;
    let after = first + 1;
    while (after < dates.length && dates[after]?.startsWith(date.slice(0, 7))) after++;
    if (after - first === daysOfMonth(date)) months.push([first, after]);
    first = after;
  }
  return months;
}

export function baselineRows(period: EnpiPeriod, granularity: Granularity): BaselineRows {
  const complete = completeDays(period);
  if (granularity === 'day')
    return {
      granularity,
      days: complete,
      dates: complete.dates,
      y: Float64Array.from(complete.energy_wh),
      weights: null,
      ordinal: Float64Array.from(complete.dates, dayOrdinal),
      column: (definition) => variableColumn(definition, complete),
    };
  const months = wholeMonths(complete);
  const inMonths = months.flatMap(([first, after]) =>
    Array.from({ length: after - first }, (_, i) => first + i),
  );
  const pick = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(inMonths, (i) => values[i] as number);
  const means = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(months, ([first, after]) => {
      let sum = 0;
      for (let i = first; i < after; i++) sum += values[i] as number;
      return sum / (after - first);
    });
  const dates = months.map(([first]) => complete.dates[first] as LocalDate);
  return {
    granularity,
    days: {
      dates: inMonths.map((i) => complete.dates[i] as LocalDate),
      energy_wh: pick(complete.energy_wh),
      given: Object.fromEntries(Object.entries(complete.given).map(([name, v]) => [name, pick(v)])),
      ...(complete.temperature_c ? { temperature_c: pick(complete.temperature_c) } : {}),
    },
    dates,
    y: means(complete.energy_wh),
    weights: Float64Array.from(months, ([first, after]) => after - first),
    ordinal: Float64Array.from(dates, monthOrdinal),
    column: (definition) => means(variableColumn(definition, complete)),
  };
}

/** Days whose energy is nothing or less: an outage, an export or a fault, which a person must tell apart. */
export function energyFindings({ dates, energy_wh }: EnpiPeriod): readonly Finding[] {
  const such = (test: (wh: number) => boolean): LocalDate[] =>
    dates.filter((_, i) => test(energy_wh[i] as number));
  const negative = such((wh) => wh < 0);
  const zero = such((wh) => wh === 0);
  return [
    ...(negative.length > 0
      ? [
          finding('negativeEnergy', 'Consumption is negative on some days', {
            days: negative.length,
            first: negative[0],
          }),
        ]
      : []),
    ...(zero.length > 0
      ? [finding('zeroEnergy', 'Consumption is zero on some days', { days: zero.length, first: zero[0] })]
      : []),
  ];
}
