import { Injectable } from '@nestjs/common';
import { Resources } from '../resources.ts';
import type { Health } from './health.controller.ts';

@Injectable()
export class HealthService {
  constructor(private readonly resources: Resources) {}

  async check(): Promise<Health> {
    const { database, redis, logger, broker } = this.resources;
    const isDatabaseUp = await database.unscoped.query('SELECT 1').then(
      () => true,
      (error: unknown) => {
        logger.warn({ err: error }, 'the database does not answer');
        return false;
      },
    );
    const isRedisUp = redis.status === 'ready';
    const isBrokerUp = broker.isConnected;
    const state = (up: boolean) => (up ? 'up' : 'down');
    return {
      status: isDatabaseUp ? (isRedisUp && isBrokerUp ? 'ready' : 'degraded') : 'notReady',
      database: state(isDatabaseUp),
      redis: state(isRedisUp),
      broker: state(isBrokerUp),
    };
  }
}
