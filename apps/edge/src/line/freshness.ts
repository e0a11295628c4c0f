import type { WireReading } from '@wattproof/contracts/mqtt';
import { rateGroupOfMeasurand } from '@wattproof/devices';
import { type MeasurandName, measurandOf } from '@wattproof/energy';

/** Since when a device has answered with exactly the same values. */
export interface Freshness {
  readonly content: string;
  readonly since_ms: number;
  readonly polls: number;
}

export const unknownFreshness: Freshness = { content: '', since_ms: 0, polls: 0 };

/** Voltages and currents never stand still for so long, all of them: what answers is a memory, not a measurement. */
const frozen = { time_ms: 3_600_000, polls: 30 } as const;
/** Fewer momentary values than this, not 0, may well stand still: a breaker, a pulse input, a load that is off. */
const fewestLive = 3;

const isVoltage = (name: string): boolean => name.startsWith('voltage_');

/**
 * The freshness after a reading. Only meters with voltages are judged: of everything else a value that stands still
 * proves nothing.
 */
export function afterReading(before: Freshness, values: WireReading['values'], at_ms: number): Freshness {
  const gauges = Object.entries(values).filter(([name]) => {
    const measurand = name as MeasurandName;
    return measurandOf(measurand).kind === 'gauge' && rateGroupOfMeasurand(measurand) === 'normal';
  });
  const live = gauges.filter(([, value]) => value !== 0);
  if (live.length < fewestLive || !live.some(([name]) => isVoltage(name))) return before;
  const content = JSON.stringify(gauges);
  return content === before.content
    ? { ...before, polls: before.polls + 1 }
    : { content, since_ms: at_ms, polls: 1 };
}

export const isFrozen = ({ since_ms, polls }: Freshness, at_ms: number): boolean =>
  polls >= frozen.polls && at_ms - since_ms >= frozen.time_ms;
