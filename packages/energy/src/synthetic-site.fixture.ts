/** Daily data of a made-up site for tests: weather with memory, production by week, correlated noise. */
import { addDays } from './calendar.ts';
import type { DayHours, EnpiPeriod } from './enb.ts';

/** Uniform numbers in (0, 1) from a seed (mulberry32, Tommy Ettinger, public domain). */
function uniform(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/** Days [from, from + days) of the site `seed`; the same day is the same whatever range it is asked in. */
export function syntheticDays(site: {
  readonly seed: number;
  readonly from: number;
  readonly days: number;
  /** Share of the energy that is saved. */
  readonly saving?: number;
  /** Lag-1 autocorrelation of the noise. Default 0.3. */
  readonly rho?: number;
}): EnpiPeriod {
  const random = uniform(site.seed);
  // Box and Muller's transform, one of its two values.
  const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const rho = site.rho ?? 0.3;
  const end = site.from + site.days;
  const dates: string[] = [];
  const energy_wh: number[] = [];
  const production: number[] = [];
  const temperature_c: number[] = [];
  let weather = 0;
  let noise = normal();
  for (let day = 0; day < end; day++) {
    weather = 0.7 * weather + 2 * normal();
    noise = rho * noise + Math.sqrt(1 - rho * rho) * normal();
    const temperature = 12 - 9 * Math.cos((2 * Math.PI * (day - 15)) / 365.25) + weather;
    const tonnes = day % 7 < 5 ? Math.max(0, 40 + 8 * normal()) : Math.abs(2 * normal());
    const expected =
      3e6 + 5e4 * tonnes + 1e5 * Math.max(15 - temperature, 0) + 6e4 * Math.max(temperature - 20, 0);
    if (day < site.from) continue;
    dates.push(addDays('2024-01-01', day));
    energy_wh.push((expected + 3e5 * noise) * (1 - (site.saving ?? 0)));
    production.push(tonnes);
    temperature_c.push(temperature);
  }
  return { dates, energy_wh, given: { production }, temperature_c };
}

const hours = Array.from({ length: 24 }, (_, hour) => hour);

/**
 * Whole days with their hours: an occupied and an unoccupied level, heating and cooling by the hour's temperature, noise
 * of the day that remembers the day before, and noise of the hour. Two days a year have 23 and 25 hours.
 */
export function syntheticHours(site: {
  readonly seed: number;
  readonly days: number;
  readonly saving?: number;
  /** First day that saves. */
  readonly savingFrom?: number;
  /** Lag-1 autocorrelation of the days' noise. Default 0.3. */
  readonly rho?: number;
}): EnpiPeriod & { readonly temperature_c: readonly number[]; readonly hours: readonly DayHours[] } {
  const random = uniform(site.seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const rho = site.rho ?? 0.3;
  let weather = 0;
  let noise = normal();
  const days = Array.from({ length: site.days }, (_, day): DayHours => {
    weather = 0.7 * weather + 2 * normal();
    noise = rho * noise + Math.sqrt(1 - rho * rho) * normal();
    const mean = 12 - 9 * Math.cos((2 * Math.PI * (day - 15)) / 365.25) + weather;
    const weekday = day % 7;
    const saved = day >= (site.savingFrom ?? 0) ? (site.saving ?? 0) : 0;
    const ofYear = day % 365;
    // The night of the changes of the clock: 2 h does not exist, or is there twice.
    const local =
      ofYear === 90 ? hours.filter((h) => h !== 2) : ofYear === 300 ? [0, 1, 2, ...hours.slice(2)] : hours;
    const temperature_c = local.map((hour) => mean - 4 * Math.cos((2 * Math.PI * (hour - 3)) / 24));
    return {
      start_ms: Date.UTC(2024, 0, 1 + day),
      hourOfWeek: local.map((hour) => weekday * 24 + hour),
      temperature_c,
      energy_wh: local.map((hour, h) => {
        const t = temperature_c[h] as number;
        const isOccupied = weekday < 5 && hour >= 6 && hour < 20;
        const level = isOccupied ? 120_000 + 3000 * Math.sin(hour) : 60_000;
        const weatherPart = (isOccupied ? 3500 : 2000) * Math.max(14 - t, 0) + 2500 * Math.max(t - 20, 0);
        return (level + weatherPart + 6000 * noise + 6000 * normal()) * (1 - saved);
      }),
    };
  });
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  return {
    dates: days.map((_, day) => addDays('2024-01-01', day)),
    energy_wh: days.map(({ energy_wh }) => sum(energy_wh)),
    given: {},
    temperature_c: days.map(({ temperature_c }) => sum(temperature_c) / temperature_c.length),
    hours: days,
  };
}
