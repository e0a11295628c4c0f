import type { Locale } from '@wattproof/energy';
import { regionalTags } from './locale.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** How much of an instant or date is said. */
export const dateStyles = {
  /** Thu 19 Nov 2026 */
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  /** Thu 19 Nov */
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  /** 19 Nov */
  dayShort: { day: 'numeric', month: 'short' },
  /** 19 Nov 2026 */
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  /** November 2026 */
  month: { month: 'long', year: 'numeric' },
  /** November */
  monthName: { month: 'long' },
  /** Nov 2026 */
  monthShort: { month: 'short', year: 'numeric' },
  /** Nov */
  monthTick: { month: 'short' },
  /** N */
  monthLetter: { month: 'narrow' },
  /** 14:20 */
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  /** 14:20:07 */
  timeSeconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  /** 19 Nov 2026, 14:20 */
  dateTime: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  /** 19 Nov, 14:20 */
  dateTimeShort: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type DateStyle = keyof typeof dateStyles;

function formatOf(locale: Locale, timeZone: string, style: DateStyle): Intl.DateTimeFormat {
  const id = `${locale} ${timeZone} ${style}`;
  const known = formats.get(id);
  if (known) return known;
  const made = new Intl.DateTimeFormat(regionalTags[locale], { ...dateStyles[style], timeZone });
  formats.set(id, made);
  return made;
}

/** English abbreviates September with four letters; a column of months wants three. */
const even = (text: string): string =>
  text
    .replace(/\bSept\b/, 'Sep')
    .replace(/ (at|à|um) /, ', ')
    .replace(/^(\p{L}{2,4}), /u, '$1 ');

/** An instant (ISO text or epoch ms) in a time zone. */
export const formatInstant = (
  locale: Locale,
  timeZone: string,
  at: string | number,
  style: DateStyle,
): string => even(formatOf(locale, timeZone, style).format(new Date(at)));

/** A local date `YYYY-MM-DD` or month `YYYY-MM`, which has no time zone of its own. */
export const formatLocalDate = (locale: Locale, date: string, style: DateStyle): string =>
  even(
    formatOf(locale, 'UTC', style).format(new Date(`${date.length === 7 ? `${date}-01` : date}T12:00:00Z`)),
  );
