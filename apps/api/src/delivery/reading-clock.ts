import { AppError } from '@wattproof/runtime';

/** How far ahead of its arrival ingestion accepts a reading. */
const ahead_ms = 5 * 60_000;
const lastOfCalendar_ms = 8.64e15;

/** An instant that a message stated, as text; null beyond the calendar. */
export const instantOf = (at_ms: number | null): string | null =>
  at_ms === null || Math.abs(at_ms) > lastOfCalendar_ms ? null : new Date(at_ms).toISOString();

/**
 * @param age_ms from the newest reading of a message to its arrival
 * @throws AppError where a correction would put readings after their own arrival.
 */
export function checkNotAhead(age_ms: number, correction_s: number): void {
  const ahead = correction_s * 1000 - age_ms;
  if (ahead <= ahead_ms) return;
  throw new AppError(
    'invalid',
    `With ${correction_s} s readings would lie ${Math.round(ahead / 1000)} s after their own arrival; at most ${ahead_ms / 1000} s are accepted`,
    { path: 'correction_s' },
  );
}
