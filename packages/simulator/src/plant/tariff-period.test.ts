import { describe, expect, it } from 'vitest';
import { isPeak, peakEnergy } from './tariff-period.ts';

const zone = 'Europe/Paris';
// A Monday before a clock change.
const start_ms = Date.parse('2026-10-19T09:00:00Z');
const hour_ms = 3_600_000;
/** One unit an hour. */
const energyAt = (at_ms: number): number => (at_ms - start_ms) / hour_ms;

describe('peak hours', () => {
  it('are those of the clock, on weekdays and Saturdays', () => {
    expect(isPeak(zone, Date.parse('2026-10-19T04:00:00Z'))).toBe(true);
    expect(isPeak(zone, Date.parse('2026-10-19T03:59:00Z'))).toBe(false);
    expect(isPeak(zone, Date.parse('2026-10-19T20:00:00Z'))).toBe(false);
    expect(isPeak(zone, Date.parse('2026-10-25T12:00:00Z'))).toBe(false);
  });

  it('hold the energy that passed in them, in whatever order it is asked for', () => {
    const peak = peakEnergy(zone, start_ms, energyAt);
    const sum = (to_ms: number): number => {
      let passed = 0;
      for (let at = start_ms; at < to_ms; at += hour_ms) if (isPeak(zone, at)) passed++;
      return passed;
    };
    const hours = Array.from({ length: 24 * 14 }, (_, i) => start_ms + i * hour_ms);
    for (const at of hours.toReversed()) expect(peak(at), new Date(at).toISOString()).toBe(sum(at));
    for (const at of hours) expect(peak(at)).toBe(sum(at));
    expect(peak(start_ms - hour_ms)).toBe(0);
  });
});
