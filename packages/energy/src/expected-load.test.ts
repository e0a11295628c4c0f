import { expect, test } from 'vitest';
import { baseBoundaries, localMidnight_ms, localTime } from './calendar.ts';
import { deviationAtEnd, expectedLoad, fitExpectedLoad, type LoadHistory } from './expected-load.ts';

const zone = 'Europe/Paris';
/** Uniform noise in (−1, 1) from a position, the same every time. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
const temperatureAt = (at_ms: number): number =>
  12 + 8 * Math.sin(at_ms / 86_400_000 / 5) + 4 * Math.sin((2 * Math.PI * at_ms) / 86_400_000);
/** Workdays 06:00–20:00 at 100 kW, else 20 kW, and 2 kW for each kelvin below 15 °C. */
const truth_w = (at_ms: number): number => {
  const { weekday, minute } = localTime(zone, at_ms);
  const isShift = weekday <= 5 && minute >= 360 && minute < 1200;
  return (isShift ? 100_000 : 20_000) + 2_000 * Math.max(15 - temperatureAt(at_ms), 0);
};
const history = (
  from: string,
  to: string,
  change: (at_ms: number, w: number, i: number) => number,
): LoadHistory => {
  const start_ms = baseBoundaries(localMidnight_ms(zone, from), localMidnight_ms(zone, to)).slice(0, -1);
  return {
    start_ms,
    energy_wh: start_ms.map((at, i) => change(at, truth_w(at), i) / 4),
    temperature_c: start_ms.map(temperatureAt),
  };
};
const noisy = (_: number, w: number, i: number): number => w + 5_000 * noise(i);
const fitted = (h: LoadHistory) => {
  const fit = fitExpectedLoad(zone, h);
  if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
  return fit.model;
};

test('learns the week and the temperature, over a clock change', () => {
  const model = fitted(history('2026-02-02', '2026-04-06', noisy));
  const day = history('2026-04-09', '2026-04-10', (_, w) => w);
  const rows = expectedLoad(model, day.start_ms, day.temperature_c);
  rows.forEach((row, i) => {
    const truth = (day.energy_wh[i] as number) * 4;
    expect(Math.abs((row.expected_w as number) - truth)).toBeLessThan(5_000);
  });
});

test('the band holds about the stated share of days it has not seen', () => {
  const model = fitted(history('2026-02-02', '2026-04-06', noisy));
  const later = history('2026-04-06', '2026-04-27', (at, w, i) => noisy(at, w, i + 100_000));
  const rows = expectedLoad(model, later.start_ms, later.temperature_c);
  const inside = rows.filter((row, i) => {
    const w = (later.energy_wh[i] as number) * 4;
    return w >= (row.low_w as number) && w <= (row.high_w as number);
  });
  expect(inside.length / rows.length).toBeGreaterThan(0.82);
  expect(inside.length / rows.length).toBeLessThan(0.98);
});

test('a fault in the history is left out', () => {
  const fault = history(
    '2026-02-02',
    '2026-04-06',
    (at, w, i) => noisy(at, w, i) + (i >= 2000 && i < 2040 ? 400_000 : 0),
  );
  const model = fitted(fault);
  expect(model.outliers).toBe(40);
  expect(model.rmse_w).toBeLessThan(5_000);
});

test('tells since when the load is above what is expected', () => {
  const model = fitted(history('2026-02-02', '2026-04-06', noisy));
  const noon_ms = localMidnight_ms(zone, '2026-04-09') + 12 * 3_600_000;
  const day = history('2026-04-09', '2026-04-10', (at, w) => (at >= noon_ms ? w + 52_000 : w));
  const until = 4 * 15;
  const rows = expectedLoad(model, day.start_ms, day.temperature_c).slice(0, until);
  const actual = Array.from(day.energy_wh, (wh) => wh * 4).slice(0, until);
  const deviation = deviationAtEnd(rows, actual);
  expect(deviation).toMatchObject({ direction: 'above', since_ms: noon_ms, intervals: 12 });
  expect(Math.abs((deviation?.deviation_w as number) - 52_000)).toBeLessThan(5_000);
  expect(deviationAtEnd(rows.slice(0, 40), actual.slice(0, 40))).toBeNull();
  expect(
    deviationAtEnd(
      rows,
      actual.map((w) => w - 90_000),
    )?.direction,
  ).toBe('below');
});

test('works without temperature and survives storage', () => {
  const { start_ms, energy_wh } = history('2026-02-02', '2026-04-06', noisy);
  const model = fitted({ start_ms, energy_wh });
  expect(model.slopes_w_per_k).toEqual([]);
  const stored = JSON.parse(JSON.stringify(model));
  const starts = start_ms as number[];
  expect(expectedLoad(stored, starts)).toEqual(expectedLoad(model, starts));
});

test('what was never seen has no expectation, and too little history is refused', () => {
  const monday = history('2026-02-02', '2026-04-06', noisy);
  const energy_wh = Array.from(monday.energy_wh, (wh, i) =>
    localTime(zone, monday.start_ms[i] as number).weekday === 7 ? Number.NaN : wh,
  );
  const model = fitted({ ...monday, energy_wh });
  const sunday = localMidnight_ms(zone, '2026-04-12');
  expect(expectedLoad(model, [sunday], [10])[0]).toMatchObject({ expected_w: null, low_w: null });
  expect(expectedLoad(model, [sunday + 86_400_000], [Number.NaN])[0]?.expected_w).toBeNull();
  expect(fitExpectedLoad(zone, history('2026-02-02', '2026-02-10', noisy))).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'tooFewPoints' }],
  });
});
