/**
 * Days from hourly temperatures, with the gap rules of CalTRACK 2.0: gaps of at most six hours in a row are interpolated
 * (2.2.4.1), and a day needs more than half of its hours (2.2.2.3). Days are local: 23 or 25 hours long twice a year.
 */
import { addDays, type LocalDate, localMidnight_ms } from './calendar.ts';

export interface HourTemperature {
  readonly at_ms: number;
  readonly temperature_c: number;
}

export interface WeatherDaySettings {
  readonly greatestGap_h: number;
  readonly leastCoverage: number;
}

export const weatherDaySettings: WeatherDaySettings = { greatestGap_h: 6, leastCoverage: 0.5 };

const hour_ms = 3_600_000;

/** The hours that are known or may be interpolated, by instant; how many of them were interpolated. */
export function filledHours(
  hours: readonly HourTemperature[],
  { greatestGap_h }: WeatherDaySettings = weatherDaySettings,
): {
  readonly byInstant: ReadonlyMap<number, number>;
  readonly interpolated: number;
  readonly missing: number;
} {
  const ascending = [...hours].sort((a, b) => a.at_ms - b.at_ms);
  const byInstant = new Map<number, number>();
  let interpolated = 0;
  let missing = 0;
  ascending.forEach(({ at_ms, temperature_c }, i) => {
    byInstant.set(at_ms, temperature_c);
    const next = ascending[i + 1];
    if (!next) return;
    const gap_h = Math.round((next.at_ms - at_ms) / hour_ms) - 1;
    if (gap_h < 1) return;
    if (gap_h > greatestGap_h) {
      missing += gap_h;
      return;
    }
    for (let h = 1; h <= gap_h; h++)
      byInstant.set(
        at_ms + h * hour_ms,
        temperature_c + ((next.temperature_c - temperature_c) * h) / (gap_h + 1),
      );
    interpolated += gap_h;
  });
  return { byInstant, interpolated, missing };
}

/** Mean temperature of each local day of [from, to); NaN where too few of its hours are known. */
export function dayTemperatures(
  zone: string,
  dates: { readonly from: LocalDate; readonly to: LocalDate },
  hours: readonly HourTemperature[],
  settings: WeatherDaySettings = weatherDaySettings,
): ReadonlyMap<LocalDate, { readonly mean_c: number; readonly min_c: number; readonly max_c: number }> {
  const { byInstant } = filledHours(hours, settings);
  const days = new Map<LocalDate, { mean_c: number; min_c: number; max_c: number }>();
  for (let date = dates.from; date < dates.to; date = addDays(date, 1)) {
    const start_ms = localMidnight_ms(zone, date);
    const end_ms = localMidnight_ms(zone, addDays(date, 1));
    let known = 0;
    let sum = 0;
    let min_c = Number.POSITIVE_INFINITY;
    let max_c = Number.NEGATIVE_INFINITY;
    // Zones of half hours begin between two hours of the station: the hours inside count.
    for (let at = Math.ceil(start_ms / hour_ms) * hour_ms; at < end_ms; at += hour_ms) {
      const value = byInstant.get(at);
      if (value === undefined) continue;
      known++;
      sum += value;
      min_c = Math.min(min_c, value);
      max_c = Math.max(max_c, value);
    }
    const isEnough = known > (settings.leastCoverage * (end_ms - start_ms)) / hour_ms;
    days.set(
      date,
      isEnough
        ? { mean_c: sum / known, min_c, max_c }
        : { mean_c: Number.NaN, min_c: Number.NaN, max_c: Number.NaN },
    );
  }
  return days;
}

const earthRadius_km = 6371.0088;

/** Great-circle distance (haversine), mean radius of the earth. */
export function distance_km(
  a: { readonly latitude: number; readonly longitude: number },
  b: { readonly latitude: number; readonly longitude: number },
): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const dLatitude = radians(b.latitude - a.latitude);
  const dLongitude = radians(b.longitude - a.longitude);
  const h =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * earthRadius_km * Math.asin(Math.min(1, Math.sqrt(h)));
}
