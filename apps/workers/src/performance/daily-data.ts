import type { DayRow } from '@wattproof/database';
import { addDays, type EnpiPeriod, type LocalDate, localDate } from '@wattproof/energy';

/** Daily series of an EnPI over local dates [from, to). */
export interface DailyData {
  readonly dates: readonly LocalDate[];
  readonly energy_wh: Float64Array;
  readonly production_g: Float64Array | null;
  readonly temperature_c: Float64Array | null;
  readonly energyDays: ReadonlyMap<LocalDate, DayRow>;
}

export interface DailyInput {
  readonly timeZone: string;
  readonly base_s: number;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly energy: readonly DayRow[];
  readonly production: readonly DayRow[] | null;
  readonly temperature: readonly DayRow[] | null;
}

/** A day's mean temperature needs this share of its intervals. */
export const leastTemperatureShare = 0.75;

const present = (row: DayRow): number => row.n_measured + row.n_interpolated + row.n_estimated + row.n_manual;
const expected = (row: DayRow, base_s: number): number => row.duration_s / base_s;

/** Sum of the day where every interval of it is known; a sum that lacks one is a lower bound, not the day's energy. */
const wholeSum = (row: DayRow, base_s: number): number =>
  row.delta !== null && present(row) >= expected(row, base_s) ? row.delta : Number.NaN;

const dayMean = (row: DayRow, base_s: number): number =>
  row.mean !== null && present(row) >= leastTemperatureShare * expected(row, base_s) ? row.mean : Number.NaN;

/** The dates from `from` up to before `to`. */
export function datesBetween(from: LocalDate, to: LocalDate): LocalDate[] {
  const dates: LocalDate[] = [];
  for (let date = from; date < to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

export function dailyData(input: DailyInput): DailyData {
  const dates = datesBetween(input.from, input.to);
  const byDate = (rows: readonly DayRow[]): ReadonlyMap<LocalDate, DayRow> =>
    new Map(rows.map((row) => [localDate(input.timeZone, row.start_ms), row]));
  const column = (
    rows: ReadonlyMap<LocalDate, DayRow>,
    value: (row: DayRow, base_s: number) => number,
  ): Float64Array =>
    Float64Array.from(dates, (date) => {
      const row = rows.get(date);
      return row ? value(row, input.base_s) : Number.NaN;
    });
  const energyDays = byDate(input.energy);
  return {
    dates,
    energy_wh: column(energyDays, wholeSum),
    production_g: input.production && column(byDate(input.production), wholeSum),
    temperature_c: input.temperature && column(byDate(input.temperature), dayMean),
    energyDays,
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
    given: data.production_g ? { production_g: part(data.production_g) } : {},
    ...(data.temperature_c ? { temperature_c: part(data.temperature_c) } : {}),
  };
}
