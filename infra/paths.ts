import { join, resolve } from 'node:path';

/** Root of this checkout. */
export const rootFolder = resolve(import.meta.dirname, '..');

export interface StatePaths {
  readonly root: string;
  /** Programs that only unpack and sandbox the prefixes (bubblewrap, mmdebstrap). */
  readonly boot: string;
  readonly prefix: string;
  readonly tools: string;
  /** Programs that benchmarks compare with. */
  readonly peers: string;
  readonly postgres: string;
  readonly redis: string;
  readonly mosquitto: string;
  readonly edge: string;
  /** Pseudo-terminals of simulated serial lines. */
  readonly serial: string;
  readonly logs: string;
  readonly run: string;
  readonly secrets: string;
  readonly demo: string;
  readonly lock: string;
}

/** The one ignored folder all state lives in: `WATTPROOF_STATE`, or `.wattproof` in the checkout. */
export function stateRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment.WATTPROOF_STATE ?? join(rootFolder, '.wattproof'));
}

/**
 * Folders of one run. Programs (`boot`, `prefix`, `tools`, `peers`) are shared by start, test and bench; data, logs and
 * secrets of tests and benchmarks live in a sub-folder, so they never touch the demo's.
 */
export function statePaths(
  part: '' | 'test' | 'bench' | 'test/demo' = '',
  environment: NodeJS.ProcessEnv = process.env,
): StatePaths {
  const programs = stateRoot(environment);
  const root = part === '' ? programs : join(programs, part);
  return {
    root,
    boot: join(programs, 'boot'),
    prefix: join(programs, 'prefix'),
    tools: join(programs, 'tools'),
    peers: join(programs, 'peers'),
    postgres: join(root, 'postgres'),
    redis: join(root, 'redis'),
    mosquitto: join(root, 'mosquitto'),
    edge: join(root, 'edge'),
    serial: join(root, 'serial'),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    secrets: join(root, 'secrets.json'),
    demo: join(root, 'demo.json'),
    lock: join(root, 'supervisor.lock'),
  };
}
