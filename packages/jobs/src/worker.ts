import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import {
  definitionOf,
  type JobName,
  type JobPayload,
  jobCatalogue,
  jobNames,
  type QueueName,
  queueNames,
  queues,
} from './catalogue.ts';
import { defaultPrefix, type JobConnection, workerConnection } from './connection.ts';

export interface JobContext {
  /** 1 at the first try. */
  readonly attempt: number;
  /** The last try: a failure now is final. */
  readonly isLast: boolean;
}

/** One handler for every job of the catalogue: a missing one does not compile. Handlers are idempotent. */
export type JobHandlers = {
  readonly [Name in JobName]: (payload: JobPayload<Name>, context: JobContext) => Promise<void>;
};

export interface JobOutcome {
  readonly name: JobName;
  readonly duration_s: number;
  readonly error?: unknown;
}

export interface WorkerSettings extends JobConnection {
  readonly handlers: JobHandlers;
  /** Errors for which another try is useless. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onOutcome: (outcome: JobOutcome) => void;
  /** Connection errors and what the watchdog did about them. */
  readonly onError: (error: Error) => void;
  /** How often the watchdog looks. */
  readonly watch_s?: number;
  /** A job that waits this long while nothing runs means that the loop is dead. */
  readonly stuck_s?: number;
}

export interface QueueState {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  /** Age of the oldest waiting job; 0 where none waits. */
  readonly oldestWaiting_s: number;
}

export interface RunningWorker {
  /** State of every queue, read from Redis. */
  state(): Promise<readonly QueueState[]>;
  /** Waits for active jobs, takes no new ones. */
  close(): Promise<void>;
}

function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobCatalogue, name);
}

async function runJob(job: Job, settings: WorkerSettings): Promise<void> {
  const { name } = job;
  if (!isJobName(name)) throw new UnrecoverableError(`No job ${name} in the catalogue`);
  const parsed = definitionOf(name).payload.safeParse(job.data);
  if (!parsed.success)
    throw new UnrecoverableError(`Payload of ${name} is not valid: ${parsed.error.message}`);
  const handler = settings.handlers[name] as (payload: unknown, context: JobContext) => Promise<void>;
  const started = performance.now();
  const attempt = job.attemptsMade + 1;
  const outcome = (error?: unknown): JobOutcome => ({
    name,
    duration_s: (performance.now() - started) / 1_000,
    ...(error === undefined ? {} : { error }),
  });
  try {
    await handler(parsed.data, { attempt, isLast: attempt >= (job.opts.attempts ?? 1) });
    settings.onOutcome(outcome());
  } catch (error) {
    settings.onOutcome(outcome(error));
    if (settings.isFinal(error))
      throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function schedule(queue: Queue): Promise<void> {
  for (const name of jobNames) {
    const definition = definitionOf(name);
    if (definition.queue !== queue.name || !definition.schedule) continue;
    const { schedule: when } = definition;
    await queue.upsertJobScheduler(
      name,
      when.kind === 'every' ? { every: when.every_s * 1_000 } : { pattern: when.pattern, tz: 'UTC' },
      {
        name,
        data: {},
        opts: {
          attempts: definition.attempts,
          removeOnComplete: { count: 50 },
          removeOnFail: { count: 200 },
        },
      },
    );
  }
}

const scheduledIn = (queue: QueueName): number =>
  jobNames.filter((name) => definitionOf(name).queue === queue && definitionOf(name).schedule).length;

async function stateOf(queue: Queue): Promise<QueueState> {
  const counts = await queue.getJobCounts('waiting', 'active', 'failed');
  const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
  return {
    queue: queue.name as QueueName,
    waiting: counts.waiting ?? 0,
    active: counts.active ?? 0,
    failed: counts.failed ?? 0,
    oldestWaiting_s: oldest ? Math.max(0, (Date.now() - oldest.timestamp) / 1_000) : 0,
  };
}

/**
 * Starts one loop per queue and the regular runs, and watches both: schedules that vanished with Redis's memory
 * are put back, and a loop that takes nothing although jobs wait is replaced.
 */
export function startWorker(settings: WorkerSettings): RunningWorker {
  const { redisUrl, prefix = defaultPrefix, watch_s = 10, stuck_s = 60 } = settings;
  const connection = workerConnection(redisUrl);
  const workers = new Map<QueueName, Worker>();
  const ends = new Map<QueueName, Queue>();
  let closing = false;

  const start = (name: QueueName): void => {
    const worker = new Worker(name, (job) => runJob(job, settings), {
      connection,
      prefix,
      concurrency: queues[name].concurrency,
      lockDuration: 60_000,
      maxStalledCount: 3,
    });
    worker.on('error', settings.onError);
    workers.set(name, worker);
  };
  for (const name of queueNames) {
    const queue = new Queue(name, { connection, prefix });
    queue.on('error', settings.onError);
    ends.set(name, queue);
    start(name);
  }

  const watch = async (): Promise<void> => {
    for (const [name, queue] of ends) {
      if (closing) return;
      if ((await queue.getJobSchedulersCount()) < scheduledIn(name)) await schedule(queue);
      const state = await stateOf(queue);
      if (state.active > 0 || state.oldestWaiting_s < stuck_s) continue;
      settings.onError(
        new Error(
          `Queue ${name} took nothing for ${Math.round(state.oldestWaiting_s)} s; its loop is replaced`,
        ),
      );
      await workers.get(name)?.close(true);
      if (!closing) start(name);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const report = (error: unknown): void =>
    settings.onError(error instanceof Error ? error : new Error(String(error)));
  const tick = (): void => {
    watch()
      .catch(report)
      .finally(() => {
        if (!closing) timer = setTimeout(tick, watch_s * 1_000);
      });
  };
  // Every start writes the schedules of this version, whatever an older one left behind.
  Promise.all([...ends.values()].map(schedule))
    .catch(report)
    .finally(tick);

  return {
    state: () => Promise.all([...ends.values()].map(stateOf)),
    close: async () => {
      closing = true;
      clearTimeout(timer);
      await Promise.allSettled([...workers.values()].map((worker) => worker.close()));
      await Promise.allSettled([...ends.values()].map((queue) => queue.close()));
    },
  };
}
