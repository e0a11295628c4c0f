import { type Database, findApiKey, type StoredApiKey } from '@wattproof/database/queries';
import type { Logger } from '@wattproof/runtime';
import type { Redis } from 'ioredis';
import type { Bells } from '../live/bells.ts';

/** A key is looked up again after so long, whatever was heard: the longest that a revocation can go unnoticed. */
const lifetime_ms = 30_000;
const mostKept = 10_000;
/** Rings when keys were revoked. */
const channel = 'api-key';

export interface ApiKeyDirectoryOptions {
  readonly database: Database;
  readonly redis: Redis;
  readonly bells: Bells;
  readonly logger: Logger;
}

/**
 * Keys by prefix, kept for a moment: a program that asks a thousand times a minute costs no thousand look-ups. A revocation
 * empties it in every process that hears the bell; while bells are not heard nothing is kept.
 */
export class ApiKeyDirectory {
  private readonly known = new Map<string, { readonly key: StoredApiKey; readonly until_ms: number }>();
  private readonly options: ApiKeyDirectoryOptions;
  private readonly stopListening: () => void;
  /** Counts the rings: what was read before one is not kept after it. */
  private rings = 0;

  constructor(options: ApiKeyDirectoryOptions) {
    this.options = options;
    this.stopListening = options.bells.listen(channel, () => this.forgetAll());
  }

  /** The stored key of that prefix; whether its secret fits and it is still in force is the caller's to judge. */
  async find(prefix: string): Promise<StoredApiKey | undefined> {
    const now_ms = Date.now();
    const entry = this.known.get(prefix);
    if (entry && entry.until_ms > now_ms && this.options.bells.isHearing(channel)) return entry.key;
    const { rings } = this;
    const key = await findApiKey(this.options.database, prefix);
    this.known.delete(prefix);
    if (key && rings === this.rings && this.options.bells.isHearing(channel)) {
      this.known.set(prefix, { key, until_ms: now_ms + lifetime_ms });
      const oldest = this.known.keys().next();
      if (this.known.size > mostKept && !oldest.done) this.known.delete(oldest.value);
    }
    return key;
  }

  /** Tells every process, this one first, that keys were revoked. To be called once that is committed. */
  async announceRevocation(): Promise<void> {
    this.forgetAll();
    try {
      await this.options.redis.publish(channel, '');
    } catch (error) {
      // Recovery: processes that hear no bells keep no keys, and the others look again within the lifetime.
      this.options.logger.warn({ err: error }, 'could not ring for a revoked key');
    }
  }

  close(): void {
    this.stopListening();
  }

  private forgetAll(): void {
    this.rings++;
    this.known.clear();
  }
}
