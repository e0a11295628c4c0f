import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@wattproof/runtime';
import type { SeedMessage } from './demo-process.ts';
import type { SeedDemoOptions, SeededDemo } from './demo-seed.ts';
import { rootFolder, type StatePaths } from './paths.ts';
import { rotatedLogFile } from './processes/log-file.ts';
import { plainEnvironment } from './processes/node-process.ts';
import type { Secrets } from './secrets.ts';

export interface SeedingOptions extends Omit<SeedDemoOptions, 'databaseUrlOf'> {
  readonly state: StatePaths;
  readonly rolePasswords: Secrets['databaseRolePasswords'];
  /** Called with the process, so that a stop ends it too. */
  readonly onStart: (child: ChildProcess) => void;
}

/** Fills the demo in a process of its own and returns what was seeded. */
export function runSeeding(seeding: SeedingOptions): Promise<SeededDemo> {
  const { state, rolePasswords, onStart, progress, ...options } = seeding;
  const logFile = rotatedLogFile(state.logs, 'demo');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [join(rootFolder, 'infra/demo-process.ts')], {
    cwd: rootFolder,
    env: { ...plainEnvironment(), WATTPROOF_STATE: options.stateFolder },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  onStart(child);
  return new Promise((resolve, reject) => {
    let result: SeededDemo | undefined;
    let reason = `its process ended early (${logFile})`;
    child.on('message', (message: SeedMessage) => {
      if (message.kind === 'progress') progress(message.text);
      if (message.kind === 'done') result = message.demo;
      if (message.kind === 'failed') reason = `${message.reason} (${logFile})`;
    });
    child.once('error', reject);
    child.once('exit', () => {
      if (result) resolve(result);
      else reject(new AppError('notReady', `The demo could not be filled: ${reason}`));
    });
    child.send({ options, rolePasswords });
  });
}
