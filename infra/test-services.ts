import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@wattproof/runtime';
import { type StatePaths, statePaths } from './paths.ts';
import { resolvePorts } from './ports.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { loadSecrets } from './secrets.ts';
import { provideToolPrefix } from './services/prefix.ts';
import { bubblewrapPath } from './services/sandbox.ts';
import { type Services, startServices } from './services/services.ts';

/** Distance of the ports of tests from those of the demo. */
export const testPortShift = 1000;

/** What `packages/testkit` reads: where the programs of a test run are. */
export function testProgramVariables(state: StatePaths): Readonly<Record<string, string>> {
  return {
    WATTPROOF_TEST_BUBBLEWRAP: bubblewrapPath(state.boot),
    WATTPROOF_TEST_PREFIX: state.prefix,
    WATTPROOF_TEST_TOOLS: state.tools,
    WATTPROOF_TEST_LOGS: join(state.root, 'logs'),
    WATTPROOF_TEST_SCRATCH: join(state.root, 'scratch'),
  };
}

/** What `packages/testkit` reads: where the services of a test run are. */
export function testServiceVariables(
  state: StatePaths,
  services: Services,
): Readonly<Record<string, string>> {
  const secrets = loadSecrets(state.secrets);
  return {
    ...testProgramVariables(state),
    WATTPROOF_TEST_DATABASE_URL: services.adminDatabaseUrl,
    WATTPROOF_TEST_DATABASE_ROLE_PASSWORDS: JSON.stringify(secrets.databaseRolePasswords),
    WATTPROOF_TEST_REDIS_URL: services.redisUrl,
    WATTPROOF_TEST_MQTT_URL: services.mqttUrl,
    WATTPROOF_TEST_MQTT_ADMIN_USERNAME: services.mqttAdmin.username,
    WATTPROOF_TEST_MQTT_ADMIN_PASSWORD: services.mqttAdmin.password,
    WATTPROOF_TEST_MQTT_INGESTION_USERNAME: services.mqttIngestion.username,
    WATTPROOF_TEST_MQTT_INGESTION_PASSWORD: services.mqttIngestion.password,
  };
}

/** Each run begins with empty data. */
export function removeTestData({
  postgres,
  redis,
  mosquitto,
  edge,
  serial,
  secrets,
  demo,
}: StatePaths): void {
  for (const path of [postgres, redis, mosquitto, edge, serial, secrets, demo, `${mosquitto}-docker`]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** The services of tests on their own ports, with empty data. */
export async function startTestServices(
  state: StatePaths,
  log: (text: string) => void,
  abort: AbortSignal,
): Promise<Services> {
  await endLeftovers(state.run);
  removeTestData(state);
  return startServices({ state, ports: resolvePorts(testPortShift), portShift: testPortShift, log, abort });
}

/** Starts the services of tests, prints the variables vitest needs as shell exports, and stays until it is stopped. */
export async function offerTestServices(): Promise<void> {
  const state = statePaths('test');
  const release = takeInstanceLock(state.lock, 'A test run');
  const log = (text: string): void => console.error(text);
  const abort = new AbortController();
  const told = new Promise<void>((resolve) => {
    const stop = (): void => {
      abort.abort(new AppError('notReady', 'Stopped.'));
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    process.once('disconnect', stop);
  });
  try {
    await provideToolPrefix(state, log, abort.signal);
    const services = await startTestServices(state, log, abort.signal);
    for (const [name, value] of Object.entries(testServiceVariables(state, services))) {
      console.log(`export ${name}='${value}'`);
    }
    console.error('Services are running: paste the exports above, then npx vitest. Ctrl-C stops them.');
    // A pending promise alone does not keep a process alive.
    const alive = setInterval(() => undefined, 60_000);
    await told;
    clearInterval(alive);
    await services.stop();
  } finally {
    release();
  }
}
