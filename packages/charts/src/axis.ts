import type { Locale } from '@wattproof/energy';
import { formatInstant } from '@wattproof/messages';

/** Step of 1, 2, 2.5 or 5 times a power of ten that divides a span in at most `count` parts. */
export function niceStep(span: number, count: number): number {
  if (!(span > 0)) return 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((f) => f * power >= raw * (1 - 1e-9)) as number;
  return factor * power;
}

/** Rounds away the noise of binary fractions, so that 0.30000000000000004 is labelled 0.3. */
const clean = (value: number): number => Number(value.toPrecision(12));

/** Round ticks that cover [low, high]. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const step = niceStep(high - low, count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * step));
}

interface LocalClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Reads the wall clock through Intl: charts run in browsers, where the calendar of `energy` would be dead weight. */
function clockAt(timeZone: string, at_ms: number): LocalClock {
  let format = clocks.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, format);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at_ms)) parts[type] = Number(value);
  return parts as unknown as LocalClock;
}

const hour_ms = 3_600_000;
const day_ms = 86_400_000;

export interface TimeMark {
  readonly at_ms: number;
  readonly label: string;
}

type Step = { readonly unit: 'hour' | 'day' | 'month'; readonly every: number; readonly length_ms: number };
const steps: readonly Step[] = [
  ...[1, 2, 3, 6, 12].map((every) => ({ unit: 'hour' as const, every, length_ms: every * hour_ms })),
  ...[1, 2, 7, 14].map((every) => ({ unit: 'day' as const, every, length_ms: every * day_ms })),
  ...[1, 2, 3, 6, 12].map((every) => ({ unit: 'month' as const, every, length_ms: every * 30.4 * day_ms })),
];

const isMark = ({ unit, every }: Step, { year, month, day, hour, minute }: LocalClock): boolean => {
  if (minute !== 0) return false;
  if (unit === 'hour') return hour % every === 0;
  if (hour !== 0) return false;
  if (unit === 'day') return Math.round(Date.UTC(year, month - 1, day) / day_ms + 3) % every === 0;
  return day === 1 && (month - 1) % every === 0;
};

/**
 * Marks of a time axis at full local hours, midnights or firsts of months, at most about `count` of them. Days of
 * 23 and 25 hours keep their marks on the wall clock. The end of a whole day is labelled 24:00.
 */
export function timeMarks(
  from_ms: number,
  to_ms: number,
  timeZone: string,
  locale: Locale,
  count: number,
): TimeMark[] {
  const span = to_ms - from_ms;
  // A day of 25 hours and a year of 366 days keep the steps of ordinary ones.
  const step = steps.find((s) => span / s.length_ms <= count * 1.1) ?? (steps[steps.length - 1] as Step);
  // Zones are offset by multiples of 15 minutes; a month is long enough to look at local noon of UTC days only.
  const stride_ms = step.unit === 'hour' ? 900_000 : hour_ms / 2;
  const marks: TimeMark[] = [];
  for (let at = Math.ceil(from_ms / stride_ms) * stride_ms; at <= to_ms; at += stride_ms) {
    const clock = clockAt(timeZone, at);
    if (!isMark(step, clock)) continue;
    marks.push({ at_ms: at, label: labelOf(step, clock, at, marks.length === 0) });
    // Jump close to the next candidate; the stride finds it exactly.
    if (step.unit === 'day') at += 22 * hour_ms;
    if (step.unit === 'month') at += 27 * day_ms;
  }
  return marks;

  function labelOf({ unit }: Step, clock: LocalClock, at: number, isFirst: boolean): string {
    if (unit === 'hour') {
      if (at === to_ms && clock.hour === 0) return '24:00';
      if (clock.hour === 0 && span > 1.2 * day_ms) return formatInstant(locale, timeZone, at, 'dayShort');
      return formatInstant(locale, timeZone, at, 'time');
    }
    if (unit === 'day') return formatInstant(locale, timeZone, at, 'dayShort');
    return formatInstant(locale, timeZone, at, isFirst || clock.month === 1 ? 'monthShort' : 'monthTick');
  }
}
