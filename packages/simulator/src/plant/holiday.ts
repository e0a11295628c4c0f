/** Public holidays by region, as numbers of the local day since 1970-01-01. */
export type HolidayRegion = 'FR' | 'DE-BY' | 'DE-HH' | 'ES-AR';

const day_ms = 86_400_000;
const dayOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / day_ms;

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876). */
export function easterDay(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return dayOf(year, month, day);
}

/** Fixed dates as [month, day], movable ones as days after Easter Sunday. */
const rules: Readonly<
  Record<HolidayRegion, { fixed: readonly (readonly [number, number])[]; easter: readonly number[] }>
> = {
  FR: {
    fixed: [
      [1, 1],
      [5, 1],
      [5, 8],
      [7, 14],
      [8, 15],
      [11, 1],
      [11, 11],
      [12, 25],
    ],
    easter: [1, 39, 50],
  },
  'DE-BY': {
    fixed: [
      [1, 1],
      [1, 6],
      [5, 1],
      [8, 15],
      [10, 3],
      [11, 1],
      [12, 25],
      [12, 26],
    ],
    easter: [-2, 1, 39, 50, 60],
  },
  'DE-HH': {
    fixed: [
      [1, 1],
      [5, 1],
      [10, 3],
      [10, 31],
      [12, 25],
      [12, 26],
    ],
    easter: [-2, 1, 39, 50],
  },
  'ES-AR': {
    fixed: [
      [1, 1],
      [1, 6],
      [4, 23],
      [5, 1],
      [8, 15],
      [10, 12],
      [11, 1],
      [12, 6],
      [12, 8],
      [12, 25],
    ],
    easter: [-3, -2],
  },
};

/** The holidays of some years. */
export function holidaysOf(region: HolidayRegion, fromYear: number, toYear: number): ReadonlySet<number> {
  const days = new Set<number>();
  for (let year = fromYear; year <= toYear; year++) {
    for (const [month, day] of rules[region].fixed) days.add(dayOf(year, month, day));
    for (const after of rules[region].easter) days.add(easterDay(year) + after);
  }
  return days;
}
