/**
 * Requests of one device that were never answered. A serial reply carries no register address: what tells one reply from
 * another is only its length. While such a request may still be answered, its length must not be asked for again.
 */
export interface Unanswered {
  readonly words: number;
  readonly until_ms: number;
}

/** How long a reply may be late. */
const latest_ms = 30_000;

export const withUnanswered = (list: readonly Unanswered[], words: number, now_ms: number): Unanswered[] => [
  ...list.filter((u) => u.until_ms > now_ms),
  { words, until_ms: now_ms + latest_ms },
];

export const forbiddenLengths = (list: readonly Unanswered[], now_ms: number): ReadonlySet<number> =>
  new Set(list.filter((u) => u.until_ms > now_ms).map((u) => u.words));
