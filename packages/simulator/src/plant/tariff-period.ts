import { addDays, localDate, localMidnight_ms, localTime, offset_ms } from '@wattproof/energy';

const hour_ms = 3_600_000;
/** Peak hours of every day but Sunday, on the clock. */
const peak = { from_h: 6, to_h: 22 } as const;

/** Whether peak hours are in force: what the tariff contact of the supply says. */
export function isPeak(timeZone: string, at_ms: number): boolean {
  const { weekday, minute } = localTime(timeZone, at_ms);
  return weekday < 7 && minute >= peak.from_h * 60 && minute < peak.to_h * 60;
}

/** Energy that passed in peak hours since the start, from all that passed: exact, whatever instants are asked for. */
export function peakEnergy(
  timeZone: string,
  start_ms: number,
  energyAt: (at_ms: number) => number,
): (at_ms: number) => number {
  /** Ends of peak periods, with the peak energy up to there. */
  const ends: { readonly at_ms: number; readonly energy: number }[] = [{ at_ms: start_ms, energy: 0 }];
  let day = localDate(timeZone, start_ms);
  const hourOf = (date: string, hour: number): number => {
    const midnight_ms = localMidnight_ms(timeZone, date);
    const at_ms = midnight_ms + hour * hour_ms;
    return at_ms + offset_ms(timeZone, midnight_ms) - offset_ms(timeZone, at_ms);
  };
  const between = (from_ms: number, to_ms: number): number => energyAt(to_ms) - energyAt(from_ms);
  return (at_ms) => {
    for (let end_ms = hourOf(day, peak.to_h); end_ms <= at_ms; end_ms = hourOf(day, peak.to_h)) {
      const before = ends[ends.length - 1] as (typeof ends)[number];
      const from_ms = Math.max(start_ms, hourOf(day, peak.from_h));
      const passed = isPeak(timeZone, end_ms - 1) && from_ms < end_ms ? between(from_ms, end_ms) : 0;
      ends.push({ at_ms: end_ms, energy: before.energy + passed });
      day = addDays(day, 1);
    }
    const last = ends.findLast((end) => end.at_ms <= at_ms);
    if (!last) return 0;
    if (!isPeak(timeZone, at_ms)) return last.energy;
    return last.energy + between(Math.max(start_ms, hourOf(localDate(timeZone, at_ms), peak.from_h)), at_ms);
  };
}
