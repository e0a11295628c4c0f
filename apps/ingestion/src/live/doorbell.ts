import { liveChannel } from '@wattproof/contracts/live';
import { enqueue, openJobs } from '@wattproof/jobs';
import type { Logger } from '@wattproof/runtime';
import { Redis } from 'ioredis';

/** Rings for those who wait for new readings. Redis holds no truth: when it is away they find them by themselves, later. */
export interface Doorbell {
  readonly ring: (sites: ReadonlyMap<string, ReadonlySet<number>>) => void;
  readonly isConnected: () => boolean;
  readonly close: () => Promise<void>;
}

/** The interval queue is woken at most this often. */
const wakeEvery_ms = 1_000;
const closeLimit_ms = 1_000;

export function openDoorbell(redisUrl: string, logger: Logger, onFailure: () => void): Doorbell {
  let isComplaining = false;
  const failed = (error: Error): void => {
    onFailure();
    logger.debug({ err: error }, 'a bell did not ring');
  };
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  redis.on('error', (error) => {
    onFailure();
    if (!isComplaining) logger.warn({ err: error }, 'Redis is away; live views and intervals will be late');
    isComplaining = true;
  });
  redis.on('ready', () => {
    isComplaining = false;
  });
  const jobs = openJobs({ redisUrl, onError: failed });
  let wokenAt_ms = 0;
  let waking: NodeJS.Timeout | undefined;
  const wake = (): void => {
    if (waking) return;
    waking = setTimeout(
      () => {
        waking = undefined;
        wokenAt_ms = Date.now();
        enqueue(jobs, 'rebuildIntervals', {}).catch(failed);
      },
      Math.max(0, wokenAt_ms + wakeEvery_ms - Date.now()),
    );
  };

  return {
    ring: (sites) => {
      for (const [siteId, meterIds] of sites)
        if (meterIds.size > 0 && redis.status === 'ready')
          redis.publish(liveChannel(siteId), JSON.stringify({ meterIds: [...meterIds] })).catch(failed);
      wake();
    },
    isConnected: () => redis.status === 'ready',
    close: async () => {
      clearTimeout(waking);
      redis.disconnect();
      await Promise.race([
        jobs.close(),
        new Promise((resolve) => setTimeout(resolve, closeLimit_ms).unref()),
      ]);
    },
  };
}
