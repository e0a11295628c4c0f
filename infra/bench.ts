import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate } from '@wattproof/database';
import { AppError } from '@wattproof/runtime';
import type { BenchContext, Benchmark } from './bench-context.ts';
import { databaseUrlOf } from './database-url.ts';
import { rootFolder, statePaths } from './paths.ts';
import { resolvePorts } from './ports.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { loadSecrets } from './secrets.ts';
import { providePeerPrefix } from './services/prefix.ts';
import { bubblewrapPath, sandboxArguments } from './services/sandbox.ts';
import { startServices } from './services/services.ts';
import { createSteps } from './terminal/steps.mjs';

const benchFolder = join(rootFolder, 'bench');
/** Distance of the ports of benchmarks from those of the demo. */
const benchPortShift = 2000;

function benchmarkNames(): readonly string[] {
  if (!existsSync(benchFolder)) return [];
  return readdirSync(benchFolder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
    .map((name) => basename(name, '.ts'))
    .sort();
}

function list(): void {
  const names = benchmarkNames();
  console.log('Benchmarks (npm run bench -- NAME [flags]):');
  for (const name of names) console.log(`  ${name}`);
}

async function load(name: string): Promise<Benchmark> {
  if (!benchmarkNames().includes(name)) {
    throw new AppError('notFound', `There is no benchmark ${name}: npm run bench lists them.`);
  }
  const module = (await import(pathToFileURL(join(benchFolder, `${name}.ts`)).href)) as {
    run?: Benchmark;
    default?: Benchmark;
  };
  const run = module.run ?? module.default;
  if (run) return run;
  throw new AppError('invalid', `bench/${name}.ts exports neither run nor a default function.`);
}

/** Provides services (data kept between runs), runs one benchmark, prints its result as the last line, in JSON. */
async function runBenchmark(name: string, flags: readonly string[]): Promise<number> {
  const run = await load(name);
  const state = statePaths('bench');
  const release = takeInstanceLock(state.lock, 'A benchmark');
  // Standard output is the result's; what happens meanwhile is told on standard error.
  const steps = createSteps(process.stderr);
  try {
    await endLeftovers(state.run);
    const ports = resolvePorts(benchPortShift);
    const services = await steps.run('TimescaleDB, Redis, Mosquitto', (log) =>
      startServices({ state, ports, portShift: benchPortShift, log, report: steps.line }),
    );
    const interrupted = new Promise<undefined>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.on(signal, () => resolve(undefined));
      process.once('disconnect', () => resolve(undefined));
    });
    try {
      const { adminDatabaseUrl, redisUrl, mqttUrl, mqttAdmin, mqttIngestion } = services;
      const { databaseRolePasswords, secretKey } = loadSecrets(state.secrets);
      await steps.run('database', () => migrate({ adminDatabaseUrl, passwords: databaseRolePasswords }));
      const scratchFolder = join(state.root, 'scratch', name);
      mkdirSync(scratchFolder, { recursive: true });
      const context: BenchContext = {
        flags,
        adminDatabaseUrl,
        databaseUrlOf: (role) => databaseUrlOf(adminDatabaseUrl, role, databaseRolePasswords[role]),
        redisUrl,
        mqttUrl,
        mqttAdmin,
        mqttIngestion,
        secretKey,
        ports,
        scratchFolder,
        peer: async (command, { folders, environment = {} }) => {
          await providePeerPrefix(state, steps.line);
          const binds = folders.map((folder) => ({ from: folder, to: folder, writable: false }));
          const prefix = state.peers;
          return [
            bubblewrapPath(state.boot),
            ...sandboxArguments(command, { prefix, binds, environment, processNumbers: 'init' }),
          ];
        },
        log: (text) => steps.line(text),
      };
      const result = await Promise.race([run(context), interrupted]);
      if (result === undefined) return 130;
      console.log(JSON.stringify({ benchmark: name, ...result }));
      return 0;
    } finally {
      await services.stop();
    }
  } finally {
    release();
  }
}

try {
  const [name, ...flags] = process.argv.slice(2);
  if (name === undefined) list();
  process.exit(name === undefined ? 0 : await runBenchmark(name, flags));
} catch (error) {
  if (error instanceof AppError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
