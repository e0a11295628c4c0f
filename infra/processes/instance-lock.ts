import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '@wattproof/runtime';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isAlive(holder) ? holder : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Takes the lock of one state folder, or refuses with one sentence when a living process holds it. A lock left
 * behind by a killed process is taken over. Returns the release.
 */
export function takeInstanceLock(file: string, what: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const own = identifyProcess(process.pid);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder) {
      throw new AppError(
        'conflict',
        `${what} already runs here (process ${holder.pid}): stop it first with Ctrl-C in its terminal, or with kill ${holder.pid}.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new AppError(
    'conflict',
    `${what} is being started here by another process at this moment: wait for it.`,
  );
}
