/** Daily data of a made-up site for tests: weather with memory, production by week, correlated noise. */
import { addDays } from './calendar.ts';
import type { EnpiPeriod } from './enb.ts';

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
