import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

function leftoversIn(runFolder: string): { file: string; identity: ProcessIdentity }[] {
  if (!existsSync(runFolder)) return [];
  return readdirSync(runFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const file = join(runFolder, name);
      try {
        return { file, identity: JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity };
      } catch (error) {
        // A half-written file says nothing about any process.
        if (error instanceof SyntaxError) return { file, identity: { pid: 0, startTime: '', bootId: '' } };
        throw error;
      }
    });
}

/**
 * Ends what an earlier supervisor left behind when it was killed: only processes whose number and start time are
 * both the recorded ones. Returns how many there were.
 */
export async function endLeftovers(runFolder: string, limit_s = 10): Promise<number> {
  const found = leftoversIn(runFolder);
  const living = found.filter(({ identity }) => identity.pid > 0 && isAlive(identity));
  for (const { identity } of living) process.kill(-identity.pid, 'SIGTERM');
  const deadline = Date.now() + limit_s * 1000;
  while (living.some(({ identity }) => isAlive(identity)) && Date.now() < deadline) await delay(50);
  for (const { identity } of living) if (isAlive(identity)) process.kill(-identity.pid, 'SIGKILL');
  while (living.some(({ identity }) => isAlive(identity))) await delay(20);
  for (const { file } of found) rmSync(file, { force: true });
  return living.length;
}
