import { liveChannel } from '@wattproof/contracts/live';
import { type JobNotice, jobChannel } from '@wattproof/jobs';
import { Redis } from 'ioredis';

/** Tells open pages that something changed. Without Redis nothing rings: pages look by themselves now and then. */
export interface Notices {
  jobRunChanged(organisationId: number, jobRunId: string): void;
  siteChanged(siteId: string): void;
  isConnected(): boolean;
  close(): void;
}

export function openNotices(redisUrl: string, onError: (error: Error) => void): Notices {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  redis.on('error', onError);
  const publish = (channel: string, message: object): void => {
    if (redis.status !== 'ready') return;
    redis.publish(channel, JSON.stringify(message)).catch(onError);
  };
  return {
    jobRunChanged: (organisationId, jobRunId) =>
      publish(jobChannel(organisationId), { jobRunId } satisfies JobNotice),
    siteChanged: (siteId) => publish(liveChannel(siteId), { meterIds: [] }),
    isConnected: () => redis.status === 'ready',
    close: () => redis.disconnect(),
  };
}
