import { Queue } from 'bullmq';
import {
  deduplicationKey,
  definitionOf,
  type JobName,
  type JobPayload,
  jobCatalogue,
  type QueueName,
  queueNames,
} from './catalogue.ts';
import { defaultPrefix, type JobConnection, ringerConnection } from './connection.ts';

export interface JobsOptions extends JobConnection {
  /** Told about everything that went wrong between here and Redis. */
  readonly onError: (error: Error) => void;
}

/** The open end of every queue, for processes that ring. */
export interface Jobs {
  readonly queues: ReadonlyMap<QueueName, Queue>;
  readonly onError: (error: Error) => void;
  close(): Promise<void>;
}

export function openJobs({ redisUrl, prefix = defaultPrefix, onError }: JobsOptions): Jobs {
  const opened = new Map<QueueName, Queue>();
  for (const name of queueNames) {
    const queue = new Queue(name, {
      connection: ringerConnection(redisUrl),
      prefix,
      skipWaitingForReady: true,
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
    close: async () => {
      await Promise.allSettled([...opened.values()].map((queue) => queue.close()));
    },
  };
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
    await queue.add(name, parsed, {
      attempts: definition.attempts,
      ...(definition.backoff_s
        ? { backoff: { type: 'exponential', delay: definition.backoff_s * 1_000 } }
        : {}),
      deduplication: { id: deduplicationKey(name, parsed), keepLastIfActive: true },
    });
    return true;
  } catch (error) {
    jobs.onError(error instanceof Error ? error : new Error(String(error)));
    return false;
  }
}
