import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@wattproof/database';
import { type IngestionProcess, removeBuild, startIngestion } from '@wattproof/ingestion/process';
import { AppError } from '@wattproof/runtime';
import pg from 'pg';
import { databaseUrlOf } from './database-url.ts';
import { listenerOf } from './faults/listener.ts';
import { type FedGateway, startFedGateway } from './faults/plant.ts';
import { statePaths } from './paths.ts';
import { resolvePorts } from './ports.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { loadSecrets } from './secrets.ts';
import { type Services, startServices } from './services/services.ts';
import { createSteps } from './terminal/steps.mjs';

/** Distance of the ports from those of the demo: those of benchmarks, whose place this takes. */
const portShift = 2000;
const kills = 10;
const gateways = 2;
const metersPerGateway = 20;
const period_ms = 50;
const partitions = 2;
const databaseName = 'wattproof_faults';
/** Time for everything to arrive after the last fault; gateways repeat after silence, with growing pauses. */
const arriveLimit_s = 240;

const state = statePaths('bench');
const ports = resolvePorts(portShift);
const steps = createSteps(process.stdout);

/**
 * Readings from gateways of the product through every kind of death: ingestion killed ten times under load, then
 * PostgreSQL, then Mosquitto. What the outboxes took must be in the database, each once.
 */
async function run(): Promise<boolean> {
  await endLeftovers(state.run);
  const services = await steps.run('TimescaleDB, Redis, Mosquitto', (log: (text: string) => void) =>
    startServices({ state, ports, portShift, log, report: steps.line }),
  );
  try {
    return await withServices(services);
  } finally {
    await services.stop();
  }
}

async function withServices(services: Services): Promise<boolean> {
  const { databaseRolePasswords } = loadSecrets(state.secrets);
  const adminDatabaseUrl = await freshDatabase(services.adminDatabaseUrl);
  await migrate({ adminDatabaseUrl, passwords: databaseRolePasswords });
  const folder = join(state.root, 'scratch', 'faults');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const admin = await connected(adminDatabaseUrl);
  const fed: FedGateway[] = [];
  for (let i = 0; i < gateways; i++)
    fed.push(
      await startFedGateway({
        admin,
        mqttUrl: services.mqttUrl,
        mqttAdmin: services.mqttAdmin,
        folder,
        partition: i % partitions,
        meters: metersPerGateway,
        period_ms,
      }),
    );
  await admin.end();
  const start = (): Promise<IngestionProcess> =>
    startIngestion({
      WATTPROOF_DATABASE_URL: databaseUrlOf(
        adminDatabaseUrl,
        'wattproof_ingestion',
        databaseRolePasswords.wattproof_ingestion,
      ),
      WATTPROOF_REDIS_URL: services.redisUrl,
      WATTPROOF_MQTT_URL: services.mqttUrl,
      WATTPROOF_MQTT_USERNAME: services.mqttIngestion.username,
      WATTPROOF_MQTT_PASSWORD: services.mqttIngestion.password,
      WATTPROOF_PARTITIONS: String(partitions),
      WATTPROOF_LOG_LEVEL: 'error',
    });
  let ingestion = await start();
  await ingestion.reads(partitions);
  for (let kill = 1; kill <= kills; kill++)
    await steps.run(`kill -9 of ingestion, ${kill} of ${kills}`, async () => {
      await delay(500 + Math.random() * 2_500);
      await ingestion.kill();
      ingestion = await start();
      await ingestion.reads(partitions);
    });
  await steps.run('kill -9 of PostgreSQL', () => killService(ports.POSTGRES, ingestion));
  await steps.run('kill -9 of Mosquitto', () => killService(ports.MQTT, ingestion));
  await delay(2_000);
  await steps.run('everything arrives', async () => {
    for (const gateway of fed) await gateway.stopFeeding();
    const deadline_ms = Date.now() + arriveLimit_s * 1000;
    while (fed.some((gateway) => gateway.outstanding() > 0) && Date.now() < deadline_ms) await delay(200);
  });
  const isRight = await compare(adminDatabaseUrl, fed);
  await Promise.all([ingestion.stop(), ...fed.map((gateway) => gateway.close())]);
  return isRight;
}

async function freshDatabase(serverUrl: string): Promise<string> {
  const server = await connected(serverUrl);
  await server.query(`DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`);
  await server.query(`CREATE DATABASE ${databaseName}`);
  await server.end();
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  // The services are killed on purpose; a query that was under way fails by itself.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Kills what listens on a port and waits until it was started again and ingestion works again. */
async function killService(port: number, ingestion: IngestionProcess): Promise<void> {
  const pid = listenerOf(port);
  process.kill(pid, 'SIGKILL');
  const deadline_ms = Date.now() + 120_000;
  let isNoticed = false;
  for (;;) {
    await delay(100);
    const { code, body } = await ingestion.health();
    const isWell = code === 200 && body.partitions.filter((p) => p.isConnected).length === partitions;
    if (!isWell) isNoticed = true;
    else if (isNoticed) return;
    if (Date.now() > deadline_ms) throw new Error(`ingestion did not get over the death of process ${pid}`);
  }
}

/** Compares what the outboxes took with what is stored. */
async function compare(adminDatabaseUrl: string, fed: readonly FedGateway[]): Promise<boolean> {
  const admin = await connected(adminDatabaseUrl);
  let isRight = true;
  for (const gateway of fed) {
    const { rows } = await admin.query<{ stored: number; different: number; sum_wh: number }>(
      `SELECT count(*)::int AS stored, count(DISTINCT (meter_id, at))::int AS different,
         coalesce(sum(active_energy_import_wh), 0)::float8 AS sum_wh
       FROM store.reading WHERE meter_id = ANY ($1)`,
      [gateway.meterIds],
    );
    const { stored = 0, different = 0, sum_wh = 0 } = rows[0] ?? {};
    const isSame = stored === gateway.accepted() && different === stored && sum_wh === gateway.sum_wh();
    if (!isSame || gateway.outstanding() > 0) isRight = false;
    steps.line(
      `sent ${gateway.accepted()}, stored ${stored}, twice ${stored - different}, not acknowledged ${gateway.outstanding()}, sums ${sum_wh === gateway.sum_wh() ? 'agree' : 'differ'}`,
    );
  }
  await admin.end();
  return isRight;
}

try {
  mkdirSync(state.root, { recursive: true });
  const release = takeInstanceLock(state.lock, 'A benchmark');
  let isRight = false;
  try {
    isRight = await run();
  } finally {
    removeBuild();
    release();
  }
  console.log(isRight ? 'nothing lost, nothing twice' : 'READINGS ARE MISSING OR WRONG');
  process.exit(isRight ? 0 : 1);
} catch (error) {
  if (error instanceof AppError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
