import { readdirSync, readFileSync } from 'node:fs';

/** Seconds per tick of the times in /proc; Linux has reported 100 a second for decades (USER_HZ). */
const tick_s = 0.01;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly own_s: number;
  /** Of children that ended and were waited for. */
  readonly children_s: number;
}

function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0] = fields.slice(1);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11);
    return { pid, parent, name, own_s: (utime + stime) * tick_s, children_s: (cutime + cstime) * tick_s };
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}

/** Processor time of one process so far. */
export const cpuOf = (pid: number): number => timesOf(pid)?.own_s ?? 0;

/** Peak resident memory of a process, MB. */
export function peakMemory_mb(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

/** Processor time so far of the PostgreSQL server on this port, with all its processes; undefined where it runs elsewhere. */
export function postgresCpu(port: number): number | undefined {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter((times) => times?.name === 'postgres');
  const master = processes.find(
    (p) =>
      p &&
      commandOf(p.pid)
        .split(/[\s=\0]/)
        .includes(String(port)),
  );
  if (!master) return undefined;
  const children = processes.filter((p) => p?.parent === master.pid);
  return children.reduce((sum, p) => sum + (p?.own_s ?? 0), master.own_s + master.children_s);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
