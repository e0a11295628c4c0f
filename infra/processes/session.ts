import { readdirSync, readFileSync } from 'node:fs';

/** Processes may be started while the others are being ended: so it is looked more than once. */
const looks = 3;

/** The living processes of a session, by the kernel's list. */
function membersOf(session: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // Fields are counted after the name, which may hold spaces and brackets: state, parent, group, session.
        const [state, , , of] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state !== 'Z' && Number(of) === session;
      } catch (error) {
        // It ended meanwhile.
        if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
        throw error;
      }
    });
}

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
