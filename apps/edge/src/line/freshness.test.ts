import { describe, expect, it } from 'vitest';
import { afterReading, type Freshness, isFrozen, unknownFreshness } from './freshness.ts';

const values = { voltage_l1_n_v: 230.1, current_l1_a: 4, power_factor: 0.9, active_energy_import_wh: 100 };
const over = (polls: number, period_ms: number, of: (n: number) => Partial<typeof values>): Freshness =>
  Array.from({ length: polls }, (_, n) => n).reduce(
    (freshness, n) => afterReading(freshness, of(n), n * period_ms),
    unknownFreshness,
  );
const hour_ms = 3_600_000;

describe('a meter that answers the same for ever', () => {
  it('is stale after thirty polls and an hour, not before', () => {
    expect(
      isFrozen(
        over(61, 60_000, () => values),
        hour_ms,
      ),
    ).toBe(true);
    expect(
      isFrozen(
        over(60, 60_000, () => values),
        hour_ms - 60_000,
      ),
    ).toBe(false);
    expect(
      isFrozen(
        over(20, 300_000, () => values),
        2 * hour_ms,
      ),
    ).toBe(false);
  });

  it('is stale although its counter still counts, and whatever else is read in between', () => {
    const counting = (n: number): Partial<typeof values> =>
      n % 2 ? { active_energy_import_wh: n } : { ...values, active_energy_import_wh: n };
    expect(isFrozen(over(80, 60_000, counting), 80 * 60_000)).toBe(true);
  });

  it('is fresh as soon as one digit moves', () => {
    const moved = over(80, 60_000, (n) => ({ ...values, voltage_l1_n_v: n < 79 ? 230.1 : 230.2 }));
    expect(isFrozen(moved, 80 * 60_000)).toBe(false);
  });

  it('is not judged by counters or by what is 0: a load that is off stands still', () => {
    const off = { ...values, current_l1_a: 0, power_factor: 0 };
    expect(
      isFrozen(
        over(200, 60_000, () => off),
        3 * hour_ms,
      ),
    ).toBe(false);
  });
});
