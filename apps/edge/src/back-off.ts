export interface BackOffLimits {
  readonly first_ms: number;
  readonly longest_ms: number;
}

/**
 * Pause before attempt `attempt` (from 0): doubled each time up to a limit, of which a random half to whole is taken,
 * so that gateways that lost their broker together do not come back together.
 */
export function backOff_ms(
  attempt: number,
  { first_ms, longest_ms }: BackOffLimits,
  random = Math.random(),
): number {
  const whole = Math.min(longest_ms, first_ms * 2 ** Math.min(attempt, 30));
  return whole * (0.5 + 0.5 * random);
}
