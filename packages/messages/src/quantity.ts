import { findMeasurand, type Locale, type Unit } from '@wattproof/energy';
import { decimalsOf, formatNumber } from './number.ts';

/** Units of values that people see: those of measurands, and the rates at which counters run. */
export type ShownUnit = Unit | 'l/h' | 'g/h' | 's/h';

/** A value as people read it; the unit stays apart so that it can be set in a lighter ink. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** A scaled unit: how many base units it holds, and from how many of it on it is used. */
export interface UnitScale {
  readonly factor: number;
  readonly enough?: number;
  readonly unit: string;
}

const ladders: Readonly<Partial<Record<ShownUnit, readonly UnitScale[]>>> = {
  Wh: [
    { factor: 1e9, unit: 'GWh', enough: 100 },
    { factor: 1e6, unit: 'MWh' },
    { factor: 1e3, unit: 'kWh' },
  ],
  varh: [
    { factor: 1e6, unit: 'Mvarh' },
    { factor: 1e3, unit: 'kvarh' },
  ],
  VAh: [
    { factor: 1e6, unit: 'MVAh' },
    { factor: 1e3, unit: 'kVAh' },
  ],
  W: [
    { factor: 1e6, unit: 'MW' },
    { factor: 1e3, unit: 'kW' },
  ],
  var: [{ factor: 1e3, unit: 'kvar' }],
  VA: [{ factor: 1e3, unit: 'kVA' }],
  l: [{ factor: 1e3, unit: 'm³' }],
  'l/h': [{ factor: 1e3, unit: 'm³/h' }],
  s: [{ factor: 3600, unit: 'h' }],
  g: [
    { factor: 1e6, unit: 't' },
    { factor: 1e3, unit: 'kg' },
  ],
  'g/h': [
    { factor: 1e6, unit: 't/h' },
    { factor: 1e3, unit: 'kg/h' },
  ],
};

/** A unit is used from ten of it on (10 MWh, not 9.8 MWh) where a smaller one follows, so figures keep digits. */
const enough = 10;

/**
 * The unit that fits a magnitude given in base units: Wh → kWh → MWh → GWh and alike. Energies and powers never
 * go below the kilo unit: meters do not tell single watts of a site.
 */
export function unitScaleOf(unit: ShownUnit, magnitude: number): UnitScale {
  const ladder = ladders[unit];
  if (!ladder) return { factor: 1, unit: unit === '1' ? '' : unit };
  const last = ladder[ladder.length - 1] as UnitScale;
  return ladder.find((step) => magnitude >= step.factor * (step.enough ?? enough)) ?? last;
}

export interface QuantityStyle {
  readonly signed?: boolean;
  readonly decimals?: number;
  /** Forces a scale, so that a column or an axis has one unit. */
  readonly scale?: UnitScale;
}

/** Decimals of gauges that are read with a fixed resolution. */
const fixedDecimals: Readonly<Partial<Record<ShownUnit, number>>> = {
  V: 1,
  Hz: 2,
  '%': 1,
  '°C': 1,
  '1': 2,
  A: 1,
};

/** A quantity in base units as value and unit: 226 400 000 Wh → "226.4", "MWh". */
export function formatQuantity(
  locale: Locale,
  base: number,
  unit: ShownUnit,
  style: QuantityStyle = {},
): Quantity {
  const scale = style.scale ?? unitScaleOf(unit, Math.abs(base));
  const value = base / scale.factor;
  const decimals = style.decimals ?? fixedDecimals[unit] ?? Math.min(decimalsOf(Math.abs(value)), 2);
  return {
    value: formatNumber(locale, value, { decimals, ...(style.signed ? { signed: true } : {}) }),
    unit: scale.unit,
  };
}

/** A value of a measurand, in the unit of the registry. */
export const formatMeasurand = (
  locale: Locale,
  base: number,
  measurand: string,
  style: QuantityStyle = {},
): Quantity => formatQuantity(locale, base, findMeasurand(measurand)?.unit ?? '1', style);

/** Value and unit in one text with a no-break space. */
export const quantityText = ({ value, unit }: Quantity): string =>
  unit === '' ? value : `${value}\u00a0${unit}`;

/** A share 0…1 as a percentage: 0.842 → "84.2". */
export const formatPercent = (
  locale: Locale,
  share: number,
  { decimals = 1, signed = false }: { readonly decimals?: number; readonly signed?: boolean } = {},
): Quantity => ({
  value: formatNumber(locale, share * 100, { decimals, signed }),
  unit: '%',
});

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in decimal units, three to four figures: 1 260 000 000 → "1.26", "GB". */
export function formatBytes(locale: Locale, bytes: number): Quantity {
  const power = bytes < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return {
    value: formatNumber(locale, value, {
      decimals: power === 0 ? 0 : Math.min(2, decimalsOf(Math.abs(value))),
    }),
    unit: byteUnits[power] as string,
  };
}
