/**
 * Degree days. A number of degree days means nothing without its convention, so a series names the one it was made
 * with. `verification` says how well the published definition was checked.
 */
import type { Verification } from './verification.ts';

export interface DegreeDayConvention {
  readonly id: string;
  readonly kind: 'heating' | 'cooling';
  /** The day's temperature: mean of the readings over the local day, or (min + max)/2. */
  readonly dayTemperature: 'mean' | 'minMax';
  /** Degree days count from here. */
  readonly base_c: number;
  /** Heating counts only days at or below it, cooling only days at or above it; null: no limit but the base. */
  readonly limit_c: number | null;
  /** Whether a day exactly on the limit counts. */
  readonly limitCounts: boolean;
  readonly source: string;
  readonly verification: Verification;
}

const convention = (c: DegreeDayConvention): DegreeDayConvention => c;

export const degreeDayConventions: readonly DegreeDayConvention[] = [
  convention({
    id: 'eurostatHeating',
    kind: 'heating',
    dayTemperature: 'mean',
    base_c: 18,
    limit_c: 15,
    limitCounts: true,
    source: 'Eurostat, heating degree days: 18 °C − Tm where Tm ≤ 15 °C',
    verification: 'unverified',
  }),
  convention({
    id: 'eurostatCooling',
    kind: 'cooling',
    dayTemperature: 'mean',
    base_c: 21,
    limit_c: 24,
    limitCounts: true,
    source: 'Eurostat, cooling degree days: Tm − 21 °C where Tm ≥ 24 °C',
    verification: 'unverified',
  }),
  convention({
    id: 'germanG20_15',
    kind: 'heating',
    dayTemperature: 'mean',
    base_c: 20,
    limit_c: 15,
    limitCounts: false,
    source: 'Gradtagzahl G20/15: 20 °C − Tm where Tm < 15 °C',
    verification: 'unverified',
  }),
  convention({
    id: 'frenchDju18',
    kind: 'heating',
    dayTemperature: 'minMax',
    base_c: 18,
    limit_c: null,
    limitCounts: true,
    source: 'Degrés jours unifiés, base 18 °C, from (Tmin + Tmax)/2',
    verification: 'unverified',
  }),
];

export interface DayTemperature {
  readonly mean_c: number;
  readonly min_c: number;
  readonly max_c: number;
}

/** max(base − T, 0): degree days of one day for a model's own base temperature (CalTRACK 2.0, 3.1–3.4). */
export const heatingDegreeDay = (base_c: number, mean_c: number): number => Math.max(base_c - mean_c, 0);
/** max(T − base, 0). */
export const coolingDegreeDay = (base_c: number, mean_c: number): number => Math.max(mean_c - base_c, 0);

/** Degree days of one day by a named convention; NaN where the temperature it needs is unknown. */
export function degreeDay(rule: DegreeDayConvention, day: DayTemperature): number {
  const t = rule.dayTemperature === 'mean' ? day.mean_c : (day.min_c + day.max_c) / 2;
  if (Number.isNaN(t)) return Number.NaN;
  const sign = rule.kind === 'heating' ? 1 : -1;
  if (rule.limit_c !== null) {
    const beyond = sign * (rule.limit_c - t);
    if (beyond < 0 || (beyond === 0 && !rule.limitCounts)) return 0;
  }
  return Math.max(sign * (rule.base_c - t), 0);
}
