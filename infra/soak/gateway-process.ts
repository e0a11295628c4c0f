import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { edgeEnvironment } from '../applications.ts';
import { waitUntil } from '../faults/scenario.ts';

const run = promisify(execFile);

/** The gateway of the product as a process, to be killed. */
export interface GatewayProcess {
  /** What it has said since it was started. */
  readonly said: () => string;
  /** Waits until it has said something. */
  readonly says: (text: string) => Promise<void>;
  /** Takes away all room in files, as a full disk does, or gives it back. */
  readonly limitFiles: (isFull: boolean) => Promise<void>;
  readonly end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}

const sayLimit_s = 60;
/** Enough for the heads of files that are written anew; the log of an outbox begins beyond. */
const full_bytes = 4096;

/** @param program arguments of Node: the bundle as it is shipped, or the source. */
export function startGatewayProcess(
  program: readonly string[],
  stateFolder: string,
  start: object,
): GatewayProcess {
  const path = join(stateFolder, 'start.json');
  writeFileSync(path, JSON.stringify(start), { mode: 0o600 });
  const child: ChildProcess = spawn(process.execPath, [...program], {
    env: {
      PATH: process.env.PATH,
      ...edgeEnvironment,
      WATTPROOF_EDGE_CONFIG: path,
      WATTPROOF_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    said: () => said,
    says: async (text) => {
      await waitUntil(() => said.includes(text) || hasEnded(), sayLimit_s, `the gateway to say "${text}"`);
      if (!said.includes(text)) throw new Error(`the gateway ended by itself: ${said.slice(-2000)}`);
    },
    limitFiles: async (isFull) => {
      const limit = isFull ? `${full_bytes}:unlimited` : 'unlimited:unlimited';
      await run('prlimit', ['--pid', String(child.pid), `--fsize=${limit}`]);
    },
    end: async (signal) => {
      if (hasEnded()) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}
