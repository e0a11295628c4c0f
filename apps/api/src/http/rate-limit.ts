import type { Redis } from 'ioredis';

export interface RateLimit {
  readonly max: number;
  readonly window_s: number;
  /**
   * Places that a process takes from the shared count at once; default 1. No more than `max` are let through in any case;
   * a place that a process took and did not use is lost to the others until the window ends.
   */
  readonly lease?: number;
}
export interface RateVerdict {
  readonly allowed: boolean;
  readonly retryAfter_s: number;
}

// Takes places and starts the window with the first, in one step: two requests never both see the last place.
const countScript = `
local n = redis.call('INCRBY', KEYS[1], ARGV[2])
if n == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('PTTL', KEYS[1])}`;

const memoryLimit = 10_000;

export interface RateLimitsOptions {
  /** Begins the keys in Redis: who shares it shares the counts. */
  readonly prefix?: string;
  readonly now?: () => number;
}

/**
 * Requests by key and window. Counted in Redis, so that all API processes share the count; while Redis is away each process
 * counts for itself, so that a lost Redis neither locks people out nor opens the door to guessing.
 */
export class RateLimits {
  private readonly counts = new Map<string, { n: number; until_ms: number }>();
  /** Places taken from the shared count and not used yet. */
  private readonly leases = new Map<string, { left: number; until_ms: number }>();
  private readonly redis: Redis;
  private readonly now: () => number;

  private readonly prefix: string;

  constructor(redis: Redis, { prefix = 'rate', now = Date.now }: RateLimitsOptions = {}) {
    this.redis = redis;
    this.prefix = prefix;
    this.now = now;
  }

  async count(key: string, { max, window_s, lease = 1 }: RateLimit): Promise<RateVerdict> {
    const name = `${this.prefix}:${key}`;
    const known = this.leases.get(name);
    const now = this.now();
    if (known && known.until_ms > now && known.left !== 0) {
      // Once the shared count is full, it stays so until the window ends: nobody needs to be asked.
      if (known.left > 0) known.left -= 1;
      return verdictOf(known.left >= 0, known.until_ms - now);
    }
    const [n, rest_ms] = await this.countShared(name, window_s * 1_000, lease);
    const granted = Math.min(lease, max - (n - lease));
    if (lease > 1) this.keepLease(name, granted, now + rest_ms);
    return verdictOf(granted > 0, rest_ms);
  }

  private keepLease(name: string, granted: number, until_ms: number): void {
    const known = this.leases.get(name);
    const left = known && known.until_ms > this.now() ? Math.max(0, known.left) : 0;
    this.leases.delete(name);
    this.leases.set(name, { left: granted > 0 ? left + granted - 1 : left > 0 ? left : full, until_ms });
    const oldest = this.leases.keys().next();
    if (this.leases.size > memoryLimit && !oldest.done) this.leases.delete(oldest.value);
  }

  /** Begins anew, because what was counted turned out to be right. */
  async forget(key: string): Promise<void> {
    this.counts.delete(`${this.prefix}:${key}`);
    this.leases.delete(`${this.prefix}:${key}`);
    if (this.redis.status !== 'ready') return;
    try {
      await this.redis.del(`${this.prefix}:${key}`);
    } catch (error) {
      // Recovery: the window ends by itself.
      if (this.redis.status === 'ready' && !isTimeout(error)) throw error;
    }
  }

  private async countShared(key: string, window_ms: number, places: number): Promise<[number, number]> {
    if (this.redis.status !== 'ready') return this.countHere(key, window_ms, places);
    try {
      return (await this.redis.eval(countScript, 1, key, window_ms, places)) as [number, number];
    } catch (error) {
      if (this.redis.status === 'ready' && !isTimeout(error)) throw error;
      // Recovery: the connection broke or hangs, which its own listener tells; this process counts for itself.
      return this.countHere(key, window_ms, places);
    }
  }

  private countHere(key: string, window_ms: number, places: number): [number, number] {
    const now = this.now();
    const known = this.counts.get(key);
    const entry = known && known.until_ms > now ? known : { n: 0, until_ms: now + window_ms };
    entry.n += places;
    this.counts.delete(key);
    this.counts.set(key, entry);
    const oldest = this.counts.keys().next();
    if (this.counts.size > memoryLimit && !oldest.done) this.counts.delete(oldest.value);
    return [entry.n, entry.until_ms - now];
  }
}

/** Left of a lease where the shared count is full. */
const full = -1;

const verdictOf = (allowed: boolean, rest_ms: number): RateVerdict => ({
  allowed,
  retryAfter_s: Math.max(1, Math.ceil(rest_ms / 1_000)),
});

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Command timed out';
