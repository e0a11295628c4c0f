import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { AppError } from '@wattproof/runtime';
import { rootFolder } from './paths.ts';
import { tailOf } from './processes/log-file.ts';
import { plainEnvironment } from './processes/node-process.ts';

export const builtApplications = [
  '@wattproof/api',
  '@wattproof/edge',
  '@wattproof/evidence',
  '@wattproof/ingestion',
  '@wattproof/portal',
] as const;

/** Runs turbo over some workspaces; what has not changed since the last time comes from its cache. */
export function runTurbo(
  task: 'build' | 'typecheck',
  workspaces: readonly string[],
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<void> {
  const filters = workspaces.map((name) => `--filter=${name}`);
  const turbo = join(rootFolder, 'node_modules/.bin/turbo');
  const args = [
    'run',
    task,
    ...filters,
    '--output-logs=errors-only',
    '--no-update-notifier',
    '--concurrency=2',
  ];
  const child = spawn(turbo, args, {
    cwd: rootFolder,
    env: {
      ...plainEnvironment(),
      TURBO_TELEMETRY_DISABLED: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own, so that a stop reaches the compilers it starts.
    detached: true,
  });
  onStart(child);
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-50_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new AppError('notReady', `turbo run ${task} failed:\n${tailOf(output, 40)}`));
    });
  });
}
