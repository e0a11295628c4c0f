/** Whether a device is asked, and when again: after two timeouts in a row it is only probed, ever more rarely. */
export interface Breaker {
  readonly timeouts: number;
  /** Set while open: the next probe is not before this instant. */
  readonly probeAt_ms?: number;
  readonly pause_ms: number;
}

export const closedBreaker: Breaker = { timeouts: 0, pause_ms: 0 };
const openAfter = 2;
const firstPause_ms = 5000;
const longestPause_ms = 300_000;

export const isOpen = (breaker: Breaker): boolean => breaker.probeAt_ms !== undefined;

/**
 * The breaker after an unanswered request. `random` is 0 to 1 and spreads probes by ± 10 %; `atOnce` opens it at the first
 * timeout: a device that has never answered may not be there.
 */
export function afterTimeout(
  breaker: Breaker,
  now_ms: number,
  { random = Math.random(), atOnce = false }: { readonly random?: number; readonly atOnce?: boolean } = {},
): Breaker {
  const timeouts = breaker.timeouts + 1;
  if (timeouts < openAfter && !atOnce) return { ...breaker, timeouts };
  const pause_ms = breaker.pause_ms === 0 ? firstPause_ms : Math.min(longestPause_ms, 2 * breaker.pause_ms);
  return { timeouts, pause_ms, probeAt_ms: now_ms + pause_ms * (0.9 + 0.2 * random) };
}

/**
 * Share of a line's time that may go to devices that do not answer. Time is earned as it passes and spent by every
 * timeout; a probe waits until the account is positive. First timeouts are never refused and may overdraw it.
 */
export interface LossBudget {
  readonly account_ms: number;
  readonly at_ms: number;
}

const lossShare = 0.05;
const fullAccount_ms = 3000;

export const openBudget = (now_ms: number): LossBudget => ({ account_ms: fullAccount_ms, at_ms: now_ms });
export const earned = (budget: LossBudget, now_ms: number): LossBudget => ({
  account_ms: Math.min(fullAccount_ms, budget.account_ms + lossShare * Math.max(0, now_ms - budget.at_ms)),
  at_ms: now_ms,
});
export const spent = (budget: LossBudget, loss_ms: number): LossBudget => ({
  ...budget,
  account_ms: budget.account_ms - loss_ms,
});
