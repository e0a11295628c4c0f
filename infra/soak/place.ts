import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StatePaths } from '../paths.ts';
import { bubblewrapPath, sandboxArguments } from '../services/sandbox.ts';

/** Where the lines of a soak lie, and how the partners' programs are run. */
export interface SoakPlace {
  /** Folder of pseudo-terminals; socat and the partners may write there. */
  readonly folder: string;
  readonly socat: readonly string[];
  /** Command that runs a Python script with the tools' Python. */
  readonly python: (script: string, args: readonly string[]) => SoakCommand;
  /** Command that runs mbpoll, which may open the folder's pseudo-terminals. */
  readonly mbpoll: (args: readonly string[]) => SoakCommand;
}

export interface SoakCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export function soakPlace(state: StatePaths): SoakPlace {
  const folder = join(state.root, 'soak');
  mkdirSync(folder, { recursive: true });
  const bubblewrap = bubblewrapPath(state.boot);
  const bind = (from: string, writable: boolean) => ({ from, to: from, writable });
  const tool = (command: readonly string[], binds: readonly ReturnType<typeof bind>[]): SoakCommand => ({
    command: bubblewrap,
    args: sandboxArguments(command, {
      prefix: state.tools,
      binds: [...binds, bind(folder, true)],
      hostDevices: true,
      processNumbers: 'init',
    }),
  });
  return {
    folder,
    socat: [
      bubblewrap,
      ...sandboxArguments(['/usr/bin/socat'], {
        prefix: state.prefix,
        binds: [bind(folder, true)],
        hostDevices: true,
        processNumbers: 'init',
      }),
    ],
    python: (script, args) => tool(['/usr/bin/python3', script, ...args], [bind(dirname(script), false)]),
    mbpoll: (args) => tool(['/usr/bin/mbpoll', ...args], []),
  };
}
