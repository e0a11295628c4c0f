import { Redis } from 'ioredis';

/**
 * Redis channels as doorbells: a message says that something changed, its content is never trusted. A channel is
 * subscribed to while somebody listens. While Redis is away nothing rings; listeners look by themselves now and then, and
 * are rung once it is back.
 */
export class Bells {
  private readonly redis: Redis;
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly heard = new Set<string>();
  private readonly onError: (error: Error) => void;

  constructor(redisUrl: string, onError: (error: Error) => void) {
    this.onError = onError;
    this.redis = new Redis(redisUrl, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 200, 2_000),
      // Subscribed to anew by hand, since what rang meanwhile is known only once the channel is heard again.
      autoResubscribe: false,
      enableOfflineQueue: false,
    });
    this.redis.on('error', onError);
    this.redis.on('message', (channel: string) => this.ring(channel));
    this.redis.on('close', () => this.heard.clear());
    this.redis.on('ready', () => {
      for (const channel of this.listeners.keys()) this.subscribe(channel);
    });
  }

  /** Whether rings of the channel arrive. */
  isHearing(channel: string): boolean {
    return this.heard.has(channel);
  }

  /** Calls `listener` at each ring of the channel, and once it is heard, until the returned function is called. */
  listen(channel: string, listener: () => void): () => void {
    const known = this.listeners.get(channel);
    const set = known ?? new Set<() => void>();
    set.add(listener);
    if (!known) {
      this.listeners.set(channel, set);
      if (this.redis.status === 'ready') this.subscribe(channel);
    }
    return () => {
      set.delete(listener);
      if (set.size > 0 || this.listeners.get(channel) !== set) return;
      this.listeners.delete(channel);
      if (this.heard.delete(channel)) this.redis.unsubscribe(channel).catch(this.onError);
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    this.redis.disconnect();
  }

  private subscribe(channel: string): void {
    this.redis
      .subscribe(channel)
      .then(() => {
        // Who wanted to hear it may have gone meanwhile.
        if (!this.listeners.has(channel)) return void this.redis.unsubscribe(channel).catch(this.onError);
        this.heard.add(channel);
        this.ring(channel);
      })
      .catch(this.onError);
  }

  private ring(channel: string): void {
    for (const listener of this.listeners.get(channel) ?? []) listener();
  }
}
