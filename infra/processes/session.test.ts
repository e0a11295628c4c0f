import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';
import { endSession } from './session.ts';

test('a detached program ends with what it has put into process groups of their own', async () => {
  // `set -m` gives each job a group of its own, as a build tool does.
  const child = spawn('bash', ['-c', 'set -m; sleep 600 & echo $!; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [told] = (await once(child.stdout, 'data')) as [Buffer];
  const job = identifyProcess(Number(told.toString())) as ProcessIdentity;
  expect(isAlive(job)).toBe(true);
  const exited = once(child, 'exit');
  endSession(child.pid as number);
  expect((await exited)[1]).toBe('SIGKILL');
  await vi.waitFor(() => expect(isAlive(job)).toBe(false));
});
