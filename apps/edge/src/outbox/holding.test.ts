import type { WireReading } from '@wattproof/contracts/mqtt';
import { createLogger } from '@wattproof/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdWhileFailing } from './holding.ts';
import type { Gap } from './outbox.ts';

const reading = (at_ms: number): WireReading => ({
  meterKey: 'M1',
  at_ms,
  skew_ms: 0,
  quality: 'good',
  values: {},
  exceptions: {},
});
const logger = createLogger('edge', 'silent');
const limits = { most_readings: 3, retry_ms: 5000 };

describe('a disk that takes nothing', () => {
  let isFull = false;
  const stored: number[] = [];
  const gaps: Gap[] = [];
  const disk = {
    accept: (readings: readonly WireReading[]): void => {
      if (isFull) throw new Error('database or disk is full');
      stored.push(...readings.map((r) => r.at_ms));
    },
    addGap: (gap: Gap): void => {
      if (isFull) throw new Error('database or disk is full');
      gaps.push(gap);
    },
  };
  beforeEach(() => {
    vi.useFakeTimers();
    isFull = false;
    stored.length = 0;
    gaps.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('costs nothing while memory lasts: readings are stored in order when there is room', () => {
    const holding = holdWhileFailing(disk, logger, limits);
    holding.accept([reading(1)]);
    isFull = true;
    holding.accept([reading(2)]);
    holding.accept([reading(3)]);
    expect(holding.failing()).toEqual({ reason: 'database or disk is full', readings: 2 });
    vi.advanceTimersByTime(5000);
    isFull = false;
    holding.accept([reading(4)]);
    expect(stored).toEqual([1]);
    vi.advanceTimersByTime(5000);
    expect(stored).toEqual([1, 2, 3, 4]);
    expect(holding.failing()).toBeNull();
    holding.accept([reading(5)]);
    expect(stored.at(-1)).toBe(5);
    expect(gaps).toEqual([]);
  });

  it('costs the oldest beyond that, and the gap is noted', () => {
    const holding = holdWhileFailing(disk, logger, limits);
    isFull = true;
    for (let at = 1; at <= 5; at++) holding.accept([reading(at)]);
    isFull = false;
    vi.advanceTimersByTime(5000);
    expect(stored).toEqual([3, 4, 5]);
    expect(gaps).toEqual([{ from_ms: 1, to_ms: 2, readings: 2 }]);
  });

  it('is tried once more at the end', () => {
    const holding = holdWhileFailing(disk, logger, limits);
    isFull = true;
    holding.accept([reading(1)]);
    isFull = false;
    holding.stop();
    expect(stored).toEqual([1]);
  });
});
