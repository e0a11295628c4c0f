import type { Logger } from '@wattproof/runtime';
import { Pool } from 'pg';
import { runDecisions } from '../decision/decisions.ts';
import type { Environment } from '../environment.ts';
import { createGatewayDirectory } from '../gateway/gateway-directory.ts';
import { openDoorbell } from '../live/doorbell.ts';
import { createSchemaWait } from '../message/schema-wait.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { watchBroker } from '../watch/broker-watch.ts';
import { watchDisk } from '../watch/disk-watch.ts';
import { watchStore } from '../watch/store-watch.ts';
import { holdLeases } from './lease.ts';
import { type Problem, problemsOf } from './problem.ts';
import { openPartitionSession, type PartitionSession, type PartitionStatus } from './session.ts';

export interface IngestionStatus {
  readonly isHealthy: boolean;
  readonly database: boolean;
  readonly redis: boolean;
  readonly partitions: readonly PartitionStatus[];
  /** What is wrong, in words; those that make this process unhealthy and those that a person should know of. */
  readonly problems: readonly Problem[];
}
export const partitionsToken = Symbol('partitions');

export interface Partitions {
  readonly status: () => IngestionStatus;
  readonly close: () => Promise<void>;
}

/** Changes of gateways and meters are seen at the latest after this; unknown ones are looked up at once. */
const directoryRefresh_ms = 10_000;
/** Time to finish what was received when a partition is left; all of a shutdown takes less than 10 s. */
const closeLimit_ms = 5_000;
const day_ms = 86_400_000;

/** Holds leases and reads the partitions they are for. */
export function runPartitions(environment: Environment, metrics: Metrics, logger: Logger): Partitions {
  const pool = new Pool({
    connectionString: environment.WATTPROOF_DATABASE_URL,
    application_name: 'wattproof-ingestion',
    max: environment.WATTPROOF_PARTITIONS.length + 4,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 60_000,
    keepAlive: true,
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection broke'));
  const directory = createGatewayDirectory(pool);
  const doorbell = openDoorbell(environment.WATTPROOF_REDIS_URL, logger, () =>
    metrics.doorbellFailures.inc(),
  );
  const schemaWait = createSchemaWait();
  const retention_ms = environment.WATTPROOF_RETENTION_DAYS * day_ms;
  const broker = {
    url: environment.WATTPROOF_MQTT_URL,
    username: environment.WATTPROOF_MQTT_USERNAME,
    password: environment.WATTPROOF_MQTT_PASSWORD,
  };
  const disk = watchDisk('database', environment.WATTPROOF_DATABASE_FOLDER, { metrics, logger });
  const brokerDisk = watchDisk('broker', environment.WATTPROOF_BROKER_FOLDER, { metrics, logger });
  const storeWatch = watchStore(pool, metrics, logger);
  const brokerWatch = watchBroker(broker, metrics, logger);
  const decisions = runDecisions({
    pool,
    context: { directory, schemaWait, retention_ms },
    doorbell,
    logger,
    onCarriedOut: (kind, count) => metrics.decisions.inc({ kind }, count),
  });
  const sessions = new Map<number, PartitionSession>();

  const leave = async (partition: number, limit_ms: number): Promise<void> => {
    const session = sessions.get(partition);
    sessions.delete(partition);
    metrics.partitionsHeld.set(sessions.size);
    await session?.close(limit_ms);
  };
  const leases = holdLeases({
    databaseUrl: environment.WATTPROOF_DATABASE_URL,
    partitions: environment.WATTPROOF_PARTITIONS,
    logger,
    onGained: (partition) => {
      sessions.set(partition, openSession(partition));
      metrics.partitionsHeld.set(sessions.size);
    },
    onSurrender: (partition) => leave(partition, closeLimit_ms),
    onLost: (partition) => void leave(partition, 0),
  });
  const openSession = (partition: number): PartitionSession =>
    openPartitionSession({
      partition,
      broker: {
        ...broker,
        clientId: `wattproof-ingestion-${partition}`,
        filter: `wattproof/v1/${partition}/+/up/#`,
        receiveMaximum: environment.WATTPROOF_RECEIVE_MAXIMUM,
        sessionExpiry_s: environment.WATTPROOF_SESSION_EXPIRY_S,
      },
      pool,
      directory,
      doorbell,
      metrics,
      logger,
      flush_ms: environment.WATTPROOF_FLUSH_MS,
      flushRows: environment.WATTPROOF_FLUSH_ROWS,
      retention_ms,
      schemaWait,
      guard: disk.guard,
      onTakenOver: () => {
        logger.warn({ partition }, 'another process took the session over');
        leases
          .giveBack(partition)
          .catch((error: unknown) =>
            logger.warn({ err: error, partition }, 'a lease could not be given back'),
          );
      },
    });
  const refreshing = setInterval(() => {
    directory
      .refreshAll()
      .catch((error: unknown) => logger.warn({ err: error }, 'the gateways could not be read anew'));
  }, directoryRefresh_ms);

  return {
    status: () => {
      const partitions = [...sessions.values()].map((session) => session.status());
      const problems = problemsOf({
        hasDatabase: leases.isConnected(),
        hasRedis: doorbell.isConnected(),
        partitions,
        disk: disk.warning(),
        brokerDisk: brokerDisk.warning(),
        oldestMark_s: storeWatch.oldestMark_s(),
        dropped: brokerWatch.dropped(),
        now_ms: Date.now(),
      });
      return {
        isHealthy: problems.every((problem) => !problem.isFatal),
        database: leases.isConnected(),
        redis: doorbell.isConnected(),
        partitions,
        problems,
      };
    },
    close: async () => {
      clearInterval(refreshing);
      storeWatch.close();
      brokerWatch.close();
      disk.close();
      brokerDisk.close();
      await Promise.all([leases.close(), decisions.close()]);
      await doorbell.close();
      await pool.end();
    },
  };
}
