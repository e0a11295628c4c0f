import type { ClockSpan, Schedule } from '../drivers.ts';

const at = (hour: number, minute = 0): number => hour * 60 + minute;
const span = (from: number, to: number): ClockSpan => [at(from), at(to)];
const weekdays = (
  day: readonly ClockSpan[],
  saturday: readonly ClockSpan[],
  sunday: readonly ClockSpan[],
) => [day, day, day, day, day, saturday, sunday];

/** Two shifts, 5 to 21 h, Saturdays when orders ask for it. */
export const twoShifts = (region: Schedule['region'], lines: number): Schedule => ({
  region,
  lines,
  shifts: weekdays([span(5, 13), span(13, 21)], [], []),
  extraSaturday: { chance: 0.45, shift: span(5, 13) },
  closures: [
    { from: [12, 24], to: [1, 1], level: 0 },
    { from: [8, 3], to: [8, 16], level: 0.6 },
  ],
  cip: [10, 100],
});

/** Three shifts from Monday to Friday, Saturday morning. */
export const threeShifts = (region: Schedule['region'], lines: number): Schedule => ({
  region,
  lines,
  shifts: weekdays([span(0, 6), span(6, 14), span(14, 22), span(22, 24)], [span(0, 6), span(6, 14)], []),
  closures: [
    { from: [12, 24], to: [1, 1], level: 0 },
    { from: [8, 10], to: [8, 23], level: 0.7 },
  ],
  cip: [5, 60],
});

/** A store: goods in and out from early morning to evening, six days. */
export const storeHours = (region: Schedule['region']): Schedule => ({
  region,
  lines: 1,
  shifts: weekdays([span(4, 12), span(12, 20)], [span(5, 12)], []),
  closures: [],
  cip: [15, 60],
});

/** A hotel: open every day, fuller in some months. */
export const hotelHours = (region: Schedule['region'], occupancy: readonly number[]): Schedule => ({
  region,
  lines: 1,
  shifts: weekdays([span(6, 23)], [span(6, 23)], [span(6, 23)]),
  closures: [],
  worksOnHolidays: true,
  cip: [-600, -480],
  occupancy,
});
