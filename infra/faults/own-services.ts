import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@wattproof/database';
import pg from 'pg';
import { databaseUrlOf, onDatabase } from '../database-url.ts';
import { type StatePaths, statePaths } from '../paths.ts';
import { resolvePorts } from '../ports.ts';
import { endLeftovers } from '../processes/leftovers.ts';
import { loadSecrets } from '../secrets.ts';
import { bubblewrapPath } from '../services/sandbox.ts';
import { type Services, startServices } from '../services/services.ts';
import type { Steps } from '../terminal/steps.mjs';
import type { FaultServices } from './bench.ts';
import { listenerOf } from './listener.ts';

/** Distance of the ports from those of the demo: those of benchmarks, whose place this takes. */
const portShift = 2000;
const databaseName = 'wattproof_faults';

/** Does something on services of its own, which it may harm; they end with it. */
export async function onOwnServices<T>(
  steps: Steps,
  work: (services: FaultServices) => Promise<T>,
): Promise<T> {
  const state = statePaths('bench');
  const ports = resolvePorts(portShift);
  await endLeftovers(state.run);
  const services = await steps.run('TimescaleDB, Redis, Mosquitto', (log: (text: string) => void) =>
    // They end on purpose here: what they say then is in their logs.
    startServices({ state, ports, portShift, log, report: () => undefined }),
  );
  try {
    return await work(await faultServices(services, state, ports));
  } finally {
    await services.stop();
  }
}

async function faultServices(
  services: Services,
  state: StatePaths,
  ports: ReturnType<typeof resolvePorts>,
): Promise<FaultServices> {
  const { databaseRolePasswords } = loadSecrets(state.secrets);
  const adminDatabaseUrl = await freshDatabase(services.adminDatabaseUrl);
  await migrate({ adminDatabaseUrl, passwords: databaseRolePasswords });
  const folder = join(state.root, 'scratch', 'faults');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const urlOf = (role: 'wattproof_ingestion' | 'wattproof_worker'): string =>
    databaseUrlOf(adminDatabaseUrl, role, databaseRolePasswords[role]);
  const portOf = { postgres: ports.POSTGRES, redis: ports.REDIS, mosquitto: ports.MQTT };
  return {
    ...services,
    adminDatabaseUrl,
    ingestionDatabaseUrl: urlOf('wattproof_ingestion'),
    workerDatabaseUrl: urlOf('wattproof_worker'),
    firstPartition: 0,
    folder,
    control: {
      processOf: (service) => listenerOf(portOf[service]),
      brokerStore: join(state.mosquitto, 'mosquitto.db'),
    },
    programs: { bubblewrap: bubblewrapPath(state.boot), prefix: state.prefix },
  };
}

async function freshDatabase(serverUrl: string): Promise<string> {
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`);
  await server.query(`CREATE DATABASE ${databaseName}`);
  await server.end();
  return onDatabase(serverUrl, databaseName);
}
