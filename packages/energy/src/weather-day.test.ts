import { expect, test } from 'vitest';
import { dayTemperatures, distance_km, filledHours } from './weather-day.ts';

const hour_ms = 3_600_000;
const hours = (from: string, count: number, value: (i: number) => number, skip: readonly number[] = []) =>
  Array.from({ length: count }, (_, i) => ({
    at_ms: Date.parse(from) + i * hour_ms,
    temperature_c: value(i),
  })).filter((_, i) => !skip.includes(i));

test('gaps of six hours are interpolated, of seven stay missing', () => {
  const six = filledHours(hours('2026-01-01T00:00:00Z', 24, (i) => i, [5, 6, 7, 8, 9, 10]));
  expect([six.interpolated, six.missing, six.byInstant.get(Date.parse('2026-01-01T07:00:00Z'))]).toEqual([
    6, 0, 7,
  ]);
  const seven = filledHours(hours('2026-01-01T00:00:00Z', 24, (i) => i, [5, 6, 7, 8, 9, 10, 11]));
  expect([seven.interpolated, seven.missing]).toEqual([0, 7]);
});

test('days are local, also those of 23 and 25 hours', () => {
  const all = hours('2026-03-27T00:00:00Z', 24 * 5, (i) => i);
  const days = dayTemperatures('Europe/Paris', { from: '2026-03-28', to: '2026-03-31' }, all);
  // 28 March begins at 23 h UTC of the 27th and has 24 hours: 23 to 46; the 29th has 23: 47 to 69.
  expect(days.get('2026-03-28')?.mean_c).toBe(34.5);
  expect(days.get('2026-03-29')).toEqual({ mean_c: 58, min_c: 47, max_c: 69 });
});

test('a day with half of its hours or fewer is unknown', () => {
  const half = hours('2026-01-01T00:00:00Z', 12, () => 5);
  expect(
    dayTemperatures('UTC', { from: '2026-01-01', to: '2026-01-02' }, half).get('2026-01-01')?.mean_c,
  ).toBeNaN();
});

test('distance: Paris to Rennes is 308 km', () => {
  const paris = { latitude: 48.8566, longitude: 2.3522 };
  expect(distance_km(paris, { latitude: 48.1173, longitude: -1.6778 })).toBeCloseTo(308.4, 0);
  expect(distance_km(paris, paris)).toBe(0);
});
