import { spawn } from 'node:child_process';
import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningServer } from './tcp-server.ts';

export interface PseudoTerminal {
  readonly devicePath: string;
  readonly gatewayPath: string;
  /** Command that runs socat, before its own arguments. */
  readonly socat: readonly string[];
  readonly onExit?: (reason: string) => void;
}

const start_ms = 5000;

/** A pair of connected pseudo-terminals: a serial cable between two programs. */
export async function openPseudoTerminal(options: PseudoTerminal): Promise<RunningServer> {
  const { devicePath, gatewayPath, socat } = options;
  const [program, ...prefix] = socat;
  if (!program) throw new Error('the socat command is empty');
  for (const path of [devicePath, gatewayPath]) {
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
  }
  const end = (path: string): string => `pty,raw,echo=0,link=${path}`;
  const child = spawn(program, [...prefix, end(devicePath), end(gatewayPath)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-500);
  });
  let exited: string | undefined;
  let stopping = false;
  const gone = (reason: string): void => {
    if (exited !== undefined) return;
    exited = reason;
    if (!stopping) options.onExit?.(reason);
  };
  child.once('error', (error) => gone(error.message));
  child.once('exit', (code, signal) => gone(`${signal ?? `code ${code}`} ${complaint}`.trim()));
  const deadline = Date.now() + start_ms;
  while (!((await isLink(devicePath)) && (await isLink(gatewayPath)))) {
    if (exited !== undefined) throw new Error(`socat ended: ${exited}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`socat made no pseudo-terminals in ${start_ms} ms: ${complaint}`);
    }
    await pause(20);
  }
  return {
    stop: async () => {
      stopping = true;
      // First the names: a terminal's number is given again at once, and who still opens the name would reach another line.
      await Promise.all([rm(devicePath, { force: true }), rm(gatewayPath, { force: true })]);
      if (exited === undefined) {
        child.kill('SIGTERM');
        await new Promise((resolve) => child.once('exit', resolve));
      }
    },
  };
}

const isLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
