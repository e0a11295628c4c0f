import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { createLogger } from '@wattproof/runtime';
import type { SimulatedDevice } from '@wattproof/simulator';
import type { TestGateway } from '@wattproof/testkit';
import type { StartFile } from '../src/configuration.ts';

/** Silent unless a developer asks: a failing test shows what it awaited. */
export const testLogger = createLogger('edge', 'silent');

/** A folder that is removed after use. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'wattproof-edge-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

type Line = GatewayConfiguration['lines'][number];

export const tcpLine = (key: string, port: number, meters: Line['meters'], timeout_ms = 300): Line => ({
  key,
  transport: { kind: 'tcp', host: '127.0.0.1', port },
  timeout_ms,
  meters,
});

export const serialLine = (
  key: string,
  kind: 'rtu' | 'ascii',
  path: string,
  meters: Line['meters'],
  timeout_ms = 300,
): Line => ({
  key,
  transport: {
    kind,
    path,
    baud: 19_200,
    parity: kind === 'ascii' ? 'even' : 'none',
    dataBits: kind === 'ascii' ? 7 : 8,
    stopBits: 1,
  },
  timeout_ms,
  meters,
});

export const meter = (
  key: string,
  unit: number,
  profileId = 'ime-conto-d2',
  settings: Record<string, number> = {},
): Line['meters'][number] => ({ key, unit, profileId, settings });

export const configuration = (lines: readonly Line[], version = 1): GatewayConfiguration => ({
  version,
  pollPeriod_s: 1,
  lines: [...lines],
});

export const startFile = (
  { gatewayId, partition, mqttUrl, username, password }: TestGateway,
  stateFolder: string,
  read: GatewayConfiguration,
): StartFile => ({ gatewayId, partition, mqttUrl, username, password, stateFolder, configuration: read });

/** A single-phase meter whose voltage tells its unit, and whose energy tells the time. */
export const simulatedMeter = (unit: number, more: Partial<SimulatedDevice> = {}): SimulatedDevice => ({
  unit,
  profileId: 'ime-conto-d2',
  settings: {},
  values: (at_ms) => ({
    voltage_l1_n_v: 200 + unit,
    current_l1_a: 10,
    active_power_w: 1000 * unit,
    power_factor: 0.9,
    active_energy_import_wh: (at_ms % 1_000_000_000) - (at_ms % 10),
    active_energy_partial_wh: 0,
    operating_time_s: 3600,
  }),
  ...more,
});
