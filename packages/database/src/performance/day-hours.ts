import {
  addDays,
  type DayHours,
  dayOrdinal,
  filledHours,
  type HourTemperature,
  type LocalDate,
  localMidnight_ms,
  localTime,
} from '@wattproof/energy';
import { type DayRow, datesBetween, wholeSum } from './daily-data.ts';

const hour_ms = 3_600_000;

export interface HourInput {
  readonly timeZone: string;
  readonly base_s: number;
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Hours of each meter; their energies are added. */
  readonly energy: readonly (readonly DayRow[])[];
  readonly temperatures: readonly HourTemperature[];
}

/**
 * Hours of each local date: energy where every meter's hour is whole, temperature by the gap rule of weather. Days of 23
 * and 25 hours keep the places in the week that their clocks show.
 */
export function dayHours({
  timeZone,
  base_s,
  from,
  to,
  energy,
  temperatures,
}: HourInput): readonly DayHours[] {
  const byMeter = energy.map((rows) => new Map(rows.map((row) => [row.start_ms, wholeSum(row, base_s)])));
  const { byInstant } = filledHours(temperatures);
  return datesBetween(from, to).map((date) => {
    const start_ms = localMidnight_ms(timeZone, date);
    const count = Math.round((localMidnight_ms(timeZone, addDays(date, 1)) - start_ms) / hour_ms);
    // 1970-01-01 was a Thursday, the fourth day of a week.
    const monday0 = (dayOrdinal(date) + 3) % 7;
    const starts = Array.from({ length: count }, (_, h) => start_ms + h * hour_ms);
    const hourAt = (at_ms: number, h: number): number =>
      count === 24 ? h : Math.floor(localTime(timeZone, at_ms).minute / 60);
    return {
      start_ms,
      hourOfWeek: starts.map((at_ms, h) => monday0 * 24 + hourAt(at_ms, h)),
      energy_wh: Float64Array.from(starts, (at_ms) =>
        byMeter.reduce((sum, hours) => sum + (hours.get(at_ms) ?? Number.NaN), 0),
      ),
      // Stations tell full hours of universal time; a zone of half hours takes the hour it begins in.
      temperature_c: Float64Array.from(
        starts,
        (at_ms) => byInstant.get(at_ms) ?? byInstant.get(Math.floor(at_ms / hour_ms) * hour_ms) ?? Number.NaN,
      ),
    };
  });
}
