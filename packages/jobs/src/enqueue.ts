import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import {
  deduplicationKey,
  definitionOf,
  type JobName,
  type JobPayload,
  jobCatalogue,
  type QueueName,
  queueNames,
} from './catalogue.ts';
import { defaultPrefix, type JobConnection, retryDelay_ms } from './connection.ts';

export interface JobsOptions extends JobConnection {
  /** Told about everything that went wrong between here and Redis. */
  readonly onError: (error: Error) => void;
}

/** The open end of every queue, for processes that ring. */
export interface Jobs {
  readonly queues: ReadonlyMap<QueueName, Queue>;
  readonly onError: (error: Error) => void;
  /** Resolves when Redis can be asked; rejects where it cannot within a short time. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Whoever rings must not hang: after this the sweepers find the work. */
const ringLimit_ms = 2_000;

export function openJobs({ redisUrl, prefix = defaultPrefix, onError }: JobsOptions): Jobs {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy: retryDelay_ms });
  redis.on('error', onError);
  const opened = new Map<QueueName, Queue>();
  for (const name of queueNames) {
    const queue = new Queue(name, {
      connection: redis,
      prefix,
      defaultJobOptions: {
        removeOnComplete: { count: 200, age: 86_400 },
        removeOnFail: { count: 1_000, age: 7 * 86_400 },
      },
    });
    queue.on('error', onError);
    opened.set(name, queue);
  }
  return {
    queues: opened,
    onError,
    ready: () => whenReady(redis),
    close: async () => {
      await Promise.allSettled([...opened.values()].map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  let listener = (): void => {};
  const ready = new Promise<void>((resolve) => {
    listener = resolve;
    redis.once('ready', listener);
  });
  try {
    await within(ready, 'Redis is away');
  } finally {
    redis.off('ready', listener);
  }
}

async function within<T>(work: Promise<T>, failure: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(failure)), ringLimit_ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Rings for a job. True where Redis took it; false where Redis is away, which is reported to `onError` and costs
 * latency only: the sweepers find the work in the tables.
 * @throws ZodError where the payload is not the job's.
 */
export async function enqueue<Name extends JobName>(
  jobs: Jobs,
  name: Name,
  payload: JobPayload<Name>,
): Promise<boolean> {
  const definition = definitionOf(name);
  const parsed = jobCatalogue[name].payload.parse(payload);
  const queue = jobs.queues.get(definition.queue);
  if (!queue) throw new Error(`Queue ${definition.queue} is not open`);
  try {
    // Nothing is queued up for a Redis that is away: its return would bring a crowd of old rings.
    await jobs.ready();
    const added = queue.add(name, parsed, {
      attempts: definition.attempts,
      ...(definition.backoff_s
        ? { backoff: { type: 'exponential', delay: definition.backoff_s * 1_000 } }
        : {}),
      deduplication: { id: deduplicationKey(name, parsed), keepLastIfActive: true },
    });
    await within(added, 'Redis did not take the job in time');
    return true;
  } catch (error) {
    jobs.onError(error instanceof Error ? error : new Error(String(error)));
    return false;
  }
}
