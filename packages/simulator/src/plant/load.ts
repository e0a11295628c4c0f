import type { Driver } from './drivers.ts';

/** What a load consumes (or, for `pv`, makes), and the unit of its weights: W, or litres or grams per hour. */
export type LoadCarrier = 'electricity' | 'pv' | 'gas' | 'water' | 'production';

/** One consumer of a site, as its meters see it: a weighted sum of drivers with its own noise. */
export interface Load {
  readonly key: string;
  readonly carrier: LoadCarrier;
  /** The lowest meter that sees it. */
  readonly under: string;
  /** W (electricity, pv), l/h (gas, water) or g/h (production) for each unit of a driver. */
  readonly weights: Partial<Record<Driver, number>>;
  /** Relative noise from day to day and from quarter hour to quarter hour. */
  readonly dayNoise: number;
  readonly stepNoise: number;
  /** Movement within a step over the step's mean, 0 to 1: compressors switch, offices do not. */
  readonly ripple: number;
  /** Reactive over active power. */
  readonly tanPhi: number;
  /** Harmonic distortion of its current. */
  readonly thd_percent: number;
}

/** A lasting saving of a site's electricity, taken from some loads in given parts of the whole. */
export interface Saving {
  readonly share: number;
  readonly parts: Readonly<Record<string, number>>;
}
