import { mkdirSync } from 'node:fs';
import { AppError } from '@wattproof/runtime';
import type { StatePaths } from '../paths.ts';
import { type Ports, portWishes, requireFreePorts } from '../ports.ts';
import { endLeftovers } from '../processes/leftovers.ts';
import { loadSecrets } from '../secrets.ts';
import { ensureIngestionAccount } from './broker-control.ts';
import { startComposeServices } from './compose.ts';
import { adminUsername, type BrokerAccount, ingestionUsername } from './dynamic-security.ts';
import { type ExternalServices, externalServices } from './external.ts';
import { probeBroker, startMosquitto } from './mosquitto.ts';
import { startPostgres } from './postgres.ts';
import { provideServicePrefix } from './prefix.ts';
import { startRedis } from './redis.ts';
import { probeSandbox } from './sandbox.ts';
import type { ServiceContext, ServiceProcess } from './service-process.ts';

export interface Services {
  /** Connection of the owner of the database: migrations, roles, template databases. */
  readonly adminDatabaseUrl: string;
  readonly redisUrl: string;
  readonly mqttUrl: string;
  readonly mqttAdmin: BrokerAccount;
  readonly mqttIngestion: BrokerAccount;
  /** Ends what was started here, at the latest after the limit; services from outside stay. */
  readonly stop: (limit_s?: number) => Promise<void>;
}

export interface ServicesOptions {
  readonly state: StatePaths;
  readonly ports: Ports;
  /** 0 for the demo, else the distance of the ports from it. */
  readonly portShift?: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** What it is doing at the moment. */
  readonly log: (text: string) => void;
  /** Ends a start that is under way. */
  readonly abort?: AbortSignal;
  /** A service that ended by itself and was started again, for the terminal. */
  readonly report?: (text: string) => void;
}

const stopLimit_s = 8;

type StartedPart = Partial<Pick<Services, 'adminDatabaseUrl' | 'redisUrl' | 'mqttUrl'>>;

async function startOwn(
  { state, ports, log, report = log, abort = new AbortController().signal }: ServicesOptions,
  external: ExternalServices,
  accounts: { admin: BrokerAccount; ingestion: BrokerAccount },
  processes: ServiceProcess[],
): Promise<StartedPart> {
  if (external.adminDatabaseUrl && external.redisUrl && external.mqttUrl) return {};
  await provideServicePrefix(state, log, abort);
  log('starting');
  const secrets = loadSecrets(state.secrets);
  const { processNumbers } = await probeSandbox(state, state.prefix);
  const context: ServiceContext = { paths: state, processNumbers, report, abort };
  const keep = <T extends { service: ServiceProcess }>(started: T): T => {
    processes.push(started.service);
    return started;
  };
  const starting = [
    external.adminDatabaseUrl
      ? {}
      : startPostgres(context, { port: ports.POSTGRES, password: secrets.databasePassword }).then(keep),
    external.redisUrl
      ? {}
      : startRedis(context, { port: ports.REDIS, password: secrets.redisPassword }).then(keep),
    external.mqttUrl ? {} : startMosquitto(context, { port: ports.MQTT, ...accounts }).then(keep),
  ];
  // All are awaited even when one fails, so that those that did start are known and can be stopped.
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return Object.assign({}, ...settled.map((result) => (result.status === 'fulfilled' ? result.value : {})));
}

function required(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new AppError('dependencyUnavailable', `${name} is neither given nor started`);
}

/**
 * Provides TimescaleDB, Redis and Mosquitto: those given by URL in the environment, else Docker when asked for,
 * else programs of the private prefix. Returns when each answers in its own protocol.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { state, ports, log, environment = process.env } = options;
  mkdirSync(state.root, { recursive: true });
  const secrets = loadSecrets(state.secrets);
  const ingestion = { username: ingestionUsername, password: secrets.mqttIngestionPassword };
  const external = externalServices(environment);
  const admin = external.mqttAdmin ?? { username: adminUsername, password: secrets.mqttAdminPassword };
  await endLeftovers(state.run);
  const wishes = portWishes(
    ports,
    [
      ...(external.adminDatabaseUrl ? [] : (['POSTGRES'] as const)),
      ...(external.redisUrl ? [] : (['REDIS'] as const)),
      ...(external.mqttUrl ? [] : (['MQTT'] as const)),
    ],
    options.portShift,
  );
  await requireFreePorts(wishes);
  if (environment.WATTPROOF_SERVICES === 'docker') {
    return startComposeServices({ state, ports, secrets, admin, ingestion, log });
  }
  const processes: ServiceProcess[] = [];
  const stop = async (limit_s = stopLimit_s): Promise<void> => {
    await Promise.all(processes.map((service) => service.stop(limit_s)));
  };
  try {
    const own = await startOwn(options, external, { admin, ingestion }, processes);
    const mqttUrl = required(external.mqttUrl ?? own.mqttUrl, 'WATTPROOF_MQTT_URL');
    if (external.mqttUrl) await ensureIngestionAccount(mqttUrl, admin, ingestion);
    await probeBroker(mqttUrl, ingestion);
    return {
      adminDatabaseUrl: required(external.adminDatabaseUrl ?? own.adminDatabaseUrl, 'WATTPROOF_DATABASE_URL'),
      redisUrl: required(external.redisUrl ?? own.redisUrl, 'WATTPROOF_REDIS_URL'),
      mqttUrl,
      mqttAdmin: admin,
      mqttIngestion: ingestion,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
