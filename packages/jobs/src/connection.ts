import type { RedisOptions } from 'bullmq';

export interface JobConnection {
  readonly redisUrl: string;
  /** Namespace of the keys in Redis. */
  readonly prefix?: string;
}
export const defaultPrefix = 'wattproof';

/** Workers wait for Redis as long as it takes: losing it costs latency only. */
export const workerConnection = (redisUrl: string): RedisOptions => ({
  url: redisUrl,
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(times * 200, 2_000),
});

/** Whoever rings must not hang: without Redis the call fails at once and the sweeper finds the work. */
export const ringerConnection = (redisUrl: string): RedisOptions => ({
  url: redisUrl,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 2_000,
  retryStrategy: (times: number) => Math.min(times * 200, 2_000),
});
