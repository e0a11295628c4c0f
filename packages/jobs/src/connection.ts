import type { RedisOptions } from 'bullmq';

export interface JobConnection {
  readonly redisUrl: string;
  /** Namespace of the keys in Redis. */
  readonly prefix?: string;
}
export const defaultPrefix = 'wattproof';

/** Wait before the next attempt to reach Redis. */
export const retryDelay_ms = (times: number): number => Math.min(times * 200, 2_000);

/** Workers wait for Redis as long as it takes: losing it costs latency only. */
export const workerConnection = (redisUrl: string): RedisOptions => ({
  url: redisUrl,
  maxRetriesPerRequest: null,
  retryStrategy: retryDelay_ms,
});
