import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@wattproof/database';
import { removeBuild } from '@wattproof/ingestion/process';
import { AppError } from '@wattproof/runtime';
import pg from 'pg';
import { databaseUrlOf, onDatabase } from './database-url.ts';
import { type FaultServices, openFaultBench } from './faults/bench.ts';
import { listenerOf } from './faults/listener.ts';
import type { Outcome, Scenario } from './faults/scenario.ts';
import { outcomeOf, randomFrom, scenarios } from './faults/scenarios.ts';
import { statePaths } from './paths.ts';
import { resolvePorts } from './ports.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { loadSecrets } from './secrets.ts';
import { type Services, startServices } from './services/services.ts';
import { createSteps } from './terminal/steps.mjs';

/** Distance of the ports from those of the demo: those of benchmarks, whose place this takes. */
const portShift = 2000;
const databaseName = 'wattproof_faults';

const state = statePaths('bench');
const ports = resolvePorts(portShift);
const steps = createSteps(process.stdout);

interface Order {
  readonly chosen: readonly Scenario[];
  readonly isShort: boolean;
  readonly seed: number;
}

/** `npm run faults`: all; `npm run faults -- R4 R6`: those; `--short`, `--seed 42`. */
function orderFrom(args: readonly string[]): Order {
  const seedAt = args.indexOf('--seed');
  const seed = seedAt < 0 ? Date.now() % 1_000_000 : Number(args[seedAt + 1]);
  const names = args.filter((arg, i) => !arg.startsWith('--') && (seedAt < 0 || i !== seedAt + 1));
  for (const name of names)
    if (!scenarios.some((s) => s.id === name))
      throw new AppError(
        'notFound',
        `There is no fault ${name}; there are ${scenarios.map((s) => s.id).join(', ')}.`,
      );
  if (!Number.isInteger(seed)) throw new AppError('invalid', '--seed needs a whole number.');
  const chosen = names.length === 0 ? scenarios : scenarios.filter((s) => names.includes(s.id));
  return { chosen, isShort: args.includes('--short'), seed };
}

/** Every fault of the matrix on services of its own: what the gateways sent must be stored, once. */
async function run(order: Order): Promise<boolean> {
  await endLeftovers(state.run);
  const services = await steps.run('TimescaleDB, Redis, Mosquitto', (log: (text: string) => void) =>
    // They end on purpose here: what they say then is in their logs.
    startServices({ state, ports, portShift, log, report: () => undefined }),
  );
  try {
    return await runOn(await faultServices(services), order);
  } finally {
    await services.stop();
  }
}

async function faultServices(services: Services): Promise<FaultServices> {
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
      boot: state.boot,
      prefix: state.prefix,
    },
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

async function runOn(services: FaultServices, { chosen, isShort, seed }: Order): Promise<boolean> {
  steps.line(`seed ${seed}`);
  const random = randomFrom(seed);
  const outcomes: (readonly [Scenario, Outcome])[] = [];
  for (const scenario of chosen) {
    const outcome = await steps.run(`${scenario.id} ${scenario.fault}`, () =>
      outcomeOf(scenario, () => openFaultBench(services, { isShort, random })),
    );
    outcomes.push([scenario, outcome]);
    if (outcome.wrong.length > 0) steps.line(`  ${scenario.id}: ${outcome.wrong.join('; ')}`);
  }
  steps.line(table(outcomes));
  return outcomes.every(([, outcome]) => outcome.wrong.length === 0);
}

function table(outcomes: readonly (readonly [Scenario, Outcome])[]): string {
  const rows = [
    ['', 'what was done', 'sent', 'stored', 'twice', 'verdict'],
    ...outcomes.map(([{ id }, { done, sent, stored, twice, wrong }]) => [
      id,
      done,
      String(sent),
      String(stored),
      String(twice),
      wrong.length === 0 ? 'nothing lost, nothing twice' : `WRONG: ${wrong.join('; ')}`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return `\n${rows
    .map((row) =>
      row
        .map((cell, i) => (i >= 2 && i <= 4 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

try {
  const order = orderFrom(process.argv.slice(2));
  mkdirSync(state.root, { recursive: true });
  const release = takeInstanceLock(state.lock, 'A benchmark');
  let isRight = false;
  try {
    isRight = await run(order);
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
