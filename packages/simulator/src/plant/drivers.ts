import { offset_ms } from '@wattproof/energy';
import { type HolidayRegion, holidaysOf } from './holiday.ts';
import { hash, normal, seedOf, smoothNoise, uniform } from './noise.ts';
import { type Climate, weatherOf } from './weather.ts';

/** Width of a step: the plant's loads are constant sums of drivers within it. */
export const step_ms = 900_000;
const day_ms = 86_400_000;

/** What drives the loads of a site. Each load is a weighted sum of these. */
export const driverNames = [
  /** 1 */ 'always',
  /** Share of the step in which a shift is on, with 45 minutes of warming up. */ 'shift',
  /** Output over nominal output, by production line and their mean. */ 'line1',
  'line2',
  'line3',
  'line4',
  'production',
  /** Kelvins of the air below 15 °C, as buildings feel it: days, not hours. */ 'heating',
  /** Kelvins above 14 °C: condensers work harder, most in the afternoon. */ 'refrigeration',
  /** Kelvins above 20 °C. */ 'cooling',
  /** Lamps on, by shift and darkness. */ 'lit',
  'office',
  /** Cleaning in place, after a shift that produced. */ 'cip',
  /** Lorries at the docks. */ 'dock',
  /** Guests of a hotel awake in their rooms. */ 'guest',
  /** Irradiance, 0 to 1. */ 'sun',
] as const;
export type Driver = (typeof driverNames)[number];
export type DriverColumns = Readonly<Record<Driver, Float64Array>>;

/** Minutes of the local clock, [from, to). */
export type ClockSpan = readonly [number, number];

export interface Schedule {
  readonly region: HolidayRegion;
  /** Shifts from Monday to Sunday. */
  readonly shifts: readonly (readonly ClockSpan[])[];
  /** Chance that a Saturday is worked although it has no shift, and its shift. */
  readonly extraSaturday?: { readonly chance: number; readonly shift: ClockSpan };
  /** Weeks in which less or nothing is made: [month, day] to [month, day] of the local calendar, both included. */
  readonly closures: readonly {
    readonly from: readonly [number, number];
    readonly to: readonly [number, number];
    readonly level: number;
  }[];
  /** True where holidays are days like others. */
  readonly worksOnHolidays?: boolean;
  /** Cleaning in place, minutes after the end of a shift. */
  readonly cip: ClockSpan;
  /** Number of production lines that run, 0 to 4. */
  readonly lines: number;
  /** Occupancy of a hotel by month, 0 to 1. */
  readonly occupancy?: readonly number[];
}

interface Day {
  readonly level: number;
  readonly shifts: readonly ClockSpan[];
  /** Orders over nominal output, by line. */
  readonly orders: readonly number[];
  readonly officeOpen: boolean;
  readonly month: number;
}

/** Gives the drivers of steps [from, to) of a site, counted from the epoch. */
export function driversOf(
  place: {
    readonly key: string;
    readonly timeZone: string;
    readonly climate: Climate;
    readonly schedule: Schedule;
  },
  plantSeed: number,
): (fromStep: number, toStep: number) => DriverColumns {
  const { timeZone, climate, schedule } = place;
  const weather = weatherOf(climate, plantSeed);
  const seed = seedOf(plantSeed, `drivers ${place.key}`);
  const orderSeeds = Array.from({ length: 4 }, (_, i) => seedOf(seed, `orders ${i}`));
  const seasonOfOrders = smoothNoise(seedOf(seed, 'season of orders'));
  const stopSeeds = Array.from({ length: 4 }, (_, i) => seedOf(seed, `stops ${i}`));
  const saturdaySeed = seedOf(seed, 'saturday');
  const known = new Map<number, Day>();

  const dayOf = (day: number): Day => {
    const kept = known.get(day);
    if (kept) return kept;
    const date = new Date(day * day_ms);
    const weekday = (date.getUTCDay() + 6) % 7;
    const year = date.getUTCFullYear();
    const holiday = holidaysOf(schedule.region, year, year).has(day) && !schedule.worksOnHolidays;
    const closure = schedule.closures.find((c) => isWithin(date, c.from, c.to));
    const level = holiday ? 0 : (closure?.level ?? 1);
    const extra = schedule.extraSaturday;
    const saturday = weekday === 5 && extra && uniform(saturdaySeed, day) < extra.chance ? [extra.shift] : [];
    const shifts = level > 0 ? [...(schedule.shifts[weekday] ?? []), ...saturday] : [];
    const week = seasonOfOrders(day / 9);
    const orders = orderSeeds.map((s) =>
      Math.min(1.12, Math.max(0.45, level * (0.92 + 0.07 * normal(s, day) + 0.045 * week))),
    );
    const made: Day = {
      level,
      shifts,
      orders,
      officeOpen: weekday < 5 && !holiday && level > 0,
      month: date.getUTCMonth(),
    };
    known.set(day, made);
    return made;
  };

  const dayMeans = new Map<number, number>();
  /** Mean outdoor temperature of a local day (its clock offset is that of noon). */
  const dayMean = (day: number): number => {
    const kept = dayMeans.get(day);
    if (kept !== undefined) return kept;
    const midnight_ms = day * day_ms - offset_ms(timeZone, day * day_ms + day_ms / 2);
    let sum = 0;
    for (let hour = 0; hour < 24; hour += 2) sum += weather.outdoor_c(midnight_ms + (hour + 1) * 3_600_000);
    dayMeans.set(day, sum / 12);
    return sum / 12;
  };
  /** Daily means joined from noon to noon. */
  const feltTemperature = (day: number, minute: number): number => {
    const x = minute / 1440 - 0.5;
    const next = dayMean(x < 0 ? day - 1 : day + 1);
    return dayMean(day) * (1 - Math.abs(x)) + next * Math.abs(x);
  };

  return (fromStep, toStep) => {
    const n = toStep - fromStep;
    const columns = Object.fromEntries(driverNames.map((name) => [name, new Float64Array(n)])) as Record<
      Driver,
      Float64Array
    >;
    columns.always.fill(1);
    let today = Number.NaN;
    let day = dayOf(0);
    for (let i = 0; i < n; i++) {
      const at_ms = (fromStep + i) * step_ms;
      const middle_ms = at_ms + step_ms / 2;
      const local = middle_ms + offset_ms(timeZone, at_ms);
      const dayNumber = Math.floor(local / day_ms);
      const minute = (local - dayNumber * day_ms) / 60_000;
      if (dayNumber !== today) {
        today = dayNumber;
        day = dayOf(dayNumber);
      }
      const sun = weather.sun(middle_ms);

      const running = day.shifts.some(([a, b]) => minute >= a && minute < b) ? 1 : 0;
      const warming = day.shifts.some(([a, b]) => minute >= a - 45 && minute < b + 15) ? 1 : 0;
      columns.shift[i] = warming * Math.max(day.level, 0.6);
      let made = 0;
      for (let line = 0; line < schedule.lines; line++) {
        // Short stops of a line: one step in 25, at a third of its pace.
        const stop = hash(stopSeeds[line] as number, fromStep + i) % 25 === 0 ? 0.33 : 1;
        const rate = running * stop * (day.orders[line] as number);
        (columns[`line${line + 1}` as Driver] as Float64Array)[i] = rate;
        made += rate / schedule.lines;
      }
      columns.production[i] = made;
      const felt_c = feltTemperature(dayNumber, minute);
      const afternoon = Math.cos((2 * Math.PI * (minute - 900)) / 1440);
      columns.heating[i] = Math.max(0, 15 - felt_c) * (1 - 0.2 * afternoon);
      columns.refrigeration[i] = Math.max(0, felt_c - 14) * (1 + 0.4 * afternoon);
      columns.cooling[i] = Math.max(0, felt_c - 20) * (1 + 0.6 * afternoon);
      const dark = 1 - Math.min(1, sun / 0.35);
      columns.lit[i] = Math.max(warming, 0.12) * (0.75 + 0.25 * dark);
      columns.office[i] = day.officeOpen ? bell(minute, 450, 540, 1020, 1140) : 0;
      const cleaning = day.shifts.some(
        ([, end]) => minute >= end + schedule.cip[0] && minute < end + schedule.cip[1],
      );
      columns.cip[i] = cleaning ? day.level : 0;
      columns.dock[i] =
        day.level > 0 ? bell(minute, 270, 330, 540, 600) + bell(minute, 870, 930, 1110, 1200) : 0;
      const occupancy = schedule.occupancy?.[day.month] ?? 0;
      columns.guest[i] =
        occupancy * (0.25 + bell(minute, 360, 435, 540, 630) + 0.9 * bell(minute, 1020, 1140, 1350, 1439));
      columns.sun[i] = sun;
    }
    return columns;
  };
}

/** Rises from a to b, stays 1, falls from c to d. */
function bell(minute: number, a: number, b: number, c: number, d: number): number {
  if (minute <= a || minute >= d) return 0;
  if (minute < b) return (minute - a) / (b - a);
  return minute <= c ? 1 : (d - minute) / (d - c);
}

/** Whether a date lies in a stretch of the year; the stretch may run over the new year. */
function isWithin(date: Date, from: readonly [number, number], to: readonly [number, number]): boolean {
  const place = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  const first = from[0] * 100 + from[1];
  const last = to[0] * 100 + to[1];
  return first <= last ? place >= first && place <= last : place >= first || place <= last;
}
