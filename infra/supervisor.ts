import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@wattproof/database';
import { AppError } from '@wattproof/runtime';
import { type ApplicationContext, api, edge, ingestion, portal, simulator, workers } from './applications.ts';
import { builtApplications, runTurbo } from './build.ts';
import { databaseUrlOf } from './database-url.ts';
import type { DemoFile, SeededDemo } from './demo-seed.ts';
import type { StatePaths } from './paths.ts';
import { type Ports, portWishes, requireFreePorts } from './ports.ts';
import { watchHealth } from './processes/health-watch.ts';
import { type KeptProcess, keepRunning } from './processes/keep-running.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { limitLogs } from './processes/log-file.ts';
import { type NodeProcess, startNodeProcess } from './processes/node-process.ts';
import { endSession } from './processes/session.ts';
import { loadSecrets } from './secrets.ts';
import { runSeeding } from './seeding.ts';
import { missingAccounts } from './services/broker-control.ts';
import { type Services, startServices } from './services/services.ts';
import { provideSocat } from './services/socat.ts';
import type { Steps } from './terminal/steps.mjs';

export interface DemoOptions {
  readonly state: StatePaths;
  readonly ports: Ports;
  readonly portShift?: number;
  readonly steps: Steps;
  readonly months: number;
  readonly demoSeed: number;
  readonly end?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** All of a stop stays below 15 s even when every group needs its full limit. */
const stopLimits_s = { front: 4, back: 4, all: 14 } as const;
/** Less would make TimescaleDB recover from its log at the next start. */
const leastForServices_s = 5;
const enrolmentLimit_s = 60;

/** What runs. Stopped in the reverse order of starting, one group after the other. */
interface Running {
  readonly front: KeptProcess[];
  readonly back: KeptProcess[];
  /** Processes that end by themselves: build and seeding. */
  readonly helpers: Set<ChildProcess>;
  /** Ends what is being started and is not in any list yet. */
  readonly abort: AbortController;
  services: Services | undefined;
  stopping: Promise<void> | undefined;
}

function addHelper(running: Running, child: ChildProcess): void {
  running.helpers.add(child);
  child.once('exit', () => running.helpers.delete(child));
}

function stopRunning(running: Running): Promise<void> {
  // Once more after an earlier stop: something may have become ready just behind it.
  running.stopping = (running.stopping ?? Promise.resolve()).then(() => stopInOrder(running));
  return running.stopping;
}

async function stopInOrder({ abort, front, back, helpers, services }: Running): Promise<void> {
  abort.abort(new AppError('notReady', 'It is being stopped.'));
  const began = Date.now();
  for (const helper of helpers) endHelper(helper);
  await Promise.all(front.map((kept) => kept.stop(stopLimits_s.front)));
  await Promise.all(back.map((kept) => kept.stop(stopLimits_s.back)));
  // The checkpoint of a database that was just filled takes seconds: it gets all the time that is left.
  const left_s = stopLimits_s.all - (Date.now() - began) / 1000;
  await services?.stop(Math.max(leastForServices_s, left_s));
}

/** A build has a session of its own, the seeding is one process of ours. */
function endHelper(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  endSession(child.pid);
  child.kill('SIGKILL');
}

async function untilEnrolled(
  services: Services,
  usernames: readonly string[],
  report: (text: string) => void,
  abort: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + enrolmentLimit_s * 1000;
  for (;;) {
    const missing = await missingAccounts(services.mqttUrl, services.mqttAdmin, usernames);
    if (missing.length === 0) return;
    report(`${usernames.length - missing.length} of ${usernames.length} enrolled`);
    if (Date.now() > deadline) {
      throw new AppError(
        'notReady',
        `The API did not enrol ${missing.join(', ')} with the broker within ${enrolmentLimit_s} s.`,
      );
    }
    await delay(200, undefined, { signal: abort });
  }
}

/** One process into a group; it is kept running from when it is ready. */
async function launch(
  context: ApplicationContext,
  running: Running,
  group: KeptProcess[],
  specification: NodeProcess,
  report: (text: string) => void,
): Promise<void> {
  const start = (abort: AbortSignal) => startNodeProcess(specification, context.state, abort);
  const { name, healthUrl } = specification;
  group.push(await keepRunning({ name, start, report }, running.abort.signal));
  if (healthUrl !== undefined) void watchHealth({ name, healthUrl, report }, running.abort.signal);
}

/** Returns when all have ended, with the first failure: nothing goes on behind a failed start. */
async function together(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

const demoPorts = ['PORTAL', 'API', 'INGESTION', 'WORKERS', 'SIMULATOR', 'MODBUS'] as const;

async function startServicesOfDemo(options: DemoOptions, running: Running): Promise<Services> {
  const { state, ports, steps, portShift = 0, environment = process.env } = options;
  await endLeftovers(state.run);
  // Everything that may be taken is asked for before anything is started.
  await requireFreePorts(portWishes(ports, demoPorts, portShift));
  const services = await steps.run('TimescaleDB, Redis, Mosquitto', (log) =>
    startServices({
      state,
      ports,
      portShift,
      environment,
      log,
      report: steps.line,
      abort: running.abort.signal,
    }),
  );
  running.services = services;
  running.abort.signal.throwIfAborted();
  const passwords = loadSecrets(state.secrets).databaseRolePasswords;
  await steps.run('database', () => migrate({ adminDatabaseUrl: services.adminDatabaseUrl, passwords }));
  running.abort.signal.throwIfAborted();
  return services;
}

function applicationContext(options: DemoOptions, services: Services): ApplicationContext {
  const { state, ports, environment = process.env } = options;
  return {
    state,
    ports,
    services,
    secrets: loadSecrets(state.secrets),
    portalUrl: environment.WATTPROOF_PORTAL_URL ?? `http://127.0.0.1:${ports.PORTAL}`,
    apiUrl: environment.WATTPROOF_API_URL ?? `http://127.0.0.1:${ports.API}`,
    demoSeed: options.demoSeed,
    logLevel: environment.WATTPROOF_LOG_LEVEL ?? 'info',
  };
}

function seedOf(
  options: DemoOptions,
  { state, ports, services, secrets }: ApplicationContext,
  running: Running,
): Promise<SeededDemo> {
  return options.steps.run('demo', (progress) =>
    runSeeding({
      state,
      rolePasswords: secrets.databaseRolePasswords,
      onStart: (child) => addHelper(running, child),
      progress,
      adminDatabaseUrl: services.adminDatabaseUrl,
      redisUrl: services.redisUrl,
      mqttUrl: services.mqttUrl,
      ports,
      stateFolder: state.root,
      secretKey: secrets.secretKey,
      months: options.months,
      seed: options.demoSeed,
      ...(options.end === undefined ? {} : { end: options.end }),
    }),
  );
}

function startSimulator(options: DemoOptions, context: ApplicationContext, running: Running): Promise<void> {
  const { state, steps, environment = process.env } = options;
  return steps.run('simulated plants', async (log) => {
    mkdirSync(state.serial, { recursive: true });
    const socat = await provideSocat(state, environment, log, running.abort.signal);
    await launch(context, running, running.back, simulator(context, socat), steps.line);
  });
}

/**
 * Everything of the demo, from services to portal, each part ready before this returns. `running` is filled as
 * parts start, so that a stop in the middle ends them too.
 */
async function startAll(options: DemoOptions, running: Running): Promise<DemoFile> {
  const { steps } = options;
  const services = await startServicesOfDemo(options, running);
  const context = applicationContext(options, services);
  const seeding = seedOf(options, context, running);
  await together([
    seeding,
    steps.run('build', () => runTurbo('build', builtApplications, (child) => addHelper(running, child))),
    startSimulator(options, context, running),
  ]);
  const seeded = await seeding;
  await steps.run('API, ingestion, workers, portal', () =>
    together([
      launch(context, running, running.back, api(context), steps.line),
      launch(context, running, running.back, ingestion(context), steps.line),
      launch(context, running, running.back, workers(context), steps.line),
      launch(context, running, running.front, portal(context), steps.line),
    ]),
  );
  await steps.run('gateways', async (log) => {
    const usernames = [...seeded.gateways, seeded.customGateway].map((gateway) => gateway.username);
    await untilEnrolled(services, usernames, log, running.abort.signal);
    await together(
      seeded.gateways.map((gateway) =>
        launch(context, running, running.front, edge(context, gateway), steps.line),
      ),
    );
  });
  const { portalUrl, apiUrl, secrets } = context;
  const readerPassword = secrets.databaseRolePasswords.wattproof_reader;
  return {
    portalUrl,
    apiUrl,
    docsUrl: `${apiUrl}/docs`,
    accounts: seeded.accounts,
    databaseUrl: databaseUrlOf(services.adminDatabaseUrl, 'wattproof_reader', readerPassword),
    apiKeys: seeded.apiKeys,
    gateway: { ...seeded.customGateway, mqttUrl: services.mqttUrl },
  };
}

/** Starts the demo; on failure what was already running is stopped before the error is passed on. */
export function startDemo(options: DemoOptions): {
  readonly ready: Promise<DemoFile>;
  readonly stop: () => Promise<void>;
} {
  const running: Running = {
    front: [],
    back: [],
    helpers: new Set(),
    abort: new AbortController(),
    services: undefined,
    stopping: undefined,
  };
  const endLimit = limitLogs(options.state.logs);
  const stop = (): Promise<void> => {
    endLimit();
    return stopRunning(running);
  };
  const ready = startAll(options, running).then(
    (demo) => {
      writeFileSync(options.state.demo, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
      return demo;
    },
    async (error: unknown) => {
      await stop();
      throw error;
    },
  );
  return { ready, stop };
}
