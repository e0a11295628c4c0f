import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@wattproof/database';
import { AppError } from '@wattproof/runtime';
import { type ApplicationContext, api, edge, ingestion, portal, simulator, workers } from './applications.ts';
import { builtApplications, runTurbo } from './build.ts';
import { databaseUrlOf } from './database-url.ts';
import type { DemoFile, SeededDemo } from './demo-seed.ts';
import type { StatePaths } from './paths.ts';
import { type Ports, portWishes, requireFreePorts } from './ports.ts';
import { type KeptProcess, keepRunning } from './processes/keep-running.ts';
import { limitLogs } from './processes/log-file.ts';
import { type NodeProcess, startNodeProcess } from './processes/node-process.ts';
import { loadSecrets } from './secrets.ts';
import { runSeeding } from './seeding.ts';
import { missingAccounts } from './services/broker-control.ts';
import { type Services, startServices } from './services/services.ts';
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

/** Builds run in a process group of their own, the seeding does not: both end. */
function endHelper(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    child.kill('SIGKILL');
  }
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

/**
 * Everything of the demo, from services to portal, each part ready before this returns. `running` is filled as
 * parts start, so that a stop in the middle ends them too.
 */
async function startAll(options: DemoOptions, running: Running): Promise<DemoFile> {
  const { state, ports, steps, portShift = 0, environment = process.env } = options;
  const names = ['PORTAL', 'API', 'INGESTION', 'WORKERS', 'SIMULATOR', 'MODBUS'] as const;
  const report = steps.line;
  const services = await steps.run('TimescaleDB, Redis, Mosquitto', (log) =>
    startServices({ state, ports, portShift, environment, log, report, abort: running.abort.signal }),
  );
  running.services = services;
  running.abort.signal.throwIfAborted();
  await requireFreePorts(portWishes(ports, names, portShift));
  const secrets = loadSecrets(state.secrets);
  const { adminDatabaseUrl } = services;
  await steps.run('database', async (log) => {
    const { applied } = await migrate({ adminDatabaseUrl, passwords: secrets.databaseRolePasswords });
    log(`${applied.length} migrations applied`);
  });
  running.abort.signal.throwIfAborted();
  const seed = (): Promise<SeededDemo> =>
    steps.run('demo', (progress) =>
      runSeeding({
        state,
        rolePasswords: secrets.databaseRolePasswords,
        onStart: (child) => addHelper(running, child),
        progress,
        adminDatabaseUrl,
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
  const [seeded] = await together(
    seed(),
    steps.run('build', () => runTurbo('build', builtApplications, (child) => addHelper(running, child))),
  );
  const context: ApplicationContext = {
    state,
    ports,
    services,
    secrets,
    portalUrl: environment.WATTPROOF_PORTAL_URL ?? `http://127.0.0.1:${ports.PORTAL}`,
    apiUrl: environment.WATTPROOF_API_URL ?? `http://127.0.0.1:${ports.API}`,
    demoSeed: options.demoSeed,
    logLevel: environment.WATTPROOF_LOG_LEVEL ?? 'info',
  };
  await startApplications(context, seeded, steps, running);
  return {
    portalUrl: context.portalUrl,
    apiUrl: context.apiUrl,
    docsUrl: `${context.apiUrl}/docs`,
    accounts: seeded.accounts,
    databaseUrl: databaseUrlOf(
      adminDatabaseUrl,
      'wattproof_reader',
      secrets.databaseRolePasswords.wattproof_reader,
    ),
    apiKeys: seeded.apiKeys,
    gateway: { ...seeded.customGateway, mqttUrl: services.mqttUrl },
  };
}

/** Both results, or the first failure once both have ended: nothing goes on behind a failed start. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

async function startApplications(
  context: ApplicationContext,
  seeded: SeededDemo,
  steps: DemoOptions['steps'],
  running: Running,
): Promise<void> {
  const launch = async (group: KeptProcess[], specification: NodeProcess): Promise<void> => {
    const start = (abort: AbortSignal) => startNodeProcess(specification, context.state, abort);
    group.push(
      await keepRunning({ name: specification.name, start, report: steps.line }, running.abort.signal),
    );
  };
  const launchAll = async (group: KeptProcess[], specifications: readonly NodeProcess[]): Promise<void> => {
    const settled = await Promise.allSettled(
      specifications.map((specification) => launch(group, specification)),
    );
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  };
  await steps.run('simulator, API, ingestion, workers, portal', () =>
    Promise.all([
      launchAll(running.back, [simulator(context), api(context), ingestion(context), workers(context)]),
      launchAll(running.front, [portal(context)]),
    ]),
  );
  await steps.run('gateways', async (log) => {
    const usernames = [...seeded.gateways, seeded.customGateway].map((gateway) => gateway.username);
    await untilEnrolled(context.services, usernames, log, running.abort.signal);
    await launchAll(
      running.front,
      seeded.gateways.map((gateway) => edge(context, gateway)),
    );
  });
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
