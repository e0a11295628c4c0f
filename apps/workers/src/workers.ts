import { type RunningWorker, startWorker } from '@wattproof/jobs';
import { AppError, type ErrorCode, type Logger } from '@wattproof/runtime';
import type { Environment } from './environment.ts';
import { createHandlers } from './handlers.ts';
import { observeQueues } from './metrics.ts';
import { openResources, type Resources } from './resources.ts';
import { startStatusServer } from './status-server.ts';

/** Expected failures that another try can overcome. */
const passing: readonly ErrorCode[] = ['notReady', 'dependencyUnavailable', 'tooManyRequests'];
const isFinal = (error: unknown): boolean => error instanceof AppError && !passing.includes(error.code);
/** Longest wait for Redis when it is asked about its queues. */
const stateLimit_ms = 2_000;
/** Longest wait for jobs under way; they are taken up again by the next worker. */
const stopLimit_ms = 8_000;

export interface Workers {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the loops, the schedules, health and metrics. */
export async function startWorkers(env: Environment, logger: Logger): Promise<Workers> {
  const resources = openResources(env, logger);
  const { metrics } = resources;
  let isCutOff = false;
  const worker = startWorker({
    redisUrl: env.WATTPROOF_REDIS_URL,
    handlers: createHandlers(resources),
    isFinal,
    onOutcome: ({ name, duration_s, error }) => {
      metrics.job_s.observe({ job: name }, duration_s);
      if (error === undefined) return;
      if (isCutOff) {
        logger.info({ job: name, duration_s }, 'a job was cut off by the stop of the workers; it runs again');
        return;
      }
      metrics.jobFailures.inc({ job: name });
      logger.error({ err: error, job: name, duration_s }, 'a job failed');
    },
    onError: (error) => logger.warn({ err: error }, 'queue trouble'),
  });
  const status = await startStatusServer(env.WATTPROOF_PORT, statusSource(resources, worker), (error) =>
    logger.error({ err: error }, 'could not tell the status'),
  );
  logger.info({ port: status.port }, 'workers are running');
  return {
    port: status.port,
    stop: async () => {
      await status.close();
      await within(worker.close(), stopLimit_ms);
      isCutOff = true;
      await within(resources.close(), 1_000);
    },
  };
}

function statusSource(resources: Resources, worker: RunningWorker): Parameters<typeof startStatusServer>[1] {
  const { pool, notices, metrics, logger } = resources;
  return {
    metrics,
    health: async () => {
      const database = await pool.query('SELECT 1').then(
        () => true,
        (error: unknown) => {
          logger.warn({ err: error }, 'the database does not answer');
          return false;
        },
      );
      return { ok: database, parts: { database, redis: notices.isConnected() } };
    },
    refresh: async () => {
      if (!notices.isConnected()) return;
      const states = await within(worker.state(), stateLimit_ms);
      if (states) observeQueues(metrics, states);
    },
  };
}

/** The result, or undefined where it takes longer. */
async function within<T>(work: Promise<T>, limit_ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limit_ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
