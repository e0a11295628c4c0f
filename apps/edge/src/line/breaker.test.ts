import { describe, expect, it } from 'vitest';
import { afterTimeout, type Breaker, closedBreaker, earned, isOpen, openBudget, spent } from './breaker.ts';

const half = { random: 0.5 };

describe('breaker', () => {
  it('opens at the second timeout in a row and probes after 5, 10, 20 … s, at most 300', () => {
    let breaker = afterTimeout(closedBreaker, 0, half);
    expect(isOpen(breaker)).toBe(false);
    const pauses: number[] = [];
    for (let n = 0; n < 8; n++) {
      breaker = afterTimeout(breaker, 1000, half);
      pauses.push((breaker.probeAt_ms ?? 0) - 1000);
    }
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  it('opens at once for a device that has never answered', () => {
    expect(isOpen(afterTimeout(closedBreaker, 0, { ...half, atOnce: true }))).toBe(true);
  });

  it('spreads probes by a tenth', () => {
    const open: Breaker = { timeouts: 1, pause_ms: 0 };
    expect(afterTimeout(open, 0, { random: 0 }).probeAt_ms).toBe(4500);
    expect(afterTimeout(open, 0, { random: 1 }).probeAt_ms).toBeCloseTo(5500);
  });
});

describe('loss budget', () => {
  it('lets dead devices take at most 5 % of the time in the long run', () => {
    let budget = openBudget(0);
    let lost_ms = 0;
    const probe_ms = 450;
    for (let now_ms = 0; now_ms < 3_600_000; now_ms += 1000) {
      budget = earned(budget, now_ms);
      while (budget.account_ms > 0) {
        budget = spent(budget, probe_ms);
        lost_ms += probe_ms;
      }
    }
    expect(lost_ms / 3_600_000).toBeLessThan(0.0515);
    expect(lost_ms / 3_600_000).toBeGreaterThan(0.045);
  });

  it('does not save up more than a few probes, and a clock set back earns nothing', () => {
    const budget = spent(openBudget(0), 10_000);
    expect(earned(budget, 86_400_000).account_ms).toBe(3000);
    expect(earned({ account_ms: 0, at_ms: 1000 }, 0)).toEqual({ account_ms: 0, at_ms: 0 });
  });
});
