import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { edgeEnvironment } from '../infra/applications.ts';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { enrolCommands } from '../infra/faults/gateway.ts';
import { controlBroker } from '../infra/services/broker-control.ts';
import { flag, median, rounded } from './figures/measure.ts';
import { outboxRate } from './gateway/outbox.ts';
import type { PlantOrder } from './gateway/plant.ts';
import { type Received, startReceiver } from './gateway/receiver.ts';
import { cpuOf, peakMemory_mb } from './ingest/cpu.ts';

const rootFolder = join(import.meta.dirname, '..');
const measurandCount = 38;
const small = { lines: 1, unitsPerLine: 32, period_s: 10 } as const;
const large = { lines: 40, unitsPerLine: 25, period_s: 60 } as const;
/** Connections, the first batches and what a process loads late. */
const warmUp_s = 20;

/**
 * The bundled gateway as it is shipped, with the flags it is started with, between simulated control units over Modbus TCP
 * and the real broker: 32 devices × 38 measurands every 10 s, and beside it, as a process of its own, 1,000 devices every
 * 60 s. Whoever answers, receives and acknowledges is in other processes.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const minutes = flag(context.flags, '--minutes', 3);
  context.log('building the gateway');
  execFileSync(process.execPath, [join(rootFolder, 'apps/edge/build/build.ts')]);
  const outbox_readings_per_s = outboxRate(join(context.scratchFolder, 'outbox'), 3);
  context.log(`outbox: ${outbox_readings_per_s} readings/s`);
  const gateways = [
    await startGateway(context, 'bench-small', small),
    await startGateway(context, 'bench-large', large),
  ] as const;
  try {
    await delay(1000 * warmUp_s);
    const [few, many] = await Promise.all(gateways.map((gateway) => measure(gateway, minutes)));
    if (!few || !many) throw new Error('both are measured');
    return {
      core_share: rounded(median(few.coreShares)),
      rss_mb: few.peak_mb,
      wire_bytes_per_value: rounded(few.received.bytes / few.received.values),
      outbox_readings_per_s,
      fsync: 'every commit but deletions (WAL, synchronous=FULL)',
      readings_share: rounded(few.received.readings / ((60 * minutes * 32) / small.period_s)),
      values_per_reading: rounded(few.received.values / few.received.readings),
      batches_per_cycle: rounded(few.received.batches / ((60 * minutes) / small.period_s)),
      thousand_core_share: rounded(median(many.coreShares)),
      thousand_rss_mb: many.peak_mb,
      thousand_readings_share: rounded(many.received.readings / ((60 * minutes * 1000) / large.period_s)),
      thousand_wire_bytes_per_value: rounded(many.received.bytes / many.received.values),
      measurands: measurandCount,
      minutes,
    };
  } finally {
    for (const gateway of gateways) await gateway.stop();
  }
}

interface RunningGateway {
  readonly pid: number;
  readonly received: () => Received;
  readonly stop: () => Promise<void>;
}

async function startGateway(
  context: BenchContext,
  gatewayId: string,
  { lines, unitsPerLine, period_s }: PlantOrder & { readonly period_s: number },
): Promise<RunningGateway> {
  const partition = 0;
  const password = randomBytes(18).toString('base64url');
  const gateway = { gatewayId, partition, password };
  const remove = [
    { command: 'deleteClient', username: gatewayId },
    { command: 'deleteRole', rolename: `gateway:${gatewayId}` },
  ];
  for (const command of remove)
    await controlBroker(context.mqttUrl, context.mqttAdmin, [command]).catch(() => undefined); // Of an earlier run, if any.
  await controlBroker(context.mqttUrl, context.mqttAdmin, enrolCommands(gateway));
  const receiver = await startReceiver(context, gateway);
  const order: PlantOrder = { lines, unitsPerLine };
  const plant = fork(join(import.meta.dirname, 'gateway/plant.ts'), [JSON.stringify(order)]);
  const [ports] = (await once(plant, 'message')) as [number[]];
  const stateFolder = join(context.scratchFolder, gatewayId);
  rmSync(stateFolder, { recursive: true, force: true });
  mkdirSync(stateFolder, { recursive: true });
  const startFile = join(stateFolder, 'start.json');
  const configuration = {
    version: 1,
    pollPeriod_s: period_s,
    lines: ports.map((port, line) => ({
      key: `L${line}`,
      transport: { kind: 'tcp', host: '127.0.0.1', port },
      meters: Array.from({ length: unitsPerLine }, (_, unit) => ({
        key: `M${line * unitsPerLine + unit}`,
        unit: unit + 1,
        profileId: 'ime-nemo-96hd',
      })),
    })),
  };
  const start = {
    gatewayId,
    partition,
    mqttUrl: context.mqttUrl,
    username: gatewayId,
    password,
    stateFolder,
    configuration,
  };
  writeFileSync(startFile, JSON.stringify(start), { mode: 0o600 });
  const child = spawn(process.execPath, [join(rootFolder, 'apps/edge/dist/main.cjs')], {
    env: {
      PATH: process.env.PATH,
      ...edgeEnvironment,
      WATTPROOF_EDGE_CONFIG: startFile,
      WATTPROOF_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    pid: child.pid ?? 0,
    received: receiver.received,
    stop: async () => {
      await ended(child);
      plant.kill('SIGTERM');
      await receiver.stop();
      await controlBroker(context.mqttUrl, context.mqttAdmin, remove);
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error('the gateway has ended by itself');
  child.kill('SIGTERM');
  await once(child, 'exit');
}

interface Measured {
  /** Share of a core, minute by minute. */
  readonly coreShares: readonly number[];
  readonly peak_mb: number;
  readonly received: Received;
}

async function measure({ pid, received }: RunningGateway, minutes: number): Promise<Measured> {
  const before = received();
  const coreShares: number[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const [cpu_s, start_ms] = [cpuOf(pid), performance.now()];
    await delay(60_000);
    coreShares.push((1000 * (cpuOf(pid) - cpu_s)) / (performance.now() - start_ms));
  }
  const after = received();
  return {
    coreShares,
    peak_mb: peakMemory_mb(pid),
    received: {
      batches: after.batches - before.batches,
      readings: after.readings - before.readings,
      values: after.values - before.values,
      bytes: after.bytes - before.bytes,
    },
  };
}
