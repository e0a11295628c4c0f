import { Redis } from 'ioredis';

/**
 * Redis channels as doorbells: a message says that something changed, its content is never trusted. A channel is
 * subscribed to while somebody listens. While Redis is away nothing rings; listeners look by themselves now and then.
 */
export class Bells {
  private readonly redis: Redis;
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(redisUrl: string, onError: (error: Error) => void) {
    this.redis = new Redis(redisUrl, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 200, 2_000),
      autoResubscribe: true,
    });
    this.redis.on('error', onError);
    this.redis.on('message', (channel: string) => {
      for (const listener of this.listeners.get(channel) ?? []) listener();
    });
    this.onError = onError;
  }
  private readonly onError: (error: Error) => void;

  /** Calls `listener` at each ring of the channel until the returned function is called. */
  listen(channel: string, listener: () => void): () => void {
    const known = this.listeners.get(channel);
    const set = known ?? new Set<() => void>();
    set.add(listener);
    if (!known) {
      this.listeners.set(channel, set);
      this.redis.subscribe(channel).catch(this.onError);
    }
    return () => {
      set.delete(listener);
      if (set.size > 0 || this.listeners.get(channel) !== set) return;
      this.listeners.delete(channel);
      this.redis.unsubscribe(channel).catch(this.onError);
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    this.redis.disconnect();
  }
}
