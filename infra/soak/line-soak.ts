import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { decode, findProfile } from '@wattproof/devices';
import { runLine } from '@wattproof/edge/line';
import { AppError, createLogger } from '@wattproof/runtime';
import { type FaultEffect, openPseudoTerminal, type RelayPartner, startRelay } from '@wattproof/simulator';
import { rootFolder } from '../paths.ts';
import { unusedPort } from '../unused-port.ts';
import type { SoakPlace } from './place.ts';

export const soakTransports = ['rtu', 'ascii', 'tcp', 'rtuOverTcp'] as const;
export type SoakTransport = (typeof soakTransports)[number];
export type SoakPartner = 'pymodbus' | 'libmodbus';

/** libmodbus has no ASCII. */
export const soakPairs: readonly (readonly [SoakPartner, SoakTransport])[] = [
  ['pymodbus', 'rtu'],
  ['pymodbus', 'ascii'],
  ['pymodbus', 'tcp'],
  ['pymodbus', 'rtuOverTcp'],
  ['libmodbus', 'rtu'],
  ['libmodbus', 'tcp'],
];

export interface SoakOutcome {
  readonly exchanges: number;
  readonly faults: number;
  readonly readings: number;
  readonly values: number;
  readonly timeouts: number;
  /** Values that differ from what the device holds: none, or the gateway is wrong. */
  readonly wrong: readonly string[];
}

/** The faults of the list, in turns; delays lie around the shortest time that a device is waited for. */
const faults: readonly FaultEffect[] = [
  { kind: 'late', delay_ms: 230 },
  { kind: 'silent' },
  { kind: 'repeated', delay_ms: 4 },
  { kind: 'wrongCheck' },
  { kind: 'split', pause_ms: 25 },
  { kind: 'garbageBefore', bytes: 7 },
  { kind: 'twoReplies' },
  { kind: 'late', delay_ms: 560 },
  { kind: 'exception', code: 6 },
  { kind: 'wrongUnit' },
  { kind: 'wrongLength', words: 1 },
  { kind: 'drip', pause_ms: 1 },
  { kind: 'repeated', delay_ms: 60 },
  { kind: 'wrongLength', words: -1 },
  { kind: 'exception', code: 2 },
  { kind: 'unplug' },
  { kind: 'late', delay_ms: 900 },
];

const profileId = 'ime-nemo-96hd';
const registers = { from: 0x1000, to: 0x1210 } as const;
const wordAt = (unit: number, address: number): number => (address * 0x9e37 + unit * 0x1d3) & 0xffff;

/** Short: every device is always due, so the partner is asked as fast as it answers. */
const saturating_s = 0.001;
const timeout_ms = 150;

/**
 * Reads a slave that is not ours through a line on which everything goes wrong, and compares every value with what the
 * slave was given. Every nth reply suffers the next fault of the list.
 */
export async function soakLine(
  [partner, transport]: readonly [SoakPartner, SoakTransport],
  { exchanges, every }: { readonly exchanges: number; readonly every: number },
  place: SoakPlace,
): Promise<SoakOutcome> {
  const profile = findProfile(profileId);
  if (!profile) throw new AppError('notFound', `no profile ${profileId}`);
  // libmodbus answers for one address.
  const units = partner === 'libmodbus' ? [7] : [7, 8];
  const stops: (() => Promise<unknown>)[] = [];
  try {
    mkdirSync(place.folder, { recursive: true });
    const { framing, entrance, devices } = await startDevices([partner, transport], units, place, stops);
    let struck = 0;
    const relay = await startRelay({
      framing,
      entrance,
      partner: devices,
      faultOf: (n) => (n % every === 0 ? faults[struck++ % faults.length] : undefined),
    });
    stops.push(relay.stop);
    const expected = new Map(
      units.map((unit) => {
        const words = new Map<number, number>();
        for (let at = registers.from; at <= registers.to; at++) words.set(at, wordAt(unit, at));
        return [`U${unit}`, decode(profile, { words }).values];
      }),
    );
    const wrong: string[] = [];
    let [readings, values] = [0, 0];
    const line = runLine({
      line: {
        key: 'soak',
        transport:
          entrance.kind === 'tcp'
            ? { kind: transport === 'tcp' ? 'tcp' : 'rtuOverTcp', host: '127.0.0.1', port: entrance.port }
            : {
                kind: transport === 'ascii' ? 'ascii' : 'rtu',
                path: entrance.gatewayPath,
                baud: 19_200,
                parity: 'none',
                dataBits: 8,
                stopBits: 1,
              },
        timeout_ms,
        meters: units.map((unit) => ({ key: `U${unit}`, unit, profileId, settings: {} })),
      },
      periods: { pollPeriod_s: saturating_s },
      onReadings: (some) => {
        for (const reading of some) {
          readings++;
          const truth = expected.get(reading.meterKey);
          for (const [name, value] of Object.entries(reading.values)) {
            values++;
            const right = truth?.[name as keyof typeof truth];
            if (value !== right) wrong.push(`${reading.meterKey} ${name}: ${value} instead of ${right}`);
          }
        }
      },
      logger: createLogger('soak', 'fatal'),
    });
    stops.push(line.stop);
    while (line.state().requests < exchanges) await new Promise((resolve) => setTimeout(resolve, 50));
    const { requests, timeouts } = line.state();
    return { exchanges: requests, faults: struck, readings, values, timeouts, wrong };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/**
 * The same on several lines side by side, which share the exchanges: a line waits for its wire, for late replies and for
 * devices far longer than it computes.
 */
export async function soakSideBySide(
  pair: readonly [SoakPartner, SoakTransport],
  { exchanges, every, lines }: { readonly exchanges: number; readonly every: number; readonly lines: number },
  place: SoakPlace,
): Promise<SoakOutcome> {
  const share = Math.ceil(exchanges / lines);
  const outcomes = await Promise.all(
    Array.from({ length: lines }, (_, n) =>
      soakLine(pair, { exchanges: share, every }, { ...place, folder: join(place.folder, String(n)) }),
    ),
  );
  const sum = (of: (outcome: SoakOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    exchanges: sum((o) => o.exchanges),
    faults: sum((o) => o.faults),
    readings: sum((o) => o.readings),
    values: sum((o) => o.values),
    timeouts: sum((o) => o.timeouts),
    wrong: outcomes.flatMap((o) => o.wrong),
  };
}

interface Devices {
  readonly framing: 'rtu' | 'ascii' | 'tcp';
  readonly entrance:
    | { readonly kind: 'tcp'; readonly port: number }
    | {
        readonly kind: 'serial';
        readonly devicePath: string;
        readonly gatewayPath: string;
        readonly socat: readonly string[];
      };
  readonly devices: RelayPartner;
}

async function startDevices(
  [partner, transport]: readonly [SoakPartner, SoakTransport],
  units: readonly number[],
  { folder, socat, python }: SoakPlace,
  stops: (() => Promise<unknown>)[],
): Promise<Devices> {
  const path = (name: string): string => join(folder, `${partner}-${transport}-${name}`);
  const serve = async (kind: 'tcp' | 'rtu' | 'ascii', where: string): Promise<void> => {
    const script =
      partner === 'pymodbus' ? 'apps/edge/test/pymodbus-server.py' : 'infra/soak/libmodbus-server.py';
    const { command, args } = python(join(rootFolder, script), [kind, where]);
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.end(units.map(registersOf).join('\n'));
    stops.push(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    const early = once(child, 'exit').then(() => {
      throw new AppError('dependencyUnavailable', `${partner} ended before it served ${kind}`);
    });
    await Promise.race([once(child.stdout, 'data'), early]);
    early.catch(() => undefined); // Ended by us from now on.
  };
  if (transport === 'tcp') {
    const port = await unusedPort();
    await serve('tcp', String(port));
    return {
      framing: 'tcp',
      entrance: { kind: 'tcp', port: await unusedPort() },
      devices: { kind: 'tcp', port },
    };
  }
  const mode = transport === 'ascii' ? 'ascii' : 'rtu';
  const far = await openPseudoTerminal({ devicePath: path('partner'), gatewayPath: path('relay'), socat });
  stops.push(far.stop);
  await serve(mode, path('partner'));
  return {
    framing: mode,
    entrance:
      transport === 'rtuOverTcp'
        ? { kind: 'tcp', port: await unusedPort() }
        : { kind: 'serial', devicePath: path('device'), gatewayPath: path('gateway'), socat },
    devices: { kind: 'serial', path: path('relay') },
  };
}

function registersOf(unit: number): string {
  const words: string[] = [];
  for (let at = registers.from; at <= registers.to; at++)
    words.push(wordAt(unit, at).toString(16).padStart(4, '0'));
  return `${unit} ${registers.from} ${words.join(' ')}`;
}
