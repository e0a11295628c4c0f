import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoginRole } from '@wattproof/database';
import { databaseUrlOf } from './database-url.ts';
import type { SeededGateway } from './demo-seed.ts';
import type { StatePaths } from './paths.ts';
import type { Ports } from './ports.ts';
import type { NodeProcess } from './processes/node-process.ts';
import type { Secrets } from './secrets.ts';
import type { Services } from './services/services.ts';

export interface ApplicationContext {
  readonly state: StatePaths;
  readonly ports: Ports;
  readonly services: Services;
  readonly secrets: Secrets;
  readonly portalUrl: string;
  readonly apiUrl: string;
  readonly demoSeed: number;
  readonly logLevel: string;
}

const partitions = 4;
const healthUrl = (port: number): string => `http://127.0.0.1:${port}/health`;

function connections({ services, secrets }: ApplicationContext, role: LoginRole): Record<string, string> {
  return {
    WATTPROOF_DATABASE_URL: databaseUrlOf(
      services.adminDatabaseUrl,
      role,
      secrets.databaseRolePasswords[role],
    ),
    WATTPROOF_REDIS_URL: services.redisUrl,
  };
}

/** Answers for the plants: Modbus over TCP and over pseudo-terminals made by socat. */
export function simulator(context: ApplicationContext, socat: readonly string[]): NodeProcess {
  const { state, ports } = context;
  return {
    name: 'simulator',
    command: ['packages/simulator/src/main.ts'],
    env: {
      WATTPROOF_PORT: String(ports.SIMULATOR),
      WATTPROOF_PORT_MODBUS: String(ports.MODBUS),
      WATTPROOF_STATE: state.root,
      WATTPROOF_SOCAT: JSON.stringify(socat),
      WATTPROOF_DEMO_SEED: String(context.demoSeed),
      WATTPROOF_LOG_LEVEL: context.logLevel,
    },
    healthUrl: healthUrl(ports.SIMULATOR),
  };
}

export function api(context: ApplicationContext): NodeProcess {
  const { ports, services, secrets } = context;
  return {
    name: 'api',
    command: ['apps/api/dist/main.js'],
    workingFolder: 'apps/api',
    env: {
      ...connections(context, 'wattproof_api'),
      WATTPROOF_AUTH_DATABASE_URL: databaseUrlOf(
        services.adminDatabaseUrl,
        'wattproof_auth',
        secrets.databaseRolePasswords.wattproof_auth,
      ),
      WATTPROOF_MQTT_URL: services.mqttUrl,
      WATTPROOF_MQTT_USERNAME: services.mqttAdmin.username,
      WATTPROOF_MQTT_PASSWORD: services.mqttAdmin.password,
      WATTPROOF_SECRET_KEY: secrets.secretKey,
      WATTPROOF_PORT: String(ports.API),
      WATTPROOF_PORTAL_URL: context.portalUrl,
      WATTPROOF_API_URL: context.apiUrl,
      WATTPROOF_PARTITIONS: String(partitions),
      WATTPROOF_LOG_LEVEL: context.logLevel,
    },
    healthUrl: healthUrl(ports.API),
  };
}

/**
 * Memory of the processes through which all data goes. With gigabytes free the collector lets half a gigabyte of rows that
 * lived for one batch or one report pile up, so it begins earlier; a small young generation costs such work little. Freed
 * buffers are used again, and large ones go back to the system, only from one pool that maps each of those alone.
 */
export const boundedMemory = {
  NODE_OPTIONS: '--max-old-space-size=1024 --max-semi-space-size=8',
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
} as const;

export function ingestion(context: ApplicationContext): NodeProcess {
  const { ports, services, state } = context;
  return {
    name: 'ingestion',
    command: ['apps/ingestion/dist/main.js'],
    workingFolder: 'apps/ingestion',
    env: {
      ...boundedMemory,
      ...connections(context, 'wattproof_ingestion'),
      WATTPROOF_MQTT_URL: services.mqttUrl,
      WATTPROOF_MQTT_USERNAME: services.mqttIngestion.username,
      WATTPROOF_MQTT_PASSWORD: services.mqttIngestion.password,
      WATTPROOF_PARTITIONS: String(partitions),
      WATTPROOF_PORT: String(ports.INGESTION),
      WATTPROOF_LOG_LEVEL: context.logLevel,
      // Services elsewhere have disks of their own.
      ...(existsSync(state.postgres) ? { WATTPROOF_DATABASE_FOLDER: state.postgres } : {}),
      ...(existsSync(state.mosquitto) ? { WATTPROOF_BROKER_FOLDER: state.mosquitto } : {}),
    },
    healthUrl: healthUrl(ports.INGESTION),
  };
}

/** The operator's mail server; without one, mails wait and say so. */
const mailServer = (): Record<string, string> =>
  Object.fromEntries(
    (['WATTPROOF_SMTP_URL', 'WATTPROOF_MAIL_FROM'] as const).flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

export function workers(context: ApplicationContext): NodeProcess {
  const { ports, secrets } = context;
  return {
    name: 'workers',
    command: ['apps/workers/src/main.ts'],
    env: {
      ...boundedMemory,
      ...connections(context, 'wattproof_worker'),
      WATTPROOF_SECRET_KEY: secrets.secretKey,
      WATTPROOF_PORT: String(ports.WORKERS),
      WATTPROOF_PORTAL_URL: context.portalUrl,
      ...mailServer(),
      WATTPROOF_LOG_LEVEL: context.logLevel,
    },
    healthUrl: healthUrl(ports.WORKERS),
  };
}

/**
 * A gateway is a small computer with little memory and nothing to hurry for: a young generation of a megabyte, one thread
 * beside the main one, and one pool of memory for both.
 */
export const edgeEnvironment = {
  NODE_OPTIONS: '--max-semi-space-size=1 --v8-pool-size=1',
  MALLOC_ARENA_MAX: '1',
} as const;

/** One gateway, with the start file it reads written for it. */
export function edge(context: ApplicationContext, gateway: SeededGateway): NodeProcess {
  const { state, services } = context;
  const stateFolder = join(state.edge, gateway.gatewayId);
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const startFile = join(stateFolder, 'start.json');
  const { gatewayId, partition, username, password, configuration } = gateway;
  const start = {
    gatewayId,
    partition,
    mqttUrl: services.mqttUrl,
    username,
    password,
    stateFolder,
    configuration,
  };
  writeFileSync(startFile, JSON.stringify(start, null, 2), { mode: 0o600 });
  return {
    name: `edge-${gatewayId}`,
    command: ['apps/edge/dist/main.cjs'],
    env: {
      ...edgeEnvironment,
      WATTPROOF_EDGE_CONFIG: startFile,
      WATTPROOF_LOG_LEVEL: context.logLevel,
    },
  };
}

export function portal(context: ApplicationContext): NodeProcess {
  const { ports } = context;
  return {
    name: 'portal',
    command: [
      'node_modules/next/dist/bin/next',
      'start',
      '--hostname',
      '127.0.0.1',
      '--port',
      String(ports.PORTAL),
    ],
    workingFolder: 'apps/portal',
    env: {
      WATTPROOF_PORT: String(ports.PORTAL),
      WATTPROOF_API_URL: context.apiUrl,
      WATTPROOF_PORTAL_URL: context.portalUrl,
      NEXT_TELEMETRY_DISABLED: '1',
      // Next does not stop in order when its parent is gone: it has nothing to finish.
      WATTPROOF_FOLLOW_LIMIT_S: '0',
    },
    healthUrl: `http://127.0.0.1:${ports.PORTAL}/`,
  };
}
