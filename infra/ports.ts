import { AppError } from '@wattproof/runtime';
import { isFree } from './unused-port.ts';

/** Offsets from the base port; the table stands in ARCHITECTURE.md. */
const offsets = {
  PORTAL: 0,
  API: 1,
  INGESTION: 2,
  WORKERS: 3,
  SIMULATOR: 4,
  POSTGRES: 10,
  REDIS: 11,
  MQTT: 12,
  MODBUS: 30,
} as const;

export type PortName = keyof typeof offsets;
export type Ports = Readonly<Record<PortName, number>>;

const portNames = Object.keys(offsets) as PortName[];
const defaultBase = 24_300;

/** Ports reserved for simulated Modbus TCP endpoints, counted from `MODBUS`. */
const modbusPortCount = 40;

function portNumber(variable: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1024 && value <= 65_000) return value;
  throw new AppError(
    'invalid',
    `${variable} is "${text}", but must be a port number between 1024 and 65000.`,
  );
}

/**
 * The ports of one run. `shift` is 0 for the demo, 1000 for tests and 2000 for benchmarks. Single ports
 * (`WATTPROOF_PORT_<NAME>`) move only the demo's, so that tests and demo can run side by side.
 */
export function resolvePorts(shift = 0, environment: NodeJS.ProcessEnv = process.env): Ports {
  const base =
    portNumber('WATTPROOF_PORT_BASE', environment.WATTPROOF_PORT_BASE ?? String(defaultBase)) + shift;
  const entries = portNames.map((name) => {
    const single = shift === 0 ? environment[`WATTPROOF_PORT_${name}`] : undefined;
    const port = single ? portNumber(`WATTPROOF_PORT_${name}`, single) : base + offsets[name];
    return [name, port] as const;
  });
  return Object.fromEntries(entries) as Ports;
}

export interface PortWish {
  readonly port: number;
  /** What wants to listen there, as a person would say it. */
  readonly wantedBy: string;
  /** The variable that moves it. */
  readonly variable: string;
}

/** Refuses with one sentence when a wished port is taken or wished twice. */
export async function requireFreePorts(wishes: readonly PortWish[]): Promise<void> {
  const seen = new Map<number, PortWish>();
  for (const wish of wishes) {
    const other = seen.get(wish.port);
    if (other) {
      throw new AppError(
        'conflict',
        `Port ${wish.port} is wanted by both ${other.wantedBy} and ${wish.wantedBy}: set ${wish.variable} to another port.`,
      );
    }
    seen.set(wish.port, wish);
    if (await isFree(wish.port)) continue;
    throw new AppError(
      'conflict',
      `Port ${wish.port}, which ${wish.wantedBy} needs, is taken by another program: stop that program, or set ${wish.variable} to a free port.`,
    );
  }
}

const wantedBy: Readonly<Record<PortName, string>> = {
  PORTAL: 'the portal',
  API: 'the API',
  INGESTION: 'ingestion',
  WORKERS: 'the workers',
  SIMULATOR: 'the simulator',
  POSTGRES: 'TimescaleDB',
  REDIS: 'Redis',
  MQTT: 'the MQTT broker',
  MODBUS: 'the simulated Modbus devices',
};

/** The wishes for some named ports. Tests and benchmarks (`shift` not 0) only move together, by their base. */
export function portWishes(ports: Ports, names: readonly PortName[], shift = 0): PortWish[] {
  return names.flatMap((name) => {
    const variable = shift === 0 ? `WATTPROOF_PORT_${name} or WATTPROOF_PORT_BASE` : 'WATTPROOF_PORT_BASE';
    const count = name === 'MODBUS' ? modbusPortCount : 1;
    return Array.from({ length: count }, (_, offset) => ({
      port: ports[name] + offset,
      wantedBy: wantedBy[name],
      variable,
    }));
  });
}
