import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfiguration, WireReading } from '@wattproof/contracts/mqtt';
import { findProfile, followSunspec, type ProfileFinder } from '@wattproof/devices';
import { socatCommand, toolCommand, unusedPort, waitFor } from '@wattproof/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { carryOut } from '../src/command/command.ts';
import { type RunningLine, runLine } from '../src/line/line.ts';
import { meter, serialLine, tcpLine, temporaryFolder, testLogger } from './fixture.ts';
import { sunspecRegisters, sunspecTruth } from './sunspec-models.ts';

const here = dirname(fileURLToPath(import.meta.url));
let folder: ReturnType<typeof temporaryFolder>;
const running: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
  folder.remove();
});

/**
 * Registers written down by hand from the makers' tables, not by our encoder.
 * Unit 6, 0 046 77: 235.800 V, 12.345 A, 2 400 W, PF 0.82, 12 345 678 × 10 Wh, partial 2 × 10 Wh, 3 600 s.
 * Unit 7, 4 120 45 with CT ratio 100 (10 h: steps of 1 kWh): P = 123 456 × 0.01 W, negative; Ea+ = 1 000 kWh.
 */
const registers = [
  '6 8192 0003 9918 0000 3039 0000 0960 0000 0052 0000 0000 00BC 614E 0000 0002 0000 0E10',
  `7 4096 ${'0003 8270 '.repeat(3)}${'0000 2710 '.repeat(4)}${'0006 1A80 '.repeat(3)}0001 E240 0000 0000 0001 E240 0001 0000`,
  `7 4124 0000 03E8 0000 0000 0000 0000 0000 0000 FFB2 0000 01F4 ${'0000 '.repeat(72)}`,
  '7 4202 0000 0000 0000 0000 0005 0000',
  '7 4608 0064 000A 0000 0000 0010 0000 0000 0000',
].join('\n');

async function startServer(
  kind: 'tcp' | 'rtu' | 'ascii',
  place: string,
  held: string = registers,
): Promise<void> {
  const script = join(here, 'pymodbus-server.py');
  const { command, args } = toolCommand('python3', [script, kind, place], {
    binds: [{ folder: here }, { folder: folder.path, writable: true }],
    hostDevices: true,
  });
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdin.end(held);
  const ready = once(server.stdout, 'data');
  running.push(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  await ready;
}

async function startCable(): Promise<{ readonly device: string; readonly gateway: string }> {
  const [program = '', ...prefix] = JSON.parse(socatCommand(folder.path)) as string[];
  const [device, gateway] = [join(folder.path, 'device'), join(folder.path, 'gateway')];
  const pty = (link: string): string => `pty,raw,echo=0,link=${link}`;
  const socat = spawn(program, [...prefix, pty(device), pty(gateway)], { stdio: 'inherit' });
  running.push(async () => {
    socat.kill('SIGTERM');
    await once(socat, 'exit');
  });
  const { lstatSync } = await import('node:fs');
  await waitFor(() => lstatSync(device).isSymbolicLink() && lstatSync(gateway).isSymbolicLink());
  return { device, gateway };
}

function read(
  line: GatewayConfiguration['lines'][number],
  findProfile?: ProfileFinder,
): { readonly list: WireReading[]; readonly started: RunningLine } {
  const list: WireReading[] = [];
  const started = runLine({
    line,
    periods: { pollPeriod_s: 1 },
    onReadings: (some) => list.push(...some),
    logger: testLogger,
    ...(findProfile ? { findProfile } : {}),
  });
  running.push(started.stop);
  return { list, started };
}
const readings = (line: GatewayConfiguration['lines'][number]): WireReading[] => read(line).list;

const meters = [meter('M6', 6), meter('M7', 7, 'ime-nemo-96hd')];

const truth: Readonly<Record<string, WireReading['values']>> = {
  M6: {
    voltage_l1_n_v: 235.8,
    current_l1_a: 12.345,
    active_power_w: 2400,
    power_factor: 0.82,
    active_energy_import_wh: 123_456_780,
    active_energy_partial_wh: 20,
    operating_time_s: 3600,
  },
  M7: {
    voltage_l1_n_v: 230,
    current_l3_a: 10,
    voltage_l3_l1_v: 400,
    active_power_w: -1234.56,
    power_factor: -0.78,
    frequency_hz: 50,
    active_energy_import_wh: 1_000_000,
    operating_time_s: 18_000,
  },
};

/** Two whole readings of each meter; one whose answers came too late is not whole, and no less true. */
async function judge(list: readonly WireReading[]): Promise<void> {
  const keys = Object.keys(truth);
  const isWhole = ({ meterKey, values }: WireReading): boolean =>
    Object.keys(truth[meterKey] ?? {}).every((name) => name in values);
  await waitFor(() => keys.every((key) => list.filter((r) => r.meterKey === key && isWhole(r)).length >= 2), {
    timeout_s: 30,
  });
  for (const { meterKey, values } of list) {
    const expected = Object.entries(truth[meterKey] ?? {}).filter(([name]) => name in values);
    expect(values).toMatchObject(Object.fromEntries(expected));
  }
  const whole = list.find((r) => r.meterKey === 'M6' && isWhole(r));
  expect(Object.keys(whole?.values ?? {}).sort()).toEqual(Object.keys(truth.M6 ?? {}).sort());
}

describe('a server that is not ours', () => {
  it('is read over TCP', async () => {
    const port = await unusedPort();
    await startServer('tcp', String(port));
    await judge(readings(tcpLine('T', port, meters, 1000)));
  });

  it.each(['rtu', 'ascii'] as const)('is read over %s', async (kind) => {
    const { device, gateway } = await startCable();
    await startServer(kind, device);
    const line = serialLine('S', kind, gateway, meters, 1000);
    await judge(
      readings({
        ...line,
        transport: { ...line.transport, dataBits: 8, parity: 'none' } as typeof line.transport,
      }),
    );
  });

  it.each([40_000, 50_000])('describes itself by SunSpec at %i, and is then read by that', async (base) => {
    const port = await unusedPort();
    const words = sunspecRegisters.map((word) => word.toString(16).padStart(4, '0')).join(' ');
    await startServer('tcp', String(port), `${registers}\n9 ${base} ${words}`);
    const line = tcpLine('T', port, [meter('M6', 6)], 1000);
    const { started } = read(line);
    await waitFor(() => started.state().state === 'running', { timeout_s: 30 });
    // As the portal does it: the gateway asks, the cloud makes the profile of what the device said.
    const command = {
      kind: 'sunspec' as const,
      id: randomUUID(),
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      line: 'T',
      unit: 9,
    };
    const said = await carryOut(command, () => started);
    expect(said.outcome).toBe('done');
    const asked = said.registers.flatMap(({ address, words: list }) =>
      list.map((word, i) => [address + i, word] as const),
    );
    const found = followSunspec(new Map(asked), new Set(said.refusedAddresses));
    if (found.state !== 'found') throw new Error(`no profile: ${JSON.stringify(found)}`);
    expect(found.models).toEqual([1, 103, 203]);
    const own = { ...found.profile, id: 'own-sunspec' };
    const { list } = read({ ...line, meters: [meter('S', 9, own.id)] }, (id) =>
      id === own.id ? own : findProfile(id),
    );
    const reading = await waitFor(() => list[0], { timeout_s: 30 });
    expect(reading.values).toEqual(sunspecTruth);
    // What a device does not have is absent and said, never 0.
    expect(reading.exceptions).toMatchObject({ power_factor_l2: 'notAvailable' });
  });
});
