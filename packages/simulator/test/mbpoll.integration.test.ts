import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { socatCommand, toolCommand } from '@wattproof/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedDevice } from '../src/modbus/line.ts';
import { startLines } from '../src/modbus/lines.ts';

const run = promisify(execFile);
let folder: string;
let stop: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattproof-simulator-'));
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

const conto: SimulatedDevice = {
  unit: 6,
  profileId: 'ime-conto-d2',
  settings: {},
  coils: 4,
  values: () => ({
    voltage_l1_n_v: 235.8,
    current_l1_a: 12.345,
    active_power_w: 2400,
    power_factor: 0.82,
    active_energy_import_wh: 123_456_780,
    active_energy_partial_wh: 20,
    operating_time_s: 3600,
  }),
};

/** mbpoll is a master of its own (libmodbus): its output is judged, not ours. */
async function mbpoll(args: readonly string[], place: string): Promise<string> {
  const serial = place.startsWith('/');
  const options = serial ? { binds: [{ folder }], hostDevices: true } : {};
  const command = toolCommand('mbpoll', ['-1', '-0', '-q', ...args, place], options);
  const { stdout } = await run(command.command, command.args).catch(
    (error: { stdout: string; stderr: string }) => ({
      stdout: error.stdout + error.stderr,
    }),
  );
  return stdout;
}
const value = (output: string, address: number): string | undefined =>
  new RegExp(`^\\[${address}\\]:\\s+(\\S+)`, 'm').exec(output)?.[1];

async function reads(ask: (args: readonly string[]) => Promise<string>): Promise<void> {
  const voltage = await ask(['-a', '6', '-t', '4:int', '-B', '-r', '8192', '-c', '1']);
  expect(value(voltage, 8192)).toBe('235800');
  const factor = await ask(['-a', '6', '-t', '4:hex', '-r', '8199', '-c', '1']);
  expect(value(factor, 8199)).toBe('0x0052');
  const energy = await ask(['-a', '6', '-t', '4:int', '-B', '-r', '8202', '-c', '1']);
  expect(value(energy, 8202)).toBe('12345678');
  expect(await ask(['-a', '6', '-t', '4', '-r', '16384', '-c', '1'])).toMatch(/Illegal data address/);
  expect(await ask(['-a', '6', '-t', '3', '-r', '8192', '-c', '1'])).toMatch(/Illegal function/);
}

describe('mbpoll, an independent master, reads the simulator', () => {
  it('over TCP, and switches a coil', async () => {
    const lines = await startLines([{ id: 'A', transport: 'tcp', port: 0, devices: [conto] }]);
    ({ stop } = lines);
    const port = String(lines.lines[0]?.port);
    const ask = (args: readonly string[]): Promise<string> =>
      mbpoll(['-m', 'tcp', '-p', port, ...args], '127.0.0.1');
    await reads(ask);
    const command = toolCommand('mbpoll', [
      '-m',
      'tcp',
      '-p',
      port,
      '-0',
      '-a',
      '6',
      '-t',
      '0',
      '-r',
      '2',
      '127.0.0.1',
      '1',
    ]);
    expect((await run(command.command, command.args)).stdout).toMatch(/Written 1 references/);
    expect(value(await ask(['-a', '6', '-t', '0', '-r', '2', '-c', '1']), 2)).toBe('1');
    expect(value(await ask(['-a', '6', '-t', '0', '-r', '1', '-c', '1']), 1)).toBe('0');
  });

  it('over RTU', async () => {
    const gatewayPath = join(folder, 'line.gateway');
    const lines = await startLines(
      [{ id: 'R', transport: 'rtu', devicePath: join(folder, 'line.device'), gatewayPath, devices: [conto] }],
      { socat: JSON.parse(socatCommand(folder)) as string[] },
    );
    ({ stop } = lines);
    await reads((args) =>
      mbpoll(['-m', 'rtu', '-b', '19200', '-P', 'none', '-o', '2', ...args], gatewayPath),
    );
  });
});
