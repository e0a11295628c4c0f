import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@wattproof/runtime';
import type { StatePaths } from '../paths.ts';
import { type RunningChild, startChild } from '../processes/child-process.ts';
import { type KeptProcess, keepRunning } from '../processes/keep-running.ts';
import { rotatedLogFile } from '../processes/log-file.ts';
import { type Bind, bubblewrapPath, sandboxArguments } from './sandbox.ts';

export interface ServiceContext {
  readonly paths: StatePaths;
  /** Ends a start that is under way. */
  readonly abort: AbortSignal;
  /** Called when a service ends by itself and when it runs again. */
  readonly report: (text: string) => void;
  readonly processNumbers: 'own' | 'host';
}

export type ServiceProcess = KeptProcess;

export interface ServiceSpecification {
  readonly name: string;
  readonly command: readonly string[];
  readonly binds: readonly Bind[];
  readonly stopSignal: NodeJS.Signals;
  /** Before each start. */
  readonly prepare?: () => void;
  /** Speaks the service's own protocol; throws until it serves. */
  readonly probe: () => Promise<void>;
}

const readyLimit_s = 90;
const abortLimit_s = 4;

/**
 * Starts a service of the prefix and returns when its protocol answers. From then on it is kept running: when it
 * ends by itself, that is reported with its last lines and it is started again.
 */
export function startSandboxed(
  context: ServiceContext,
  specification: ServiceSpecification,
): Promise<ServiceProcess> {
  const { report, abort } = context;
  const start = (signal: AbortSignal) => startOnce(context, specification, signal);
  return keepRunning({ name: specification.name, start, report }, abort);
}

async function startOnce(
  context: ServiceContext,
  specification: ServiceSpecification,
  abort: AbortSignal,
): Promise<RunningChild> {
  abort.throwIfAborted();
  const { name, command, binds } = specification;
  const { processNumbers } = context;
  specification.prepare?.();
  const sandbox = { prefix: context.paths.prefix, binds, infoDescriptor: 3, processNumbers };
  const child = await startChild({
    name,
    command: bubblewrapPath(context.paths.boot),
    args: sandboxArguments(command, sandbox),
    env: process.env,
    cwd: context.paths.root,
    logFile: rotatedLogFile(context.paths.logs, name),
    runFolder: context.paths.run,
    channel: 'sandbox',
    stopSignal: specification.stopSignal,
  });
  const deadline = Date.now() + readyLimit_s * 1000;
  for (;;) {
    if (abort.aborted) {
      await child.stop(abortLimit_s);
      abort.throwIfAborted();
    }
    if (child.hasExited()) {
      throw new AppError('dependencyUnavailable', `${name} ended while starting:\n${child.lastLines(12)}`);
    }
    try {
      await specification.probe();
      return child;
    } catch (error) {
      if (Date.now() < deadline) {
        await delay(100);
        continue;
      }
      await child.stop(5);
      throw new AppError(
        'dependencyUnavailable',
        `${name} was not ready within ${readyLimit_s} s (${String(error)}):\n${child.lastLines(12)}`,
      );
    }
  }
}
