import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DeviceProfile } from '@wattproof/devices';
import { type Fault, type FaultEffect, startLines } from '@wattproof/simulator';
import { waitUntil } from '../faults/scenario.ts';
import type { SoakPlace } from './place.ts';

/** mbpoll is a master of libmodbus: it knows neither ASCII nor RTU over TCP. */
export const masterTransports = ['rtu', 'tcp'] as const;
export type MasterTransport = (typeof masterTransports)[number];

export interface MasterOutcome {
  readonly exchanges: number;
  readonly faults: number;
  readonly values: number;
  /** What mbpoll said, and how often. */
  readonly errors: Readonly<Record<string, number>>;
  /** Values that differ from what the simulated device holds, and faults that mbpoll did not see as what they are. */
  readonly wrong: readonly string[];
}

interface MasterFault {
  readonly effect: FaultEffect;
  /** What mbpoll says of it, or of the exchange after it; null where it reads on as if nothing were. */
  readonly seen: Readonly<Record<MasterTransport, RegExp | null>>;
}

const timeout_s = 0.5;
const later = /Response not from requested slave|Invalid data/;
const broken = /Invalid CRC|Invalid data|Response not from requested slave|Connection timed out/;

/** The list of faults as a master sees them. A CRC is nothing that TCP has: there the reply is lost. */
const faults: readonly MasterFault[] = [
  { effect: { kind: 'late', delay_ms: 900 }, seen: { rtu: /timed out/, tcp: /timed out/ } },
  { effect: { kind: 'silent' }, seen: { rtu: /timed out/, tcp: /timed out/ } },
  { effect: { kind: 'repeated', delay_ms: 4 }, seen: { rtu: later, tcp: later } },
  { effect: { kind: 'wrongCheck' }, seen: { rtu: /Invalid CRC/, tcp: /timed out/ } },
  { effect: { kind: 'split', pause_ms: 25 }, seen: { rtu: null, tcp: null } },
  { effect: { kind: 'garbageBefore', bytes: 7 }, seen: { rtu: broken, tcp: broken } },
  { effect: { kind: 'twoReplies' }, seen: { rtu: later, tcp: later } },
  { effect: { kind: 'exception', code: 6 }, seen: { rtu: /busy/, tcp: /busy/ } },
  // Over TCP libmodbus goes by the number of the request, not by the unit.
  { effect: { kind: 'wrongUnit' }, seen: { rtu: /not from requested slave/, tcp: null } },
  { effect: { kind: 'wrongLength', words: 1 }, seen: { rtu: broken, tcp: broken } },
  { effect: { kind: 'wrongLength', words: -1 }, seen: { rtu: broken, tcp: broken } },
  { effect: { kind: 'drip', pause_ms: 1 }, seen: { rtu: null, tcp: null } },
  // It never opens a connection anew: its life ends here.
  { effect: { kind: 'unplug' }, seen: { rtu: /Input\/output error|timed out/, tcp: /Connection reset/ } },
];

/**
 * Two replies on one serial line are beyond libmodbus: it takes the second for the answer to its next request, as a master
 * without our immunity does. It is not asked there.
 */
const faultsOf = (transport: MasterTransport): readonly MasterFault[] =>
  faults.filter(({ effect }) => transport === 'tcp' || effect.kind !== 'twoReplies');

const units = [1, 2, 3] as const;
const first = 0x0100;
const words = 32;
const life_s = 300;
const wordAt = (unit: number, address: number): number => (address * 0x9e37 + unit * 0x1d3) & 0xffff;

/** A device whose registers hold what `wordAt` says. */
const profileOf = (unit: number): DeviceProfile => ({
  id: `soak-${unit}`,
  maker: '-',
  models: [],
  title: 'Constant registers',
  source: 'soak',
  trust: 'simulated',
  verified: false,
  functionCode: 3,
  limits: { maxWords: 125, minimumGap_ms: 0, unreadable: [] },
  points: Array.from({ length: words }, (_, i) => ({
    key: `word${i}`,
    address: first + i,
    type: 'u16',
    initial: wordAt(unit, first + i),
  })),
});

/** One life of mbpoll: it reads in a loop, and one fault strikes in the middle. */
interface Life {
  readonly requests: number;
  readonly printed: string;
  readonly complaints: string;
}

/**
 * An independent master reads our simulated devices: what it prints must be what they hold, and each fault must be to it
 * what it is. A life per fault, since what one leaves behind in the wire would be taken for the next one's.
 */
export async function soakMaster(
  transport: MasterTransport,
  { exchanges, life }: { readonly exchanges: number; readonly life: number },
  place: SoakPlace,
): Promise<MasterOutcome> {
  const list = faultsOf(transport);
  const errors: Record<string, number> = {};
  const wrong: string[] = [];
  let [asked, struck, values] = [0, 0, 0];
  while (asked < exchanges || struck < list.length) {
    const fault = list[struck % list.length] as MasterFault;
    const { requests, ...said } = await liveOnce(transport, fault.effect, { life, place });
    asked += requests;
    struck++;
    const read = judge(said);
    values += read.values;
    wrong.push(...read.wrong);
    for (const error of read.errors) errors[error] = (errors[error] ?? 0) + 1;
    const expected = fault.seen[transport];
    if (expected && !read.errors.some((error) => expected.test(error)))
      wrong.push(
        `${JSON.stringify(fault.effect)} was seen as ${[...new Set(read.errors)].join(', ') || 'nothing'}`,
      );
  }
  return { exchanges: asked, faults: struck, values, errors, wrong };
}

async function liveOnce(
  transport: MasterTransport,
  effect: FaultEffect,
  { life, place }: { readonly life: number; readonly place: SoakPlace },
): Promise<Life> {
  let requests = 0;
  let struckAt_ms: number | undefined;
  const strikes: Fault = {
    ...effect,
    when: () => {
      requests++;
      if (requests !== Math.ceil(life / 2)) return false;
      struckAt_ms = Date.now();
      return true;
    },
  };
  const path = (name: string): string => join(place.folder, `master-${transport}-${name}`);
  const devices = units.map((unit) => ({
    unit,
    profileId: `soak-${unit}`,
    profile: profileOf(unit),
    settings: {},
    values: () => ({}),
    faults: [strikes],
  }));
  const lines = await startLines(
    [
      transport === 'tcp'
        ? { id: 'master', transport, port: 0, devices }
        : { id: 'master', transport, devicePath: path('device'), gatewayPath: path('line'), devices },
    ],
    { socat: place.socat },
  );
  const where =
    transport === 'tcp'
      ? ['-m', 'tcp', '-p', String(lines.lines[0]?.port), '127.0.0.1']
      : ['-m', 'rtu', '-b', '19200', '-P', 'none', path('line')];
  const what = [
    '-0',
    '-a',
    `${units[0]}:${units.at(-1)}`,
    '-t',
    '4:hex',
    '-r',
    String(first),
    '-c',
    String(words),
  ];
  const { command, args } = place.mbpoll([...what, '-l', '11', '-o', String(timeout_s), ...where]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    const isOver = (): boolean =>
      requests >= life ||
      (effect.kind === 'unplug' && struckAt_ms !== undefined && Date.now() - struckAt_ms > 2000 * timeout_s);
    await waitUntil(() => isOver() || hasEnded(), life_s, `${life} exchanges of mbpoll over ${transport}`);
    if (hasEnded()) throw new Error(`mbpoll has ended by itself: ${complaints.slice(-500)}`);
  } finally {
    if (!hasEnded()) {
      child.kill('SIGINT');
      await once(child, 'close');
    }
    await lines.stop();
  }
  return { requests, printed, complaints };
}

/** What mbpoll printed: values by the slave that it says they are of, and what it says went wrong. */
function judge({ printed, complaints }: Omit<Life, 'requests'>): {
  readonly values: number;
  readonly errors: readonly string[];
  readonly wrong: readonly string[];
} {
  const errors = [...complaints.matchAll(/failed: (.*)/g)].map((found) => found[1] as string);
  const wrong: string[] = [];
  let values = 0;
  let unit = 0;
  for (const line of printed.split('\n')) {
    const polled = /slave (\d+)\.\.\./.exec(line);
    if (polled) unit = Number(polled[1]);
    const [, address, content] = /^\[(\d+)\]:\s+0x([0-9A-F]{4})$/.exec(line.trim()) ?? [];
    if (address === undefined || content === undefined) continue;
    values++;
    const right = wordAt(unit, Number(address));
    if (Number.parseInt(content, 16) !== right)
      wrong.push(`slave ${unit} register ${address}: ${content} instead of ${right.toString(16)}`);
  }
  return { values, errors, wrong };
}
