import { findMeasurand } from '@wattproof/energy';

/** The unit that a counter's display shows, and how many decimals of it the base unit holds. */
export interface CounterUnit {
  readonly unit: string;
  readonly decimals: number;
}

const units: Readonly<Record<string, CounterUnit>> = {
  Wh: { unit: 'kWh', decimals: 3 },
  varh: { unit: 'kvarh', decimals: 3 },
  VAh: { unit: 'kVAh', decimals: 3 },
  l: { unit: 'm³', decimals: 3 },
  g: { unit: 'kg', decimals: 3 },
};

/** Indexes are entered in the unit of the display (kWh, m³), kept in base units (Wh, litre). */
export function counterUnitOf(measurand: string): CounterUnit {
  const base = findMeasurand(measurand)?.unit ?? '1';
  return units[base] ?? { unit: base, decimals: 0 };
}
