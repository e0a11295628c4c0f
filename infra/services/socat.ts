import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { StatePaths } from '../paths.ts';
import { provideServicePrefix } from './prefix.ts';
import { bubblewrapPath, sandboxArguments } from './sandbox.ts';

function hostSocat(environment: NodeJS.ProcessEnv): string | undefined {
  return (environment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'socat'))
    .find((file) => existsSync(file));
}

/**
 * Command that runs socat for the pseudo-terminals of simulated serial lines: the one of the prefix; where the
 * services came from outside and no prefix was made, the machine's own; else the prefix is made for it.
 */
export async function provideSocat(
  state: StatePaths,
  environment: NodeJS.ProcessEnv,
  report: (text: string) => void,
  abort: AbortSignal,
): Promise<readonly string[]> {
  const own = hostSocat(environment);
  if (!existsSync(state.prefix) && own !== undefined) return [own];
  await provideServicePrefix(state, report, abort);
  const sandbox = sandboxArguments(['/usr/bin/socat'], {
    prefix: state.prefix,
    binds: [{ from: state.serial, to: state.serial, writable: true }],
    hostDevices: true,
    processNumbers: 'init',
  });
  return [bubblewrapPath(state.boot), ...sandbox];
}
