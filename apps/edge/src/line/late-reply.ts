/**
 * Requests of one device that were never answered. A serial reply carries no register address: what tells one reply from
 * another is only its length. While such a request may still be answered, its length must not be asked for again.
 */
export interface Unanswered {
  readonly words: number;
  readonly until_ms: number;
}

/** A request that was answered: its reply may come a second time, from a converter that repeats or a second device. */
export interface Answered {
  readonly words: number;
  readonly until_ms: number;
}

/** What of one unit may still come that belongs to an earlier request. */
export interface ExchangeMemory {
  unanswered: readonly Unanswered[];
  answered: readonly Answered[];
}

/** How long a reply may be late; where something came that made no sense, the reply itself was probably in it. */
const latest_ms = { timeout: 10_000, garbled: 2000 } as const;
/** How long the second copy of a reply may be behind the first. */
export const repeated_ms = 500;

export const withUnanswered = (
  list: readonly Unanswered[],
  request: { readonly words: number; readonly ended: keyof typeof latest_ms; readonly now_ms: number },
): Unanswered[] => [
  ...list.filter((u) => u.until_ms > request.now_ms),
  { words: request.words, until_ms: request.now_ms + latest_ms[request.ended] },
];

export const withAnswered = (
  list: readonly Answered[],
  request: { readonly words: number; readonly now_ms: number },
): Answered[] => [
  ...list.filter((a) => a.until_ms > request.now_ms),
  { words: request.words, until_ms: request.now_ms + repeated_ms },
];

/** Lengths of the requests that may still be answered. */
export const lateLengths = (list: readonly Unanswered[], now_ms: number): ReadonlySet<number> =>
  new Set(list.filter((u) => u.until_ms > now_ms).map((u) => u.words));

/** Lengths in which nothing must be asked for now, not even the same registers: the copy may be of another device. */
export function forbiddenLengths(
  {
    unanswered,
    answered,
  }: { readonly unanswered: readonly Unanswered[]; readonly answered: readonly Answered[] },
  now_ms: number,
): ReadonlySet<number> {
  const lengths = new Set(lateLengths(unanswered, now_ms));
  for (const reply of answered) if (reply.until_ms > now_ms) lengths.add(reply.words);
  return lengths;
}
