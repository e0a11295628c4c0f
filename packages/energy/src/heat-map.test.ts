import { describe, expect, it } from 'vitest';
import { addDays, baseBoundaries, localMidnight_ms, periodBoundaries } from './calendar.ts';
import { heatMap } from './heat-map.ts';

function series(zone: string, from: string, to: string, slot_s: number) {
  const [begin, end] = [localMidnight_ms(zone, from), localMidnight_ms(zone, to)];
  const boundaries =
    slot_s === 3_600
      ? periodBoundaries(zone, 'hour', begin, end)
      : baseBoundaries(begin, end, slot_s * 1_000).filter((at) => at <= end);
  const start_ms = boundaries.slice(0, -1);
  return {
    start_ms,
    duration_s: start_ms.map((at, i) => ((boundaries[i + 1] as number) - at) / 1_000),
    value: start_ms.map((_, i) => i),
    quality: start_ms.map(() => 0),
  };
}

const grid = (timeZone: string, day: string, slot_s = 3_600, days = 1) => ({
  timeZone,
  from: day,
  to: addDays(day, days),
  slot_s,
});

describe('heat map', () => {
  it('puts every interval of an ordinary day into its slot', () => {
    const g = grid('Europe/Paris', '2026-03-02', 900, 3);
    const map = heatMap(series(g.timeZone, g.from, g.to, 900), g);
    expect(map.days).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);
    expect(map.slots.length).toBe(96);
    expect([map.slots[0], map.slots[95]]).toEqual(['00:00', '23:45']);
    expect(map.value.map((row) => Array.from(row))).toEqual(
      [0, 1, 2].map((d) => Array.from({ length: 96 }, (_, i) => d * 96 + i)),
    );
    expect(map.clockChanges).toEqual([]);
  });

  it('leaves out the hour that does not exist, and says so', () => {
    const g = grid('Europe/Paris', '2026-03-29');
    const map = heatMap(series(g.timeZone, g.from, g.to, 3_600), g);
    expect(map.quality[0]?.[2]).toBe(-1);
    expect(map.value[0]?.[2]).toBeNaN();
    expect(map.value[0]?.[3]).toBe(2);
    expect(map.clockChanges).toEqual([{ day: '2026-03-29', slot: '02:00', duration_s: 0 }]);
    const quarters = grid('Europe/Paris', '2026-03-29', 900);
    expect(
      heatMap(series('Europe/Paris', quarters.from, quarters.to, 900), quarters).clockChanges,
    ).toHaveLength(4);
  });

  it('takes the hour that exists twice as the mean of both and the worse class', () => {
    const g = grid('Europe/Paris', '2026-10-25');
    const input = series(g.timeZone, g.from, g.to, 3_600);
    input.quality[3] = 2;
    const map = heatMap(input, g);
    expect(map.value[0]?.[2]).toBe((2 + 3) / 2);
    expect(map.quality[0]?.[2]).toBe(2);
    expect(map.value[0]?.[23]).toBe(24);
    expect(map.clockChanges).toEqual([{ day: '2026-10-25', slot: '02:00', duration_s: 7_200 }]);
  });

  it('knows half hours: Lord Howe changes by one, Kolkata has base hours at half past', () => {
    const g = grid('Australia/Lord_Howe', '2026-04-05');
    const map = heatMap(series(g.timeZone, g.from, g.to, 3_600), g);
    expect(map.clockChanges).toEqual([{ day: '2026-04-05', slot: '01:00', duration_s: 5_400 }]);
    // The hour and the half hour after it, weighted by how long they are.
    expect(map.value[0]?.[1]).toBeCloseTo((1 * 3_600 + 2 * 1_800) / 5_400);
    const india = { timeZone: 'Asia/Kolkata', from: '2026-03-02', to: '2026-03-03', slot_s: 1_800 };
    expect(heatMap(series(india.timeZone, india.from, india.to, 1_800), india).slots[1]).toBe('00:30');
  });

  it('tells what is missing from what is not there', () => {
    const g = grid('Europe/Paris', '2026-03-02');
    const input = {
      start_ms: [localMidnight_ms(g.timeZone, g.from)],
      duration_s: [3_600],
      value: [Number.NaN],
      quality: [4],
    };
    const map = heatMap(input, g);
    expect([map.quality[0]?.[0], map.quality[0]?.[1]]).toEqual([4, -1]);
  });
});
