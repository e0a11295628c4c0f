import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { liveChannel } from '@wattproof/contracts/live';
import { findSite, listMeters, readLatest, type Scope } from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import { Resources } from '../resources.ts';
import { SiteFeed } from './site-feed.ts';

@Injectable()
export class LiveService implements OnModuleDestroy {
  private readonly feeds = new Map<string, SiteFeed>();

  constructor(private readonly resources: Resources) {}

  async stream(scope: Scope, siteId: string, response: Response): Promise<void> {
    const { database, streams } = this.resources;
    const site = await database.readOrganisation(scope.organisationId, (client) =>
      findSite(client, scope, siteId),
    );
    if (!site) throw new AppError('notFound', `There is no site ${siteId}`);
    if (streams.isFull) throw new AppError('notReady', 'Too many streams are open');
    const stream = streams.start(response);
    const feed = this.feedOf(scope, siteId);
    const unwatch = feed.watch((event) => stream.send('latest', event));
    stream.onEnd(() => {
      unwatch();
      if (feed.isWatched || this.feeds.get(siteId) !== feed) return;
      this.feeds.delete(siteId);
      feed.stop();
    });
  }

  onModuleDestroy(): void {
    for (const feed of this.feeds.values()) feed.stop();
    this.feeds.clear();
  }

  private feedOf(scope: Scope, siteId: string): SiteFeed {
    const known = this.feeds.get(siteId);
    if (known) return known;
    const { database, bells, logger } = this.resources;
    // The feed is the site's, whoever watches: only callers whose scope has the site get here.
    const wholeSite: Scope = { organisationId: scope.organisationId, siteIds: null };
    const feed = new SiteFeed({
      siteId,
      read: () =>
        database.readOrganisation(scope.organisationId, async (client) => {
          const meters = await listMeters(client, wholeSite, { siteId });
          return readLatest(
            client,
            wholeSite,
            meters.map((m) => m.id),
          );
        }),
      listen: (ring) => bells.listen(liveChannel(siteId), ring),
      onError: (error) => logger.warn({ err: error, siteId }, 'could not read live values'),
    });
    this.feeds.set(siteId, feed);
    return feed;
  }
}
