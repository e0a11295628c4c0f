import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLines } from '@wattproof/simulator';
import { enrolTestGateway, startCable, type TestGateway, waitFor } from '@wattproof/testkit';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StartFile } from '../src/configuration.ts';
import { openOutbox } from '../src/outbox/outbox.ts';
import { configuration, meter, simulatedMeter, startFile, tcpLine, temporaryFolder } from './fixture.ts';
import { startWitness, type Witness } from './witness.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let gateway: TestGateway;
let witness: Witness;
let folder: ReturnType<typeof temporaryFolder>;
let start: StartFile;
let processes: ChildProcess[] = [];
let log = '';
const running: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  log = '';
  gateway = await enrolTestGateway();
  witness = await startWitness(gateway);
  folder = temporaryFolder();
  const units = [1, 2, 3];
  const simulation = await startLines([
    { id: 'A', transport: 'tcp', port: 0, devices: units.map((u) => simulatedMeter(u)) },
  ]);
  running.push(simulation.stop);
  const meters = units.map((u) => meter(`M${u}`, u));
  start = startFile(
    gateway,
    folder.path,
    configuration([tcpLine('A', simulation.lines[0]?.port ?? 0, meters)]),
  );
});
afterEach(async () => {
  await Promise.all(processes.map((child) => kill(child)));
  processes = [];
  for (const stop of running.splice(0).reverse()) await stop();
  await witness.stop();
  await gateway.remove();
  folder.remove();
});

function launch(file: StartFile = start): ChildProcess {
  const path = join(folder.path, 'start.json');
  writeFileSync(path, JSON.stringify(file));
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, WATTPROOF_EDGE_CONFIG: path, WATTPROOF_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  processes.push(child);
  return child;
}

async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Readings as (meter, instant), to be compared as sets. */
const keys = (): string[] => witness.readings.map((r) => `${r.meterKey}@${r.at_ms}`);

describe('a gateway process that is killed', () => {
  it('loses no batch and numbers none twice, killed at five moments with nothing acknowledged', async () => {
    witness.acknowledging = false;
    for (let round = 0; round < 5; round++) {
      const child = launch();
      const seen = witness.positions.length;
      await waitFor(() => witness.positions.length > seen + round, { timeout_s: 30 });
      await kill(child);
    }
    const held = openOutbox(folder.path);
    const stored = held.batchesAfter('live', 0, 1000).map((b) => b.seq);
    const waiting = held.waitingReadings();
    held.close();
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, i) => i + 1));
    const published = new Map<number, string>();
    witness.positions.forEach((p) => {
      expect(p.lane).toBe('live');
      expect(stored).toContain(p.seq);
      published.set(p.seq, p.boot);
    });
    expect(new Set(published.values()).size).toBe(1);
    expect(waiting).toBe(0);

    witness.acknowledging = true;
    const child = launch();
    await waitFor(() => stored.every((seq) => witness.positions.slice(-1000).some((p) => p.seq === seq)), {
      timeout_s: 30,
    });
    await kill(child, 'SIGTERM');
    // One meter's readings are one a second, apart from the moments at which no process ran; none came in two versions.
    const byKey = new Map<string, string>();
    for (const reading of witness.readings) {
      const key = `${reading.meterKey}@${reading.at_ms}`;
      const content = JSON.stringify(reading.values);
      expect(byKey.get(key) ?? content).toBe(content);
      byKey.set(key, content);
    }
  }, 120_000);

  it('stops within 5 s on SIGTERM, with code 0 and nothing left behind unsaved', async () => {
    const child = launch();
    await waitFor(() => witness.readings.length >= 3, { timeout_s: 20 });
    const asked_ms = Date.now();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(Date.now() - asked_ms).toBeLessThan(5000);
    await waitFor(() => witness.states.at(-1)?.online === false);
  });
});

describe('a broker that is away', () => {
  it('costs nothing: what was read meanwhile comes by the back-fill lane, in few batches, without a gap', async () => {
    const cable = await startCable(gateway.mqttUrl);
    running.push(async () => cable.close());
    launch({ ...start, mqttUrl: cable.url });
    await waitFor(() => witness.readings.length >= 6, { timeout_s: 20 });
    cable.pull();
    const cut_ms = Date.now();
    await waitFor(() => Date.now() - cut_ms > 8000, { timeout_s: 10 });
    cable.plug();
    await waitFor(() => witness.positions.some((p) => p.lane === 'backfill'), { timeout_s: 30 });
    // A busy machine may miss a poll; 8 s of outage it may not.
    const instants = (): number[] =>
      witness.readings
        .filter((r) => r.meterKey === 'M3')
        .map((r) => r.at_ms)
        .toSorted((a, b) => a - b);
    const longestGap_ms = (): number =>
      Math.max(...instants().map((at_ms, i, all) => at_ms - (all[i - 1] ?? at_ms)));
    await waitFor(() => Math.max(...instants()) > cut_ms + 10_000 && longestGap_ms() < 4000, {
      timeout_s: 60,
    });
    expect(new Set(keys()).size).toBe(
      new Set(witness.readings.map((r) => JSON.stringify([r.meterKey, r.at_ms, r.values]))).size,
    );
    const backfilled = witness.positions.filter((p) => p.lane === 'backfill');
    expect(backfilled.length).toBeLessThanOrEqual(3);
    await waitFor(() => {
      const held = openOutbox(folder.path);
      const left = held.unacknowledged('backfill') + held.waitingReadings();
      held.close();
      return left === 0;
    });
  });
});

describe('a broker that refuses', () => {
  it('is said clearly for wrong credentials, and nothing is lost', async () => {
    launch({ ...start, password: 'wrong' });
    await waitFor(() => /the user name or password was refused|not authorised/.test(log), { timeout_s: 20 });
    await waitFor(() => {
      const held = openOutbox(folder.path);
      const waiting = held.waitingReadings();
      held.close();
      return waiting >= 6;
    });
    expect(witness.readings).toEqual([]);
  });

  it('is said clearly for another gateway’s topic, with the reason code', async () => {
    launch({ ...start, gatewayId: 'somebody-else' });
    await waitFor(() => /"reasonCode":135|subscription was refused/.test(log), { timeout_s: 20 });
    expect(witness.readings).toEqual([]);
    expect(readFileSync(join(folder.path, 'start.json'), 'utf8')).toContain('somebody-else');
    expect(log).not.toContain(start.password);
  });

  it('is said clearly where another program has this gateway’s identity, and the two do not fight', async () => {
    launch();
    await waitFor(() => witness.readings.length >= 3, { timeout_s: 20 });
    const { mqttUrl, gatewayId, username, password } = gateway;
    const other = await connectAsync(mqttUrl, {
      protocolVersion: 5,
      clientId: gatewayId,
      username,
      password,
    });
    running.push(() => other.endAsync(true));
    await waitFor(() => log.includes('another program is connected with the identity of this gateway'));
    const wait_ms = Number(/"wait_ms":(\d+),"msg":"the broker refuses/.exec(log)?.[1]);
    expect(wait_ms).toBeGreaterThanOrEqual(7500);
  });
});
