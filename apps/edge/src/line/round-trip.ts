/**
 * How long a device takes to answer beyond the time of its bytes on the wire, smoothed as RFC 6298 smooths the round
 * trips of TCP, and how long it is therefore waited for.
 */
export interface RoundTrip {
  /** Undefined until it has answered once. */
  readonly smoothed_ms: number | undefined;
  readonly deviation_ms: number;
  /** Timeouts since the last answer: each doubles the wait. */
  readonly unanswered: number;
}

export const unknownRoundTrip: RoundTrip = { smoothed_ms: undefined, deviation_ms: 0, unanswered: 0 };

export interface TimeoutLimits {
  /** Wait for a device that has never answered. */
  readonly first_ms: number;
  readonly shortest_ms: number;
  readonly longest_ms: number;
}

/**
 * Margin over the smoothed value that is kept however steady a device is: a busy computer takes its share of it, and a
 * reply missed by a hair costs the silence and the second request, which is more than waiting.
 */
const margin_ms = 150;
/** A device that has never answered is given no more than this many times its first wait: it may not exist. */
const patience = 4;

/**
 * After an answer that took `sample_ms`: smoothed ← ⅞·smoothed + ⅛·sample, deviation ← ¾·deviation + ¼·|smoothed −
 * sample|; the first sample is taken as it is with half of itself as deviation. A sample below 0 counts as 0.
 */
export function afterAnswer(roundTrip: RoundTrip, sample_ms: number): RoundTrip {
  const sample = Math.max(0, sample_ms);
  const { smoothed_ms, deviation_ms } = roundTrip;
  if (smoothed_ms === undefined) return { smoothed_ms: sample, deviation_ms: sample / 2, unanswered: 0 };
  return {
    smoothed_ms: (7 * smoothed_ms + sample) / 8,
    deviation_ms: (3 * deviation_ms + Math.abs(smoothed_ms - sample)) / 4,
    unanswered: 0,
  };
}

export const afterSilence = (roundTrip: RoundTrip): RoundTrip => ({
  ...roundTrip,
  unanswered: roundTrip.unanswered + 1,
});

/**
 * The wait beyond the time on the wire: smoothed + max(150 ms, 4 × deviation), within the limits, doubled for each timeout
 * since the last answer, so that a device that became slower is heard again.
 */
export function timeoutOf_ms(roundTrip: RoundTrip, limits: TimeoutLimits): number {
  const { smoothed_ms, deviation_ms, unanswered } = roundTrip;
  const { first_ms, shortest_ms, longest_ms } = limits;
  const doubled = 2 ** Math.min(unanswered, 10);
  if (smoothed_ms === undefined)
    return Math.min(first_ms * doubled, Math.max(first_ms, Math.min(patience * first_ms, longest_ms)));
  const steady_ms = Math.max(shortest_ms, smoothed_ms + Math.max(margin_ms, 4 * deviation_ms));
  return Math.min(longest_ms, steady_ms * doubled);
}
