import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@wattproof/runtime';
import { rootFolder, type StatePaths } from '../paths.ts';
import { type RunningChild, startChild } from './child-process.ts';
import { rotatedLogFile } from './log-file.ts';

export interface NodeProcess {
  readonly name: string;
  /** Script and arguments, the script relative to the checkout. */
  readonly command: readonly [string, ...string[]];
  readonly workingFolder?: string;
  readonly env: Readonly<Record<string, string>>;
  /** URL that answers without a server error when the process is ready. */
  readonly healthUrl?: string;
  readonly readyLimit_s?: number;
}

/** Generous: a machine that builds something else at the same time starts a process many times slower. */
const defaultReadyLimit_s = 150;
/** A process that is not ready yet has little to finish. */
const abortLimit_s = 2;

/** The surrounding environment without what is ours: each process gets only the variables meant for it. */
export function plainEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('WATTPROOF_') && !name.startsWith('npm_'),
    ),
  );
}

async function answers(url: string, abort: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([abort, AbortSignal.timeout(5000)]);
    const response = await fetch(url, { redirect: 'manual', signal });
    await response.arrayBuffer();
    return response.status < 400;
  } catch {
    // Not listening yet: asked again until the limit.
    return false;
  }
}

/** Starts one Node process of the product and returns when it is ready. */
export async function startNodeProcess(
  specification: NodeProcess,
  state: StatePaths,
  abort: AbortSignal,
): Promise<RunningChild> {
  abort.throwIfAborted();
  const { name, command, healthUrl, readyLimit_s = defaultReadyLimit_s } = specification;
  const [script, ...args] = command;
  const follow = join(rootFolder, 'infra/processes/follow-parent.mjs');
  const child = await startChild({
    name,
    command: process.execPath,
    args: ['--import', follow, '--enable-source-maps', join(rootFolder, script), ...args],
    env: {
      ...plainEnvironment(),
      NODE_ENV: 'production',
      // Compiled code is kept between starts, which makes them about twice as fast.
      NODE_COMPILE_CACHE: join(state.root, 'cache/node'),
      ...specification.env,
    },
    cwd: join(rootFolder, specification.workingFolder ?? '.'),
    logFile: rotatedLogFile(state.logs, name),
    runFolder: state.run,
    channel: 'ipc',
    stopSignal: 'SIGTERM',
  });
  const deadline = Date.now() + readyLimit_s * 1000;
  while (healthUrl !== undefined && !(await answers(healthUrl, abort))) {
    if (abort.aborted) {
      await child.stop(abortLimit_s);
      abort.throwIfAborted();
    }
    if (child.hasExited()) {
      throw new AppError(
        'notReady',
        `${name} ended while starting (${child.logFile}):\n${child.lastLines(12)}`,
      );
    }
    if (Date.now() > deadline) {
      await child.stop(2);
      throw new AppError(
        'notReady',
        `${name} was not ready within ${readyLimit_s} s (${healthUrl}; ${child.logFile}):\n${child.lastLines(12)}`,
      );
    }
    await delay(100);
  }
  return child;
}
