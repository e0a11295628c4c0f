import type { WireReading } from '@wattproof/contracts/mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCollector } from './collector.ts';

const reading = (meterKey: string): WireReading => ({
  meterKey,
  at_ms: 0,
  skew_ms: 0,
  quality: 'good',
  values: {},
  exceptions: {},
});
const limits = { linger_ms: 200, longest_ms: 2500, most_readings: 4 };

describe('collector', () => {
  const batches: string[][] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    batches.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const collector = () => startCollector((some) => batches.push(some.map((r) => r.meterKey)), limits);

  it('makes one batch of a cycle over all lines, when the last of them rests', () => {
    const { add, rest } = collector();
    add('A', [reading('A1')]);
    add('B', [reading('B1')]);
    rest('A');
    vi.advanceTimersByTime(1000);
    expect(batches).toEqual([]);
    rest('B');
    vi.advanceTimersByTime(200);
    expect(batches).toEqual([['A1', 'B1']]);
  });

  it('does not wait for a line that delivered nothing, nor longer than its limit', () => {
    const { add, rest } = collector();
    add('A', [reading('A1')]);
    rest('C');
    vi.advanceTimersByTime(2499);
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(batches).toEqual([['A1']]);
    rest('A');
    vi.advanceTimersByTime(5000);
    expect(batches).toHaveLength(1);
  });

  it('delivers at once what is many or asked for', () => {
    const { add, flush } = collector();
    add('A', ['1', '2', '3', '4'].map(reading));
    expect(batches).toEqual([['1', '2', '3', '4']]);
    add('A', [reading('5')]);
    flush();
    flush();
    expect(batches).toHaveLength(2);
  });
});
