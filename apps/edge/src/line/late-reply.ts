/**
 * Requests of one device that were never answered. A serial reply carries no register address: what tells one reply from
 * another is only its length. While such a request may still be answered, its length must not be asked for again.
 */
export interface Unanswered {
  readonly words: number;
  readonly until_ms: number;
}

/** How long a reply may be late; where something came that made no sense, the reply itself was probably in it. */
const latest_ms = { timeout: 10_000, garbled: 2000 } as const;

export const withUnanswered = (
  list: readonly Unanswered[],
  request: { readonly words: number; readonly ended: keyof typeof latest_ms; readonly now_ms: number },
): Unanswered[] => [
  ...list.filter((u) => u.until_ms > request.now_ms),
  { words: request.words, until_ms: request.now_ms + latest_ms[request.ended] },
];

export const forbiddenLengths = (list: readonly Unanswered[], now_ms: number): ReadonlySet<number> =>
  new Set(list.filter((u) => u.until_ms > now_ms).map((u) => u.words));
