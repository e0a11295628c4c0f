import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tailOf } from './log-file.ts';
import { identifyProcess } from './process-identity.ts';

export interface ChildSpecification {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logFile: string;
  /** Folder of the files that let a later start find what a killed supervisor left behind. */
  readonly runFolder: string;
  /** `ipc`: a Node process that ends when its channel closes. `sandbox`: bubblewrap that tells the inner pid. */
  readonly channel: 'ipc' | 'sandbox';
  readonly stopSignal: NodeJS.Signals;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<ChildExit>;
  readonly hasExited: () => boolean;
  /** Last lines of its log, for a report on the terminal. */
  readonly lastLines: (count: number) => string;
  /** Asks it to stop, and ends its whole process group when it has not within the limit. */
  readonly stop: (limit_s: number) => Promise<void>;
}

function innerPid(child: ChildProcess): Promise<number> {
  const stream = child.stdio[3];
  return new Promise((resolve, reject) => {
    let text = '';
    if (!stream || !('on' in stream)) {
      reject(new Error('the sandbox has no information pipe'));
      return;
    }
    stream.on('data', (chunk) => {
      text += String(chunk);
    });
    stream.on('error', reject);
    stream.on('end', () => {
      const found = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (found) resolve(Number(found));
      else reject(new Error(`the sandbox did not start: ${text}`));
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts a child in a process group of its own (Ctrl-C reaches only the supervisor), its output in a log file. */
export async function startChild(specification: ChildSpecification): Promise<RunningChild> {
  mkdirSync(specification.runFolder, { recursive: true });
  const log = openSync(specification.logFile, 'a', 0o600);
  const child = spawn(specification.command, specification.args, {
    cwd: specification.cwd,
    env: specification.env,
    detached: true,
    stdio: ['ignore', log, log, specification.channel === 'ipc' ? 'ipc' : 'pipe'],
  });
  closeSync(log);
  let exit: ChildExit | undefined;
  const exited = new Promise<ChildExit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  await Promise.race([new Promise((resolve) => child.once('spawn', resolve)), exited]);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${specification.name} has no process`);
  const pidFile = join(specification.runFolder, `${specification.name}.json`);
  writeFileSync(pidFile, JSON.stringify({ ...identifyProcess(pid), name: specification.name }), {
    mode: 0o600,
  });
  const target = specification.channel === 'sandbox' ? await innerPid(child).catch(() => pid) : pid;
  let cleared = false;
  const stop = async (limit_s: number): Promise<void> => {
    if (cleared) return;
    if (!exit) {
      signalProcess(target, specification.stopSignal);
      const limit = setTimeout(() => signalGroup(pid, 'SIGKILL'), limit_s * 1000);
      await exited;
      clearTimeout(limit);
    }
    // What the child itself has started and left behind shares its process group.
    cleared = true;
    signalGroup(pid, 'SIGKILL');
    rmSync(pidFile, { force: true });
  };
  return {
    name: specification.name,
    pid,
    logFile: specification.logFile,
    exited,
    hasExited: () => exit !== undefined,
    lastLines: (count) => tailOf(readFileSync(specification.logFile, 'utf8'), count),
    stop,
  };
}
