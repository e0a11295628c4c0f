import { seedOf, smoothNoise } from './noise.ts';

/** Climate of a place: enough to make a year of outdoor temperatures and sunshine that look like it. */
export interface Climate {
  /** Places of one region share most of their weather. */
  readonly region: string;
  readonly latitude_deg: number;
  readonly longitude_deg: number;
  readonly mean_c: number;
  /** Half the difference between the warmest and the coldest month. */
  readonly seasonal_k: number;
  /** Half the difference between afternoon and night on a clear day. */
  readonly diurnal_k: number;
}

export interface Weather {
  readonly outdoor_c: (at_ms: number) => number;
  /** Global irradiance over its value under a clear zenith sun, 0 to 1. */
  readonly sun: (at_ms: number) => number;
}

const day_ms = 86_400_000;
const year_d = 365.2425;
/** 21 January, the coldest day of the mean year, counted from 1 January. */
const coldest_d = 20;
const rad = Math.PI / 180;

/**
 * Season + time of day + passing weather (days) + local air (hours), as a function of the instant alone, so that it
 * reaches as far back and forward as anybody asks.
 */
export function weatherOf(climate: Climate, seed: number): Weather {
  const regional = seedOf(seed, `weather ${climate.region}`);
  const local = seedOf(seed, `weather ${climate.latitude_deg} ${climate.longitude_deg}`);
  const front = smoothNoise(seedOf(regional, 'front'));
  const spell = smoothNoise(seedOf(regional, 'spell'));
  const air = smoothNoise(seedOf(local, 'air'));
  const cloudFront = smoothNoise(seedOf(regional, 'cloud'));
  const cloudLocal = smoothNoise(seedOf(local, 'cloud'));

  const cloud = (days: number): number => {
    const n = 0.8 * cloudFront(days / 1.7) + 0.6 * cloudLocal(days * 7);
    return Math.min(1, Math.max(0, 0.5 + 0.42 * n));
  };
  return {
    outdoor_c(at_ms) {
      const days = at_ms / day_ms;
      const season = -Math.cos((2 * Math.PI * (days - coldest_d)) / year_d);
      const solarHour = (days * 24 + climate.longitude_deg / 15) % 24;
      const diurnal = Math.cos((2 * Math.PI * (solarHour - 15)) / 24);
      const clear = 1 - 0.6 * cloud(days);
      const passing = 2.6 * front(days / 4.3) + 1.4 * spell(days / 1.9) + 0.5 * air(days * 4);
      const amplitude = climate.diurnal_k * clear * (0.75 + 0.35 * season);
      return climate.mean_c + climate.seasonal_k * season + amplitude * diurnal + passing;
    },
    sun(at_ms) {
      const days = at_ms / day_ms;
      const declination = -23.44 * rad * Math.cos((2 * Math.PI * (days + 10)) / year_d);
      const hourAngle = (((days * 24 + climate.longitude_deg / 15) % 24) - 12) * 15 * rad;
      const latitude = climate.latitude_deg * rad;
      const height =
        Math.sin(latitude) * Math.sin(declination) +
        Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
      if (height <= 0) return 0;
      return height ** 1.15 * (1 - 0.72 * cloud(days));
    },
  };
}
