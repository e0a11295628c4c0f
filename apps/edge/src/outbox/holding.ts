import type { WireReading } from '@wattproof/contracts/mqtt';
import type { Logger } from '@wattproof/runtime';
import type { Gap } from './outbox.ts';

export interface HoldingLimits {
  readonly most_readings: number;
  readonly retry_ms: number;
}

export interface Holding {
  readonly accept: (readings: readonly WireReading[]) => void;
  /** Why nothing can be stored and how much waits in memory; null while all is well. */
  readonly failing: () => { readonly reason: string; readonly readings: number } | null;
  /** Tries once more, and ends. */
  readonly stop: () => void;
}

const standardLimits: HoldingLimits = { most_readings: 20_000, retry_ms: 5000 };

/**
 * Stands before the outbox while its disk is full or broken: readings wait in memory, the oldest are given up when they
 * become too many, and what was given up is noted as a gap as soon as something can be written again.
 */
export function holdWhileFailing(
  store: { readonly accept: (readings: readonly WireReading[]) => void; readonly addGap: (gap: Gap) => void },
  logger: Logger,
  { most_readings, retry_ms }: HoldingLimits = standardLimits,
): Holding {
  let held: WireReading[] = [];
  let lost: Gap | undefined;
  let reason: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const hold = (readings: readonly WireReading[]): void => {
    held.push(...readings);
    const surplus = held.splice(0, Math.max(0, held.length - most_readings));
    if (surplus.length > 0) lost = joined(lost, surplus);
    timer ??= setInterval(retry, retry_ms);
  };

  const retry = (): void => {
    try {
      if (lost) store.addGap(lost);
      lost = undefined;
      if (held.length > 0) store.accept(held);
      held = [];
    } catch (error) {
      // Still full: the timer tries again.
      reason = (error as Error).message;
      return;
    }
    logger.info('readings are stored again');
    reason = undefined;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    accept: (readings) => {
      if (reason !== undefined) return hold(readings);
      try {
        store.accept(readings);
      } catch (error) {
        reason = (error as Error).message;
        logger.error({ reason, readings: readings.length }, 'readings cannot be stored; they wait in memory');
        hold(readings);
      }
    },
    failing: () => (reason === undefined ? null : { reason: reason.slice(0, 200), readings: held.length }),
    stop: () => {
      if (reason !== undefined) retry();
      clearInterval(timer);
      if (reason !== undefined) logger.error({ reason, readings: held.length }, 'readings were never stored');
    },
  };
}

const joined = (gap: Gap | undefined, readings: readonly WireReading[]): Gap => {
  const times = readings.map((r) => r.at_ms);
  return {
    from_ms: Math.min(gap?.from_ms ?? Number.POSITIVE_INFINITY, ...times),
    to_ms: Math.max(gap?.to_ms ?? 0, ...times),
    readings: (gap?.readings ?? 0) + readings.length,
  };
};
