/**
 * The expected load is known by quarter hour of the week; a site's base interval may be shorter or longer. Power is taken
 * to be even within a base interval, so energy is shared out by time and added up again, without loss.
 */
import type { LoadHistory } from './expected-load.ts';

const quarter_ms = 900_000;

/**
 * A history in base intervals of `width_ms` as quarter hours (multiples of 15 min since the epoch, which every zone's clock
 * agrees with). A quarter hour of which a part is missing or unknown is NaN; temperatures are means weighted by time.
 */
export function inQuarterHours(history: LoadHistory, width_ms: number): LoadHistory {
  if (width_ms === quarter_ms) return history;
  const { start_ms, energy_wh, temperature_c } = history;
  const sums = new Map<number, { covered_ms: number; energy_wh: number; heat: number }>();
  for (let i = 0; i < start_ms.length; i++) {
    const begin = start_ms[i] as number;
    const end = begin + width_ms;
    for (let quarter = Math.floor(begin / quarter_ms) * quarter_ms; quarter < end; quarter += quarter_ms) {
      const part_ms = Math.min(end, quarter + quarter_ms) - Math.max(begin, quarter);
      const sum = sums.get(quarter) ?? { covered_ms: 0, energy_wh: 0, heat: 0 };
      sum.covered_ms += part_ms;
      sum.energy_wh += ((energy_wh[i] as number) * part_ms) / width_ms;
      sum.heat += (temperature_c?.[i] ?? Number.NaN) * part_ms;
      sums.set(quarter, sum);
    }
  }
  const ordered = [...sums].sort(([a], [b]) => a - b);
  const whole = ordered.map(([, sum]) => (sum.covered_ms === quarter_ms ? sum.energy_wh : Number.NaN));
  const starts = ordered.map(([start]) => start);
  if (!temperature_c) return { start_ms: starts, energy_wh: whole };
  return {
    start_ms: starts,
    energy_wh: whole,
    temperature_c: ordered.map(([, sum]) => sum.heat / sum.covered_ms),
  };
}
