import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfiguration, StateMessage, WireProfile } from '@wattproof/contracts/mqtt';
import { startLines } from '@wattproof/simulator';
import { enrolTestGateway, type TestGateway, waitFor } from '@wattproof/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProbation } from '../src/probation/record.ts';
import { configuration, meter, simulatedMeter, startFile, tcpLine, temporaryFolder } from './fixture.ts';
import { startWitness, type Witness } from './witness.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let gateway: TestGateway;
let witness: Witness;
let folder: ReturnType<typeof temporaryFolder>;
let port: number;
let processes: ChildProcess[] = [];
const running: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  gateway = await enrolTestGateway();
  witness = await startWitness(gateway);
  folder = temporaryFolder();
  const simulation = await startLines([
    { id: 'A', transport: 'tcp', port: 0, devices: [1, 2].map((u) => simulatedMeter(u)) },
  ]);
  running.push(simulation.stop);
  port = simulation.lines[0]?.port ?? 0;
});
afterEach(async () => {
  await Promise.all(processes.map(kill));
  processes = [];
  for (const stop of running.splice(0).reverse()) await stop();
  await witness.stop();
  await gateway.remove();
  folder.remove();
});

const launch = (): ChildProcess => {
  const path = join(folder.path, 'start.json');
  const first = configuration([tcpLine('A', port, [meter('M1', 1)])]);
  writeFileSync(path, JSON.stringify(startFile(gateway, folder.path, first)));
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, WATTPROOF_EDGE_CONFIG: path, WATTPROOF_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  processes.push(child);
  return child;
};
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
const send = (version: number, unit: number, more: Partial<GatewayConfiguration> = {}): Promise<void> =>
  witness.send(
    'config',
    {
      ...configuration([tcpLine('A', port, [meter('M1', unit), meter('M2', 2)])], version),
      probation_s: 6,
      ...more,
    },
    true,
  );
const state = (is: (state: StateMessage) => boolean, timeout_s = 120): Promise<StateMessage> =>
  waitFor(() => witness.states.findLast(is), { timeout_s });
const readings = (key: string): number => witness.readings.filter((r) => r.meterKey === key).length;

describe('a new configuration', () => {
  it('is kept once everything that answered before answers, and returned from when it does not', async () => {
    launch();
    await waitFor(() => readings('M1') >= 2, { timeout_s: 45 });
    // Kept as soon as it is proved: the rest of the time is for machines that are busy.
    await send(2, 1, { probation_s: 120 });
    await state((s) => s.configVersion === 2 && s.configuration?.phase === 'probation');
    await state((s) => s.configVersion === 2 && s.configuration?.phase === 'inForce');
    expect(existsSync(join(folder.path, 'probation.json'))).toBe(false);
    expect(readings('M2')).toBeGreaterThan(0);

    // Nobody has the address 9: M1 would be lost.
    await send(3, 9);
    const after = await state((s) => s.configuration?.returned?.version === 3);
    expect(after).toMatchObject({
      configVersion: 2,
      configuration: {
        phase: 'inForce',
        returned: { reason: 'devicesSilent', message: expect.stringMatching(/: M1$/) },
      },
    });
    const seen = readings('M1');
    await waitFor(() => readings('M1') > seen + 1, { timeout_s: 45 });

    // The broker retains what was returned from and brings it with every connection; it is not tried again.
    await send(3, 9);
    await send(4, 1, { lines: [tcpLine('A', port, [meter('M1', 1, 'no-such-profile')])] });
    const refused = await state((s) => s.configuration?.returned?.version === 4);
    expect(refused).toMatchObject({
      configVersion: 2,
      configuration: {
        phase: 'inForce',
        returned: { reason: 'unusable', message: 'meter M1: no profile is named no-such-profile' },
      },
    });
  }, 300_000);

  it('that the process dies under is returned from, however it dies', async () => {
    let child = launch();
    await waitFor(() => readings('M1') >= 1, { timeout_s: 45 });
    await send(2, 9, { probation_s: 600 });
    await state((s) => s.configVersion === 2);
    for (const life of [2, 3, 4]) {
      await kill(child);
      child = launch();
      // Killed before it has counted itself, it would be no life.
      if (life < 4) await waitFor(() => readProbation(folder.path)?.starts === life, { timeout_s: 60 });
    }
    const after = await state((s) => s.configuration?.returned?.version === 2);
    expect(after).toMatchObject({ configVersion: 1, configuration: { returned: { reason: 'restarted' } } });
    const seen = readings('M1');
    await waitFor(() => readings('M1') > seen, { timeout_s: 45 });
  }, 300_000);

  it('may bring profiles of its own, and is refused with one that cannot be read', async () => {
    launch();
    const own: WireProfile = {
      id: 'own-voltmeter',
      maker: 'x',
      models: ['x'],
      title: 'Voltmeter',
      source: 'a form',
      trust: 'documented',
      verified: false,
      functionCode: 3,
      limits: { maxWords: 8, minimumGap_ms: 0, unreadable: [] },
      points: [
        { key: 'volts', address: 0x2000, type: 'u32', measurand: 'voltage_l1_n_v', scale: { divide: 1000 } },
      ],
    };
    await send(2, 1, { lines: [tcpLine('A', port, [meter('V', 2, 'own-voltmeter')])], profiles: [own] });
    const reading = await waitFor(() => witness.readings.find((r) => r.meterKey === 'V'), { timeout_s: 45 });
    expect(reading.values).toEqual({ voltage_l1_n_v: 202 });
    const [point] = own.points;
    await send(3, 1, {
      lines: [tcpLine('A', port, [meter('V', 2, 'own-voltmeter')])],
      profiles: [{ ...own, points: point ? [{ ...point, scale: { tenTo: 'nowhere' } }] : [] }],
    });
    const refused = await state((s) => s.configuration?.returned?.version === 3);
    expect(refused.configuration?.returned?.message).toContain('follows from nowhere, which is no point');
  }, 120_000);
});
