import { type Database, openDatabase } from '@wattproof/database/queries';
import { type Jobs, openJobs } from '@wattproof/jobs';
import type { Logger } from '@wattproof/runtime';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { ApiKeyDirectory } from './access/api-key-directory.ts';
import { type Auth, openAuth } from './access/auth.ts';
import { CommandDesk } from './command/command-desk.ts';
import { settleConfigurations } from './configuration/settlement.ts';
import type { Env } from './env.ts';
import { Broker } from './gateway/broker.ts';
import { DownPath } from './gateway/down-path.ts';
import { EventStreams } from './http/event-streams.ts';
import { RateLimits, type RateLimitsOptions } from './http/rate-limit.ts';
import { Bells } from './live/bells.ts';

/** What the API holds open: connections, queues, streams. Made before Nest and closed after it. */
export class Resources {
  constructor(
    readonly env: Env,
    readonly logger: Logger,
    readonly database: Database,
    readonly authPool: Pool,
    readonly redis: Redis,
    readonly jobs: Jobs,
    readonly bells: Bells,
    readonly streams: EventStreams,
    readonly rateLimits: RateLimits,
    readonly apiKeys: ApiKeyDirectory,
    readonly auth: Auth,
    readonly broker: Broker,
    readonly downPath: DownPath,
    readonly commandDesk: CommandDesk,
  ) {}

  async close(): Promise<void> {
    this.streams.closeAll();
    await this.downPath.stop();
    await this.broker.close();
    this.apiKeys.close();
    await this.bells.close();
    await this.jobs.close();
    this.redis.disconnect();
    await this.database.close();
    await this.authPool.end();
  }
}

export function openResources(env: Env, logger: Logger, rates: RateLimitsOptions = {}): Resources {
  const onError = (what: string) => (error: Error) => logger.warn({ err: error }, what);
  const database = openDatabase({
    url: env.WATTPROOF_DATABASE_URL,
    applicationName: 'wattproof-api',
    connections: 12,
    onError: onError('lost a database connection'),
  });
  const authPool = new Pool({
    connectionString: env.WATTPROOF_AUTH_DATABASE_URL,
    application_name: 'wattproof-auth',
    max: 4,
    connectionTimeoutMillis: 10_000,
  });
  authPool.on('error', onError('lost a sign-in database connection'));
  // Without Redis a command fails at once and its caller goes on without it.
  const redis = new Redis(env.WATTPROOF_REDIS_URL, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1_000,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  });
  redis.on('error', onError('Redis is away'));
  const rateLimits = new RateLimits(redis, rates);
  const bells = new Bells(env.WATTPROOF_REDIS_URL, onError('Redis subscriptions are away'));
  const broker = new Broker({
    url: env.WATTPROOF_MQTT_URL,
    username: env.WATTPROOF_MQTT_USERNAME,
    password: env.WATTPROOF_MQTT_PASSWORD,
    logger,
  });
  return new Resources(
    env,
    logger,
    database,
    authPool,
    redis,
    openJobs({ redisUrl: env.WATTPROOF_REDIS_URL, onError: onError('could not ring for a job') }),
    bells,
    new EventStreams(),
    rateLimits,
    new ApiKeyDirectory({ database, redis, bells, logger }),
    openAuth({ env, pool: authPool, rateLimits, logger }),
    broker,
    new DownPath({
      database,
      broker,
      secretKey: env.WATTPROOF_SECRET_KEY,
      logger,
      before: () => settleConfigurations(database, logger),
    }),
    new CommandDesk(broker, logger),
  );
}
