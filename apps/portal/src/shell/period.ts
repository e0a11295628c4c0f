/** The one period of the application: a local day, a local month, or a span of days, as it stands in the URL. */
export type Period =
  | { readonly kind: 'day'; readonly date: string }
  | { readonly kind: 'month'; readonly month: string }
  /** Both days belong to it. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

/** Which form of the period a page can show; `now` pages show the present state. */
export type PeriodMode = 'day' | 'month' | 'range' | 'months' | 'now';

const day_ms = 86_400_000;
const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);
const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * day_ms).toISOString().slice(0, 10);

export const addMonths = (month: string, months: number): string => {
  const [year = 0, m = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, m - 1 + months, 1)).toISOString().slice(0, 7);
};

export const lastDayOf = (month: string): string => addDays(`${addMonths(month, 1)}-01`, -1);

/** Reads `2026-11-19`, `2026-11` or `2026-11-01..2026-11-08`; anything else is no period. */
export function parsePeriod(text: string | null | undefined): Period | null {
  if (!text) return null;
  if (isDate(text)) return { kind: 'day', date: text };
  if (isMonth(text)) return { kind: 'month', month: text };
  const [from = '', to = '', ...rest] = text.split('..');
  if (rest.length === 0 && isDate(from) && isDate(to) && from <= to) return { kind: 'range', from, to };
  return null;
}

export const periodText = (period: Period): string =>
  period.kind === 'day'
    ? period.date
    : period.kind === 'month'
      ? period.month
      : `${period.from}..${period.to}`;

/** The wall-clock date of an instant in a time zone. */
export const dateIn = (timeZone: string, at_ms: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at_ms,
  );

/** First and last day of a period. */
export function spanOf(period: Period): { readonly from: string; readonly to: string } {
  if (period.kind === 'day') return { from: period.date, to: period.date };
  if (period.kind === 'month') return { from: `${period.month}-01`, to: lastDayOf(period.month) };
  return { from: period.from, to: period.to };
}

const earlier = (a: string, b: string): string => (a < b ? a : b);

/** What a page shows of the period in the URL; days to come are cut off. */
export function fitPeriod(period: Period | null, mode: PeriodMode, today: string): Period {
  const span = period ? spanOf(period) : null;
  if (mode === 'day' || mode === 'now') return { kind: 'day', date: span ? earlier(span.to, today) : today };
  if (mode === 'month') return { kind: 'month', month: (span ? earlier(span.to, today) : today).slice(0, 7) };
  if (mode === 'months') {
    // Bills come by whole months; without a choice the last twelve that are over.
    const last = addMonths(today.slice(0, 7), -1);
    if (!span || period?.kind !== 'range')
      return { kind: 'range', from: `${addMonths(last, -11)}-01`, to: lastDayOf(last) };
    return { kind: 'range', from: `${span.from.slice(0, 7)}-01`, to: lastDayOf(span.to.slice(0, 7)) };
  }
  if (!span) return { kind: 'range', from: addDays(today, -6), to: today };
  if (period?.kind === 'day') return { kind: 'day', date: earlier(span.to, today) };
  return { kind: 'range', from: earlier(span.from, today), to: earlier(span.to, today) };
}

/** The neighbouring period of the same length. */
export function stepPeriod(period: Period, direction: 1 | -1): Period {
  if (period.kind === 'day') return { kind: 'day', date: addDays(period.date, direction) };
  if (period.kind === 'month') return { kind: 'month', month: addMonths(period.month, direction) };
  const isMonths = period.from.endsWith('-01') && period.to === lastDayOf(period.to.slice(0, 7));
  if (isMonths) {
    const [fromMonth, toMonth] = [period.from.slice(0, 7), period.to.slice(0, 7)];
    return {
      kind: 'range',
      from: `${addMonths(fromMonth, direction)}-01`,
      to: lastDayOf(addMonths(toMonth, direction)),
    };
  }
  const days = Math.round((Date.parse(period.to) - Date.parse(period.from)) / day_ms) + 1;
  return {
    kind: 'range',
    from: addDays(period.from, direction * days),
    to: addDays(period.to, direction * days),
  };
}
