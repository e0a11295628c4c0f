import { type Jobs, openJobs } from '@wattproof/jobs';
import type { Logger } from '@wattproof/runtime';
import { Pool } from 'pg';
import type { Environment } from './environment.ts';
import { type Mailer, openMailer } from './mail/mailer.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Notices, openNotices } from './notice.ts';

/** What the handlers work with; one set per process. */
export interface Resources {
  readonly pool: Pool;
  readonly jobs: Jobs;
  readonly notices: Notices;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Opens the keys that sign evidence bundles. */
  readonly secretKey: string;
  /** Null: no mail server is set up. */
  readonly mailer: Mailer | null;
  /** Where people open the portal, without a slash at its end. */
  readonly portalUrl: string;
  close(): Promise<void>;
}

const connections = 8;

export function openResources(env: Environment, logger: Logger): Resources {
  const pool = new Pool({
    connectionString: env.WATTPROOF_DATABASE_URL,
    max: connections,
    application_name: 'wattproof-workers',
    connectionTimeoutMillis: 10_000,
  });
  const report = (message: string) => (error: Error) => logger.warn({ err: error }, message);
  pool.on('error', report('a database connection broke'));
  const jobs = openJobs({ redisUrl: env.WATTPROOF_REDIS_URL, onError: report('could not ring for a job') });
  const notices = openNotices(env.WATTPROOF_REDIS_URL, report('could not publish'));
  const mailer =
    env.WATTPROOF_SMTP_URL === undefined
      ? null
      : openMailer({ smtpUrl: env.WATTPROOF_SMTP_URL, from: env.WATTPROOF_MAIL_FROM });
  return {
    pool,
    jobs,
    notices,
    metrics: createMetrics(),
    logger,
    secretKey: env.WATTPROOF_SECRET_KEY,
    mailer,
    portalUrl: env.WATTPROOF_PORTAL_URL.replace(/\/$/, ''),
    close: async () => {
      notices.close();
      mailer?.close();
      await Promise.allSettled([jobs.close(), pool.end()]);
    },
  };
}
