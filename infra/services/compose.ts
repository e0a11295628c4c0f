import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AppError } from '@wattproof/runtime';
import pg from 'pg';
import { rootFolder, type StatePaths } from '../paths.ts';
import type { Ports } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import { type BrokerAccount, initialDynamicSecurity } from './dynamic-security.ts';
import { containerBrokerConfiguration, probeBroker } from './mosquitto.ts';
import type { Services } from './services.ts';

const run = promisify(execFile);
const composeFile = join(rootFolder, 'docker/compose.yaml');
const serviceNames = ['timescaledb', 'redis', 'mosquitto'];
const readyLimit_s = 180;

export interface ComposeOptions {
  readonly state: StatePaths;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly admin: BrokerAccount;
  readonly ingestion: BrokerAccount;
  readonly log: (text: string) => void;
}

/** A machine may have the command without an engine behind it: the engine itself is asked. */
async function requireEngine(): Promise<void> {
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}']);
    await run('docker', ['compose', 'version']);
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim().split('\n')[0] ?? String(error);
    throw new AppError(
      'dependencyUnavailable',
      `WATTPROOF_SERVICES=docker asks for Docker, but no engine with compose answers (${reason}): start it, or unset WATTPROOF_SERVICES.`,
    );
  }
}

function writeBrokerFiles({ state, admin, ingestion }: ComposeOptions): string {
  const folder = join(state.root, 'mosquitto-docker');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mosquitto.conf'), containerBrokerConfiguration());
  const security = join(folder, 'dynamic-security.json');
  if (!existsSync(security))
    writeFileSync(security, JSON.stringify(initialDynamicSecurity(admin, ingestion), null, 2));
  return folder;
}

async function untilReady(what: string, probe: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + readyLimit_s * 1000;
  for (;;) {
    try {
      await probe();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new AppError(
          'dependencyUnavailable',
          `${what} in Docker was not ready within ${readyLimit_s} s: ${String(error)}`,
        );
      }
      await delay(500);
    }
  }
}

async function query(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

/** The three services as containers of `docker/compose.yaml`, their ports on 127.0.0.1 only. */
export async function startComposeServices(options: ComposeOptions): Promise<Services> {
  const { ports, secrets, admin, ingestion, log } = options;
  await requireEngine();
  const brokerFolder = writeBrokerFiles(options);
  const env = {
    ...process.env,
    WATTPROOF_DATABASE_PASSWORD: secrets.databasePassword,
    WATTPROOF_REDIS_PASSWORD: secrets.redisPassword,
    WATTPROOF_MQTT_FOLDER: brokerFolder,
    WATTPROOF_UID: String(process.getuid?.() ?? 1000),
    WATTPROOF_GID: String(process.getgid?.() ?? 1000),
    WATTPROOF_PORT_POSTGRES: String(ports.POSTGRES),
    WATTPROOF_PORT_REDIS: String(ports.REDIS),
    WATTPROOF_PORT_MQTT: String(ports.MQTT),
  };
  // One project a state folder, so that tests and demo do not share volumes.
  const project = `wattproof-${ports.POSTGRES}`;
  const compose = (...args: string[]): Promise<unknown> =>
    run('docker', ['compose', '-p', project, '-f', composeFile, ...args], { env });
  log('starting containers');
  await compose('up', '--detach', '--wait', ...serviceNames);
  const adminDatabaseUrl = `postgres://wattproof_admin:${secrets.databasePassword}@127.0.0.1:${ports.POSTGRES}/wattproof`;
  const mqttUrl = `mqtt://127.0.0.1:${ports.MQTT}`;
  await untilReady('TimescaleDB', () => query(adminDatabaseUrl));
  await untilReady('Mosquitto', () => probeBroker(mqttUrl, ingestion));
  return {
    adminDatabaseUrl,
    redisUrl: `redis://:${secrets.redisPassword}@127.0.0.1:${ports.REDIS}`,
    mqttUrl,
    mqttAdmin: admin,
    mqttIngestion: ingestion,
    stop: async () => {
      await compose('stop', '--timeout', '10', ...serviceNames);
    },
  };
}
