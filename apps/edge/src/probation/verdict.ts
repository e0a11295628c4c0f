import type { ReturnReason } from '@wattproof/contracts/mqtt';
import type { ProbationRecord } from './record.ts';

/** What the gateway sees of a configuration on probation. Times since it began to read by it, in this process. */
export interface Observation {
  readonly elapsed_ms: number;
  /** Time left of the probation. */
  readonly left_ms: number;
  /** Meters that have been read since. */
  readonly answered: ReadonlySet<string>;
  readonly isConnected: boolean;
  /** Whether readings taken since have been committed in the cloud. */
  readonly isDelivering: boolean;
}

export type Verdict =
  | { readonly kind: 'wait' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'return'; readonly reason: ReturnReason; readonly message: string };

/** A process that dies on a configuration is started again; the third time it is the configuration's fault. */
export const mostStarts = 3;
/** Every device is asked at least twice before a configuration is kept. */
const shortest_periods = 2;
const longest = { least_ms: 60_000, periods: 6 } as const;
/** Keys named in a message; the cloud knows the rest. */
const namedMost = 20;

/** How long a configuration has to prove itself, where it does not say: six cycles, at least a minute. */
export const longestProbation_ms = (pollPeriod_ms: number): number =>
  Math.max(longest.least_ms, longest.periods * pollPeriod_ms);

/**
 * Whether a configuration has proved itself: every device that answered before answers, what they said arrives in the
 * cloud, and the broker is reachable. Devices that never answered are no reason to return: they may not be wired yet.
 */
export function judge(
  { expected, starts, candidate }: ProbationRecord,
  { elapsed_ms, left_ms, answered, isConnected, isDelivering }: Observation,
): Verdict {
  if (starts > mostStarts)
    return {
      kind: 'return',
      reason: 'restarted',
      message: `the gateway ended ${starts - 1} times while it read by this configuration`,
    };
  const silent = expected.filter((key) => !answered.has(key));
  const isFlowing = expected.length === 0 || isDelivering;
  if (silent.length === 0 && isFlowing && isConnected)
    return elapsed_ms >= shortest_periods * candidate.pollPeriod_s * 1000
      ? { kind: 'keep' }
      : { kind: 'wait' };
  if (left_ms > 0) return { kind: 'wait' };
  if (silent.length > 0)
    return {
      kind: 'return',
      reason: 'devicesSilent',
      message: `answered before and not any more: ${silent.slice(0, namedMost).join(', ')}${
        silent.length > namedMost ? ` and ${silent.length - namedMost} more` : ''
      }`,
    };
  return isConnected
    ? { kind: 'return', reason: 'noReadings', message: 'readings were taken, but none arrived in the cloud' }
    : { kind: 'return', reason: 'brokerLost', message: 'the broker could not be reached any more' };
}
