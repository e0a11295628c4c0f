import { type HarmonicChannel, rareSubject } from '@wattproof/energy';
import type { MeterValue } from './meter-value.ts';

export type SpectrumQuantity = 'voltage' | 'current';

/** Harmonics of one quantity as they were read last: orders, and for each channel the values at them. */
export interface Spectrum {
  readonly quantity: SpectrumQuantity;
  readonly orders: readonly number[];
  readonly channels: readonly {
    readonly channel: HarmonicChannel;
    /** L1, L2, L3 or N. */
    readonly phase: string;
    readonly value: readonly (number | null)[];
  }[];
  /** The oldest of its values. */
  readonly at: string;
}

interface Harmonic {
  readonly channel: HarmonicChannel;
  readonly order: number;
  readonly value: number;
  readonly at: string;
}

/** The spectra that a meter tells, currents first: what the installation draws, then what the supply looks like. */
export function spectraOf(values: ReadonlyMap<string, MeterValue>): Spectrum[] {
  const harmonics = [...values.values()].flatMap(({ measurand, now }): Harmonic[] => {
    const subject = rareSubject(measurand);
    return now && subject?.of === 'harmonic'
      ? [{ channel: subject.channel, order: subject.order, value: now.value, at: now.at }]
      : [];
  });
  return (['current', 'voltage'] as const).flatMap((quantity): Spectrum[] => {
    const own = harmonics.filter((h) => h.channel.startsWith(quantity));
    if (own.length === 0) return [];
    const orders = [...new Set(own.map((h) => h.order))].sort((a, b) => a - b);
    const channels = [...Map.groupBy(own, (h) => h.channel)].map(([channel, list]) => {
      const byOrder = new Map(list.map((h) => [h.order, h.value]));
      return {
        channel,
        phase: (channel.split('_')[1] ?? '').toUpperCase(),
        value: orders.map((order) => byOrder.get(order) ?? null),
      };
    });
    const [oldest = ''] = own.map((h) => h.at).sort();
    return [{ quantity, orders, channels, at: oldest }];
  });
}

/** What is counted by tariff, with its part in all of them; null where nothing is known of the period. */
export interface TariffRow {
  readonly number: number;
  readonly value: MeterValue;
  readonly counted: number | null;
  readonly share: number | null;
}

export function tariffRows(values: ReadonlyMap<string, MeterValue>): TariffRow[] {
  const rows = [...values.values()].flatMap((value) => {
    const subject = rareSubject(value.measurand);
    return subject?.of === 'tariff'
      ? [{ number: subject.number, value, counted: value.statistic?.delta ?? null }]
      : [];
  });
  const all = rows.reduce((sum, row) => sum + (row.counted ?? 0), 0);
  const isWhole = rows.every((row) => row.counted !== null) && all > 0;
  return rows.map((row) => ({ ...row, share: isWhole ? (row.counted ?? 0) / all : null }));
}

/** Inputs and outputs with their state: 1 closed, 0 open. */
export const contactValues = (values: ReadonlyMap<string, MeterValue>): MeterValue[] =>
  [...values.values()].filter(({ measurand }) => {
    const of = rareSubject(measurand)?.of;
    return of === 'input' || of === 'output';
  });

/** Values that have a place of their own on the page. */
export const isPlain = ({ measurand }: MeterValue): boolean => rareSubject(measurand) === undefined;
