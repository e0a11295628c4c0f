import type { Redis } from 'ioredis';

export interface RateLimit {
  readonly max: number;
  readonly window_s: number;
}
export interface RateVerdict {
  readonly allowed: boolean;
  readonly retryAfter_s: number;
}

// Counts one request and starts the window with the first, in one step: two requests never both see the last place.
const countScript = `
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
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
  private readonly redis: Redis;
  private readonly now: () => number;

  private readonly prefix: string;

  constructor(redis: Redis, { prefix = 'rate', now = Date.now }: RateLimitsOptions = {}) {
    this.redis = redis;
    this.prefix = prefix;
    this.now = now;
  }

  async count(key: string, { max, window_s }: RateLimit): Promise<RateVerdict> {
    const [n, rest_ms] = await this.countShared(`${this.prefix}:${key}`, window_s * 1_000);
    return { allowed: n <= max, retryAfter_s: Math.max(1, Math.ceil(rest_ms / 1_000)) };
  }

  /** Begins anew, because what was counted turned out to be right. */
  async forget(key: string): Promise<void> {
    this.counts.delete(`${this.prefix}:${key}`);
    if (this.redis.status !== 'ready') return;
    try {
      await this.redis.del(`${this.prefix}:${key}`);
    } catch (error) {
      // Recovery: the window ends by itself.
      if (this.redis.status === 'ready' && !isTimeout(error)) throw error;
    }
  }

  private async countShared(key: string, window_ms: number): Promise<[number, number]> {
    if (this.redis.status !== 'ready') return this.countHere(key, window_ms);
    try {
      return (await this.redis.eval(countScript, 1, key, window_ms)) as [number, number];
    } catch (error) {
      if (this.redis.status === 'ready' && !isTimeout(error)) throw error;
      // Recovery: the connection broke or hangs, which its own listener tells; this process counts for itself.
      return this.countHere(key, window_ms);
    }
  }

  private countHere(key: string, window_ms: number): [number, number] {
    const now = this.now();
    const known = this.counts.get(key);
    const entry = known && known.until_ms > now ? known : { n: 0, until_ms: now + window_ms };
    entry.n += 1;
    this.counts.delete(key);
    this.counts.set(key, entry);
    const oldest = this.counts.keys().next();
    if (this.counts.size > memoryLimit && !oldest.done) this.counts.delete(oldest.value);
    return [entry.n, entry.until_ms - now];
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Command timed out';
