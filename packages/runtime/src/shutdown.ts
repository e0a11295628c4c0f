import type { Logger } from './logger.ts';

export interface ShutdownOptions {
  readonly logger: Logger;
  /** Longest time for all of `stop`; afterwards the process ends with code 1. */
  readonly limit_s?: number;
}

/**
 * Runs `stop` once on SIGTERM or SIGINT, or when the parent that started this process through an IPC channel
 * disappears, then ends the process: code 0 when it stopped in time, 1 when it failed or took too long.
 */
export function onShutdown(stop: () => Promise<void>, { logger, limit_s = 10 }: ShutdownOptions): void {
  let stopping = false;
  const run = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    const timer = setTimeout(() => {
      logger.error({ limit_s }, 'did not stop in time');
      process.exit(1);
    }, limit_s * 1000);
    stop().then(
      () => {
        clearTimeout(timer);
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'failed while stopping');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => run('SIGTERM'));
  process.once('SIGINT', () => run('SIGINT'));
  process.once('disconnect', () => run('parent gone'));
}
