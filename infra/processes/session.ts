import { readdirSync } from 'node:fs';
import { readProcessStat } from './process-identity.ts';

/** Processes may be started while the others are being ended: so it is looked more than once. */
const looks = 3;

/** The living processes of a session, by the kernel's list. */
const membersOf = (session: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readProcessStat(pid)?.session === session);

/**
 * Ends a process that was started detached, and all that it has started: a build tool gives each of its tasks a process group
 * of its own, but they stay in its session.
 */
export function endSession(leader: number): void {
  for (let look = 0; look < looks; look++)
    for (const pid of membersOf(leader))
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
}
