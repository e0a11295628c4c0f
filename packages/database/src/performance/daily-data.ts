import { addDays, type DayHours, type EnpiPeriod, type LocalDate, localDate } from '@wattproof/energy';

/** A local day of one meter and measurand. */
export interface DayRow {
  readonly start_ms: number;
  readonly duration_s: number;
  readonly delta: number | null;
  readonly mean: number | null;
  readonly n_measured: number;
  readonly n_interpolated: number;
  readonly n_estimated: number;
  readonly n_manual: number;
  readonly n_missing: number;
}

/** Base intervals of a day by the quality of their energy. */
export type DayCounts = Pick<
  DayRow,
  'n_measured' | 'n_interpolated' | 'n_estimated' | 'n_manual' | 'n_missing'
>;

/** Daily series of an EnPI over local dates [from, to). */
export interface DailyData {
  readonly dates: readonly LocalDate[];
  readonly energy_wh: Float64Array;
  /** Amounts by key. */
  readonly variables: ReadonlyMap<string, Float64Array>;
  readonly temperature_c: Float64Array | null;
  readonly energyDays: ReadonlyMap<LocalDate, DayCounts>;
  /** By date; null where they were not asked for or the temperature has no hours. */
  readonly hours: readonly DayHours[] | null;
}

/** A variable's days, and whether it is what is consumed with (amount) or the outdoor temperature. */
export interface VariableDays {
  readonly key: string;
  readonly quantity: 'amount' | 'temperature';
  readonly values: ReadonlyMap<LocalDate, number>;
}

export interface DailyInput {
  readonly timeZone: string;
  readonly base_s: number;
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Days of each meter; their energies are added. */
  readonly energy: readonly (readonly DayRow[])[];
  readonly variables: readonly VariableDays[];
}

/** A day's mean needs this share of its intervals. */
export const leastMeanShare = 0.75;

const present = (row: DayRow): number => row.n_measured + row.n_interpolated + row.n_estimated + row.n_manual;
const expected = (row: DayRow, base_s: number): number => row.duration_s / base_s;

/** Sum of the day where every interval of it is known; a sum that lacks one is a lower bound, not the day's energy. */
export const wholeSum = (row: DayRow, base_s: number): number =>
  row.delta !== null && present(row) >= expected(row, base_s) ? row.delta : Number.NaN;

export const dayMean = (row: DayRow, base_s: number): number =>
  row.mean !== null && present(row) >= leastMeanShare * expected(row, base_s) ? row.mean : Number.NaN;

/** The dates from `from` up to before `to`. */
export function datesBetween(from: LocalDate, to: LocalDate): LocalDate[] {
  const dates: LocalDate[] = [];
  for (let date = from; date < to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

const addedCounts = (a: DayCounts | undefined, b: DayCounts): DayCounts =>
  a
    ? {
        n_measured: a.n_measured + b.n_measured,
        n_interpolated: a.n_interpolated + b.n_interpolated,
        n_estimated: a.n_estimated + b.n_estimated,
        n_manual: a.n_manual + b.n_manual,
        n_missing: a.n_missing + b.n_missing,
      }
    : b;

export function dailyData({ timeZone, base_s, from, to, energy, variables }: DailyInput): DailyData {
  const dates = datesBetween(from, to);
  const energyDays = new Map<LocalDate, DayCounts>();
  const byMeter = energy.map((rows) => {
    const sums = new Map<LocalDate, number>();
    for (const row of rows) {
      const date = localDate(timeZone, row.start_ms);
      sums.set(date, wholeSum(row, base_s));
      energyDays.set(date, addedCounts(energyDays.get(date), row));
    }
    return sums;
  });
  const column = (values: ReadonlyMap<LocalDate, number>): Float64Array =>
    Float64Array.from(dates, (date) => values.get(date) ?? Number.NaN);
  const temperature = variables.find(({ quantity }) => quantity === 'temperature');
  return {
    dates,
    // One meter that is not known leaves the sum unknown.
    energy_wh: Float64Array.from(dates, (date) =>
      byMeter.reduce((sum, sums) => sum + (sums.get(date) ?? Number.NaN), 0),
    ),
    variables: new Map(
      variables
        .filter(({ quantity }) => quantity === 'amount')
        .map(({ key, values }) => [key, column(values)]),
    ),
    temperature_c: temperature ? column(temperature.values) : null,
    energyDays,
    hours: null,
  };
}

/** The part of the data in [from, to) as the models take it. */
export function periodOf(data: DailyData, from: LocalDate, to: LocalDate): EnpiPeriod {
  const first = data.dates.findIndex((date) => date >= from);
  const after = data.dates.findIndex((date) => date >= to);
  const start = first < 0 ? data.dates.length : first;
  const end = after < 0 ? data.dates.length : after;
  const part = (values: Float64Array): Float64Array => values.slice(start, end);
  return {
    dates: data.dates.slice(start, end),
    energy_wh: part(data.energy_wh),
    given: Object.fromEntries([...data.variables].map(([key, values]) => [key, part(values)])),
    ...(data.temperature_c ? { temperature_c: part(data.temperature_c) } : {}),
    ...(data.hours ? { hours: data.hours.slice(start, end) } : {}),
  };
}
