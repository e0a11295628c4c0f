import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { feedOrigin_ms } from './bench.ts';
import type { FedGateway } from './gateway.ts';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';
import type { DiskCommand, GatewayReport } from './small-disk-gateway.ts';

const disk_bytes = 12_000_000;
const meters = 20;
const period_ms = 30;

interface SmallDiskGateway extends Omit<FedGateway, 'feed'> {
  readonly order: (command: DiskCommand['kind']) => void;
  /** Starts it again after it was killed, from the first reading that is not on its disk. */
  readonly startAgain: () => void;
}

/** A gateway in a process of its own whose folder is a small file system in memory. */
async function startOnSmallDisk(bench: FaultBench): Promise<SmallDiskGateway> {
  const gateway = await bench.enrol({ meters });
  const folder = join(bench.folder, `disk-${gateway.gatewayId}`);
  mkdirSync(folder);
  const options = { mqttUrl: bench.mqttUrl, folder, period_ms, origin_ms: feedOrigin_ms(), step_ms: 1_000 };
  const child = spawn(
    bench.programs.bubblewrap,
    [
      ...['--unshare-user', '--die-with-parent', '--dev-bind', '/', '/'],
      ...['--size', String(disk_bytes), '--tmpfs', folder, '--'],
      ...[process.execPath, join(import.meta.dirname, 'small-disk-gateway.ts')],
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  bench.defer(close);
  let said: GatewayReport = { accepted: 0, outstanding: 0, held: null, fed: true };
  child.on('message', (report: GatewayReport) => {
    said = report;
  });
  const start = (firstCycle: number): void => {
    said = { ...said, accepted: firstCycle * meters, held: null, fed: true };
    child.send({
      kind: 'start',
      order: { gateway, options: { ...options, firstCycle } },
    } satisfies DiskCommand);
  };
  const order = (kind: DiskCommand['kind']): void => void child.send({ kind });
  start(0);
  return {
    ...gateway,
    accepted: () => said.accepted,
    sum_wh: () => (said.accepted * (said.accepted - 1)) / 2,
    outstanding: () => said.outstanding,
    held: () => said.held,
    order,
    startAgain: () => start((said.accepted - (said.held ?? 0)) / meters),
    stopFeeding: async () => {
      order('stopFeeding');
      await waitUntil(() => !said.fed, 60, 'that the gateway is fed no more');
    },
    close,
  };
}

/** Why the gateway stores nothing, as it said and ingestion stored. */
async function saidReason(bench: FaultBench, gatewayId: string): Promise<string | null> {
  const [row] = await bench.rows<{ reason: string | null }>(
    `SELECT state -> 'outbox' -> 'failing' ->> 'reason' AS reason FROM gateway WHERE id = $1`,
    [gatewayId],
  );
  return row?.reason ?? null;
}

/** The disk of a gateway runs full: readings wait in memory, it says so, and everything is stored when there is room. */
export const fullGatewayDisk: Scenario = {
  id: 'R6c',
  fault: 'disk of a gateway full',
  isDestructive: false,
  run: async (bench) => {
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const gateway = await startOnSmallDisk(bench);
    const isTold = async (): Promise<boolean> => (await saidReason(bench, gateway.gatewayId)) !== null;
    const isFull = async (): Promise<void> => {
      gateway.order('fill');
      await waitUntil(() => (gateway.held() ?? 0) > 0, 60, 'that nothing can be stored');
      await waitUntil(isTold, 60, 'that the gateway says so');
    };
    const isWell = async (): Promise<void> => {
      gateway.order('free');
      await waitUntil(() => gateway.held() === null, 60, 'that readings are stored again');
      await waitUntil(async () => !(await isTold()), 60, 'that the gateway says so');
    };
    await waitUntil(() => gateway.accepted() > 400, 60, 'some load');
    await isFull();
    const said = await saidReason(bench, gateway.gatewayId);
    await delay(1_000);
    const most = gateway.held() ?? 0;
    await isWell();
    let done = `${most} readings waited in memory, all were stored; it said: ${said}`;
    if (!bench.isShort) {
      await isFull();
      await gateway.stopFeeding();
      const lost = gateway.held() ?? 0;
      gateway.order('kill');
      gateway.order('free');
      gateway.startAgain();
      await waitUntil(() => gateway.outstanding() > 0, 60, 'that it goes on');
      done += `; killed while full: what was on its disk arrived, the ${lost} in memory were read again`;
    }
    const outcome = await bench.settle([gateway], done);
    return { ...outcome, wrong: [...(most > 0 ? [] : ['nothing waited in memory']), ...outcome.wrong] };
  },
};
