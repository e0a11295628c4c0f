import type { Unit } from './measurand.ts';

/** Unit of a counter's rate over an hour: energy per time is power. */
const rateUnits: Readonly<Partial<Record<Unit, string>>> = {
  Wh: 'W',
  varh: 'var',
  VAh: 'VA',
  l: 'l/h',
  g: 'g/h',
  s: 's/h',
};

/** Unit in which a measurand's load is shown: a counter's is its rate per hour, a gauge's its own. */
export const loadUnit = (measurand: { readonly kind: 'counter' | 'gauge'; readonly unit: Unit }): string =>
  measurand.kind === 'counter' ? (rateUnits[measurand.unit] ?? `${measurand.unit}/h`) : measurand.unit;

/** Mean rate per hour: delta · 3600 ÷ duration; NaN stays NaN. Wh over 900 s become W. */
export const ratePerHour = (delta: number, duration_s: number): number => (delta * 3_600) / duration_s;
