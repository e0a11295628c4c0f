import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unusedPort, waitFor } from '@wattproof/testkit';

const appFolder = join(import.meta.dirname, '..');
/** Inside `dist/`, so that imports resolve as they do from the build and git ignores it. */
const buildFolder = join(appFolder, 'dist', `test-${process.pid}`);
let isBuilt = false;

function build(): string {
  if (!isBuilt) {
    const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
    execFileSync(
      process.execPath,
      [compiler, '-p', join(appFolder, 'tsconfig.build.json'), '--outDir', buildFolder],
      { stdio: 'inherit' },
    );
    isBuilt = true;
  }
  return join(buildFolder, 'main.js');
}
export function removeBuild(): void {
  rmSync(buildFolder, { recursive: true, force: true });
  isBuilt = false;
}

export interface IngestionProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it logged so far, one JSON object a line. */
  readonly log: () => string;
  /** Resolves when it reads so many partitions. */
  readonly reads: (partitions: number) => Promise<void>;
  readonly health: () => Promise<{ readonly code: number; readonly body: IngestionHealth }>;
  /** Ends it without a chance to do anything. */
  readonly kill: () => Promise<void>;
  /** SIGTERM; the exit code. */
  readonly stop: () => Promise<number | null>;
}
export interface IngestionHealth {
  readonly status: string;
  readonly redis: boolean;
  readonly database: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly isConnected: boolean;
    readonly unacknowledged: number;
  }[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

/** Starts the service as `npm start` does: a process of its own that knows only its environment. */
export async function startIngestion(
  environment: Readonly<Record<string, string>>,
): Promise<IngestionProcess> {
  const main = build();
  const port = await unusedPort();
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...environment, WATTPROOF_PORT: String(port) },
    // It ends when the channel does, so that a test run that is killed leaves nothing behind.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      log += text;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = `http://127.0.0.1:${port}`;
  const health = async () => {
    const response = await fetch(`${url}/health`);
    return { code: response.status, body: (await response.json()) as IngestionHealth };
  };
  await waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(log);
      return (await health()).code > 0;
    },
    { timeout_s: 120 },
  );
  return {
    url,
    child,
    log: () => log,
    health,
    reads: async (partitions) => {
      await waitFor(
        async () => (await health()).body.partitions.filter((p) => p.isConnected).length === partitions,
        { timeout_s: 120 },
      );
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
