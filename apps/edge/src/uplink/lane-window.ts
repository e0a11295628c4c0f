/**
 * What of one lane has been published and not yet acknowledged by ingestion. Batches go out in order; what stays without
 * progress is sent again from the oldest, ever more rarely, so that a long silence of ingestion does not fill the
 * broker with copies.
 */
export interface LaneWindow {
  /** Highest sequence published in this round. */
  readonly publishedUpTo: number;
  /** Highest sequence acknowledged. */
  readonly acknowledgedUpTo: number;
  /** When something was last acknowledged, or the round began. */
  readonly progressAt_ms: number;
  readonly silence_ms: number;
}

const firstSilence_ms = 10_000;
const longestSilence_ms = 600_000;

export const newWindow = (now_ms: number): LaneWindow => ({
  publishedUpTo: 0,
  acknowledgedUpTo: 0,
  progressAt_ms: now_ms,
  silence_ms: firstSilence_ms,
});

export const afterPublish = (window: LaneWindow, seq: number, now_ms: number): LaneWindow => ({
  ...window,
  // The wait for progress begins with the first batch that is under way.
  progressAt_ms: window.publishedUpTo <= window.acknowledgedUpTo ? now_ms : window.progressAt_ms,
  publishedUpTo: Math.max(window.publishedUpTo, seq),
});

export const afterAcknowledge = (window: LaneWindow, upTo: number, now_ms: number): LaneWindow => {
  if (upTo <= window.acknowledgedUpTo) return window;
  return {
    publishedUpTo: Math.max(window.publishedUpTo, upTo),
    acknowledgedUpTo: upTo,
    progressAt_ms: now_ms,
    silence_ms: firstSilence_ms,
  };
};

/** The window from which everything is sent again where nothing has moved for too long, else the same window. */
export function afterSilence(window: LaneWindow, now_ms: number): LaneWindow {
  const underWay = window.publishedUpTo > window.acknowledgedUpTo;
  if (!underWay || now_ms - window.progressAt_ms < window.silence_ms) return window;
  return {
    ...window,
    publishedUpTo: window.acknowledgedUpTo,
    progressAt_ms: now_ms,
    silence_ms: Math.min(longestSilence_ms, 2 * window.silence_ms),
  };
}
