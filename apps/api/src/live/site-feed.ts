import type { LiveEvent } from '@wattproof/contracts/api';
import type { LatestRow } from '@wattproof/database/queries';
import { latestValues, qualityName } from '../meter/meter-view.ts';

/** Readings are committed in bursts: at most one look in this time. */
const shortestPause_ms = 400;
/** Without a bell (Redis away) a look now and then. */
const longestPause_ms = 10_000;

export interface SiteFeedOptions {
  readonly siteId: string;
  readonly read: () => Promise<readonly LatestRow[]>;
  readonly listen: (ring: () => void) => () => void;
  readonly onError: (error: unknown) => void;
}

/** The newest values of one site, read once for all who watch it, and what changed since the last look. */
export class SiteFeed {
  private readonly watchers = new Set<(event: LiveEvent) => void>();
  private readonly seen = new Map<number, LatestRow>();
  private readonly stopListening: () => void;
  private readonly timer: NodeJS.Timeout;
  private readonly options: SiteFeedOptions;
  private pending: NodeJS.Timeout | undefined;
  private reading = false;
  private rungWhileReading = false;
  private lastLook_ms = 0;

  constructor(options: SiteFeedOptions) {
    this.options = options;
    this.stopListening = options.listen(() => this.ring());
    this.timer = setInterval(() => this.ring(), longestPause_ms);
    this.ring();
  }

  get isWatched(): boolean {
    return this.watchers.size > 0;
  }

  /** Tells the state so far at once and every change until the returned function is called. */
  watch(watcher: (event: LiveEvent) => void): () => void {
    this.watchers.add(watcher);
    if (this.seen.size > 0) watcher(eventOf(this.options.siteId, [...this.seen.values()]));
    return () => this.watchers.delete(watcher);
  }

  stop(): void {
    this.stopListening();
    clearInterval(this.timer);
    clearTimeout(this.pending);
    this.watchers.clear();
  }

  private ring(): void {
    if (this.reading) this.rungWhileReading = true;
    else
      this.pending ??= setTimeout(
        () => void this.look(),
        Math.max(0, this.lastLook_ms + shortestPause_ms - Date.now()),
      );
  }

  private async look(): Promise<void> {
    this.pending = undefined;
    this.reading = true;
    this.lastLook_ms = Date.now();
    try {
      const changed = (await this.options.read()).filter((row) => this.isNew(row));
      for (const row of changed) this.seen.set(row.meterId, row);
      if (changed.length > 0)
        for (const watcher of this.watchers) watcher(eventOf(this.options.siteId, changed));
    } catch (error) {
      // Recovery: the next bell or the timer looks again.
      this.options.onError(error);
    } finally {
      this.reading = false;
      if (this.rungWhileReading) {
        this.rungWhileReading = false;
        this.ring();
      }
    }
  }

  private isNew(row: LatestRow): boolean {
    const known = this.seen.get(row.meterId);
    return (
      !known ||
      known.at.getTime() !== row.at.getTime() ||
      known.receivedAt.getTime() !== row.receivedAt.getTime()
    );
  }
}

const eventOf = (siteId: string, rows: readonly LatestRow[]): LiveEvent => ({
  siteId,
  meters: rows.map((row) => ({
    meterId: row.meterId,
    at: row.at.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    quality: qualityName(row.quality),
    values: Object.fromEntries(Object.entries(latestValues(row)).map(([name, [value]]) => [name, value])),
  })),
});
