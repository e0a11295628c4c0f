import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext } from '../../infra/bench-context.ts';
import type { Seeded } from './database.ts';

const rootFolder = join(import.meta.dirname, '../..');

export interface RunningApi {
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** The product's own API on a seeded database. */
export async function startApi(
  context: BenchContext,
  { urlOf }: Seeded,
  port: number = context.ports.API,
): Promise<RunningApi> {
  const { ports, mqttAdmin } = context;
  // `--profile` leaves a processor profile in the folder of scratch data.
  const profile = context.flags.includes('--profile')
    ? ['--cpu-prof', `--cpu-prof-dir=${context.scratchFolder}`]
    : [];
  const child = spawn(process.execPath, [...profile, 'apps/api/dist/main.js'], {
    cwd: rootFolder,
    env: {
      PATH: process.env.PATH,
      WATTPROOF_PORT: String(port),
      WATTPROOF_DATABASE_URL: urlOf('wattproof_api'),
      WATTPROOF_AUTH_DATABASE_URL: urlOf('wattproof_auth'),
      WATTPROOF_REDIS_URL: context.redisUrl,
      WATTPROOF_MQTT_URL: context.mqttUrl,
      WATTPROOF_MQTT_USERNAME: mqttAdmin.username,
      WATTPROOF_MQTT_PASSWORD: mqttAdmin.password,
      WATTPROOF_SECRET_KEY: context.secretKey,
      WATTPROOF_PORTAL_URL: `http://localhost:${ports.PORTAL}`,
      WATTPROOF_API_URL: `http://localhost:${port}`,
      WATTPROOF_LOG_LEVEL: 'warn',
    },
    // It ends when the channel does, so that a benchmark that is killed leaves nothing behind.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const deadline_ms = Date.now() + 60_000;
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${port}/health`)).status === 200;
  // While it starts nothing listens yet.
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > deadline_ms) throw new Error('the API did not become ready');
    await delay(100);
  }
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export function buildApi(context: BenchContext): void {
  context.log('building the API');
  execFileSync('npm', ['run', 'build', '-w', '@wattproof/api'], {
    cwd: rootFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
