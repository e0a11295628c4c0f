import { describe, expect, it } from 'vitest';
import {
  addDays,
  baseBoundaries,
  basePhase_ms,
  baseStart_ms,
  localMidnight_ms,
  periodBoundaries,
} from './calendar.ts';
import { counterIntervals, defaultGapLimit_ms } from './counter.ts';
import { tier } from './tier.ts';

const minute_ms = 60_000;

/** Base intervals of a local day on the site's grid, from a counter that is read every minute and counts 1 Wh each. */
function dayOf(zone: string, date: string, width_min: number) {
  const width_ms = width_min * minute_ms;
  const phase_ms = basePhase_ms(zone, width_ms);
  if (phase_ms === null) throw new Error(`${width_min} min do not fit ${zone}`);
  const from_ms = localMidnight_ms(zone, date);
  const to_ms = localMidnight_ms(zone, addDays(date, 1));
  const boundaries_ms = baseBoundaries(from_ms, to_ms, width_ms, phase_ms);
  const at_ms = Array.from({ length: (to_ms - from_ms) / minute_ms + 1 }, (_, i) => from_ms + i * minute_ms);
  const { delta, quality, from, to } = counterIntervals({
    at_ms,
    index: at_ms.map((_, i) => 999_000 + i).map((index) => index % 1_000_000),
    rules: { modulus: 1_000_000, maxRate_per_s: 1, gapLimit_ms: defaultGapLimit_ms },
    boundaries_ms,
  });
  const base = { start_ms: boundaries_ms.slice(from, to), delta, quality };
  const days = tier(base, periodBoundaries(zone, 'day', from_ms, to_ms), { width_ms });
  return {
    n: days.n_measured[0],
    wh: days.delta[0],
    minutes: (to_ms - from_ms) / minute_ms,
    count: days.count,
  };
}

describe('the grid of base intervals', () => {
  it('gives 92, 96 and 100 quarter hours in Paris, and all of the energy', () => {
    expect(dayOf('Europe/Paris', '2026-03-29', 15)).toEqual({
      n: 92,
      wh: 23 * 60,
      minutes: 23 * 60,
      count: 1,
    });
    expect(dayOf('Europe/Paris', '2026-03-30', 15)).toMatchObject({ n: 96, wh: 24 * 60 });
    expect(dayOf('Europe/Paris', '2026-10-25', 15)).toEqual({
      n: 100,
      wh: 25 * 60,
      minutes: 25 * 60,
      count: 1,
    });
    for (const [width_min, n] of [
      [5, 276],
      [10, 138],
      [30, 46],
      [60, 23],
    ] as const)
      expect(dayOf('Europe/Paris', '2026-03-29', width_min)).toMatchObject({ n, wh: 23 * 60 });
  });

  it('meets local midnight in zones of half and quarter hours, on a leap day too', () => {
    expect(basePhase_ms('Europe/Paris', 60 * minute_ms)).toBe(0);
    expect(basePhase_ms('Asia/Kolkata', 60 * minute_ms)).toBe(30 * minute_ms);
    expect(basePhase_ms('Asia/Kathmandu', 10 * minute_ms)).toBe(5 * minute_ms);
    expect(dayOf('Asia/Kolkata', '2028-02-29', 60)).toEqual({ n: 24, wh: 1440, minutes: 1440, count: 1 });
    expect(dayOf('Asia/Kathmandu', '2028-02-29', 10)).toEqual({ n: 144, wh: 1440, minutes: 1440, count: 1 });
    expect(dayOf('America/St_Johns', '2026-03-08', 60)).toMatchObject({ n: 23, wh: 23 * 60 });
  });

  it('has no hours on Lord Howe Island, whose clocks move by half of one, but half hours', () => {
    expect(basePhase_ms('Australia/Lord_Howe', 60 * minute_ms)).toBeNull();
    expect(dayOf('Australia/Lord_Howe', '2026-04-05', 30)).toMatchObject({ n: 49, wh: 24.5 * 60 });
    expect(dayOf('Australia/Lord_Howe', '2026-10-04', 15)).toMatchObject({ n: 94, wh: 23.5 * 60 });
  });

  it('starts where an instant lies', () => {
    const noon_ms = Date.UTC(2026, 0, 1, 12, 7);
    expect(baseStart_ms(noon_ms)).toBe(Date.UTC(2026, 0, 1, 12));
    expect(baseStart_ms(noon_ms, 60 * minute_ms, 30 * minute_ms)).toBe(Date.UTC(2026, 0, 1, 11, 30));
  });
});

it('counts 25 from 999990 to 000015 on six digits', () => {
  const { delta } = counterIntervals({
    at_ms: [0, 15 * minute_ms],
    index: [999_990, 15],
    rules: { modulus: 1_000_000, maxRate_per_s: null, gapLimit_ms: defaultGapLimit_ms },
    boundaries_ms: [0, 15 * minute_ms],
  });
  expect([...delta]).toEqual([25]);
});
