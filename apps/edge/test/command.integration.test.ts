import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CommandMessage } from '@wattproof/contracts/mqtt';
import { encodeRtu, findProfile, readRequest } from '@wattproof/devices';
import { startLines } from '@wattproof/simulator';
import { socatCommand, waitFor } from '@wattproof/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { carryOut } from '../src/command/command.ts';
import { type RunningLine, runLine } from '../src/line/line.ts';
import { meter, serialLine, simulatedMeter, tcpLine, temporaryFolder, testLogger } from './fixture.ts';

let folder: ReturnType<typeof temporaryFolder>;
const running: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
  folder.remove();
});

const run = async (line: Parameters<typeof runLine>[0]['line']): Promise<RunningLine> => {
  const started = runLine({
    line,
    periods: { pollPeriod_s: 1 },
    onReadings: () => undefined,
    logger: testLogger,
  });
  running.push(started.stop);
  await waitFor(() => started.state().state === 'running');
  return started;
};
const inTime = (): string => new Date(Date.now() + 10_000).toISOString();
const reading = (more: Partial<Extract<CommandMessage, { kind: 'read' }>> = {}): CommandMessage => ({
  kind: 'read',
  id: randomUUID(),
  expiresAt: inTime(),
  line: 'A',
  unit: 6,
  functionCode: 3,
  address: 0x2000,
  words: 2,
  ...more,
});
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

describe('a command', () => {
  it('reads a register between two polls and shows the bytes of the wire', async () => {
    const simulation = await startLines(
      [
        {
          id: 'A',
          transport: 'rtu',
          devicePath: join(folder.path, 'line.device'),
          gatewayPath: join(folder.path, 'line.gateway'),
          devices: [simulatedMeter(6)],
        },
      ],
      { socat: JSON.parse(socatCommand(folder.path)) as string[] },
    );
    running.push(simulation.stop);
    const line = await run(serialLine('A', 'rtu', join(folder.path, 'line.gateway'), [meter('M6', 6)]));
    const result = await carryOut(reading(), () => line);
    // 206 V in millivolts.
    expect(result).toMatchObject({
      outcome: 'done',
      registers: [{ address: 0x2000, words: [0x0003, 0x24b0] }],
    });
    const [exchange] = result.exchanges;
    expect(exchange?.request).toBe(hex(encodeRtu({ unit: 6, pdu: readRequest(3, 0x2000, 2) })));
    expect(exchange?.reply).toMatch(/^060304000324B0/);
    const refused = await carryOut(reading({ address: 0x4000, words: 1 }), () => line);
    expect(refused).toMatchObject({ outcome: 'exception', exceptionCode: 2, registers: [] });
    const silent = await carryOut(reading({ unit: 77 }), () => line);
    expect(silent).toMatchObject({ outcome: 'timeout', exchanges: [{ reply: null }] });
  }, 30_000);

  it('is not carried out late, nor on a line that is not there', async () => {
    const simulation = await startLines([
      { id: 'A', transport: 'tcp', port: 0, devices: [simulatedMeter(6)] },
    ]);
    running.push(simulation.stop);
    const line = await run(tcpLine('A', simulation.lines[0]?.port ?? 0, [meter('M6', 6)]));
    const late = await carryOut(reading({ expiresAt: new Date(Date.now() - 1).toISOString() }), () => line);
    expect(late).toMatchObject({ outcome: 'expired', exchanges: [] });
    expect(await carryOut(reading({ line: 'B' }), () => undefined)).toMatchObject({ outcome: 'refused' });
  });

  it('writes only over what was seen before, and says what is there afterwards', async () => {
    const profile = findProfile('control-interface');
    const point =
      profile?.points.find((p) => p.writable && p.allowed === undefined) ??
      profile?.points.find((p) => p.writable);
    if (!point) throw new Error('the control interface has parameters');
    const device = { ...simulatedMeter(8), profileId: 'control-interface', values: () => ({}) };
    const simulation = await startLines([{ id: 'A', transport: 'tcp', port: 0, devices: [device] }]);
    running.push(simulation.stop);
    const line = await run(
      tcpLine('A', simulation.lines[0]?.port ?? 0, [meter('C', 8, 'control-interface')]),
    );
    const read = await carryOut(reading({ unit: 8, address: point.address, words: 1 }), () => line);
    const before = [...(read.registers[0]?.words ?? [])];
    const wanted = [(before[0] ?? 0) === 1 ? 0 : 1];
    const write = (was: number[]): CommandMessage => ({
      kind: 'write',
      id: randomUUID(),
      expiresAt: inTime(),
      line: 'A',
      unit: 8,
      address: point.address,
      before: was,
      words: wanted,
    });
    expect(await carryOut(write([4711]), () => line)).toMatchObject({
      outcome: 'refused',
      registers: [{ words: before }],
    });
    const done = await carryOut(write(before), () => line);
    expect(done).toMatchObject({ outcome: 'done', registers: [{ words: wanted }] });
    expect(done.exchanges).toHaveLength(3);
  });
});
