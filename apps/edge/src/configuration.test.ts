import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertUsable, configurationInForce, readStartFile, storeConfiguration } from './configuration.ts';

type Meter = GatewayConfiguration['lines'][number]['meters'][number];
const meter = (key: string, unit: number, profileId = 'ime-conto-d2'): Meter => ({
  key,
  unit,
  profileId,
  settings: {},
});
const configuration = (meters: readonly Meter[], version = 1): GatewayConfiguration => ({
  version,
  pollPeriod_s: 10,
  lines: [
    {
      key: 'A',
      transport: { kind: 'tcp', host: '127.0.0.1', port: 502 },
      timeout_ms: 300,
      meters: [...meters],
    },
  ],
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-configuration-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('assertUsable', () => {
  it('names the meter that cannot be read', () => {
    expect(() => assertUsable(configuration([meter('M1', 1, 'unheard-of')]))).toThrow(/meter M1: no profile/);
    expect(() => assertUsable(configuration([meter('M1', 1), meter('M1', 2)]))).toThrow(/M1 is listed twice/);
    expect(() => assertUsable(configuration([meter('M1', 1), meter('M2', 1, 'socomec-jbus')]))).toThrow(
      /unit 1: two profiles/,
    );
  });

  it('lets several inputs of one device share its unit', () => {
    const inputs = [1, 2].map((n) => meter(`W${n}`, 9, 'legrand-concentrator'));
    expect(() => assertUsable(configuration(inputs))).not.toThrow();
  });
});

describe('the start file', () => {
  const write = (content: unknown): string => {
    const path = join(folder, 'start.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const complete = {
    gatewayId: 'laval-1',
    partition: 0,
    mqttUrl: 'mqtt://127.0.0.1:1883',
    username: 'laval-1',
    password: 'secret',
    stateFolder: '/tmp/nowhere',
    configuration: configuration([meter('M1', 1)]),
  };

  it('is refused with what is wrong, and read when nothing is', () => {
    expect(() => readStartFile(join(folder, 'missing.json'))).toThrow(/cannot be read/);
    expect(() => readStartFile(write('{'))).toThrow(/is not JSON/);
    expect(() => readStartFile(write({ ...complete, gatewayId: 'Laval 1' }))).toThrow(/gatewayId/);
    expect(() => readStartFile(write({ ...complete, mqttUrl: 'http://x' }))).toThrow(/mqttUrl/);
    expect(readStartFile(write(complete)).configuration.lines[0]?.meters[0]?.key).toBe('M1');
  });

  it('stands until a newer configuration has been received, and again when it is newer itself', async () => {
    const start = { ...complete, stateFolder: folder };
    expect(configurationInForce(start).version).toBe(1);
    await storeConfiguration(folder, configuration([meter('M2', 2)], 5));
    expect(configurationInForce(start).lines[0]?.meters[0]?.key).toBe('M2');
    expect(readdirSync(folder)).toEqual(['configuration.json']);
    expect(
      configurationInForce({ ...start, configuration: configuration([meter('M3', 3)], 6) }).version,
    ).toBe(6);
  });
});
