import {
  type Communication,
  modbusAddresses,
  type Parity,
  parities,
  type SerialMode,
  segmentLimit,
  serialModes,
} from '../communication.ts';
import type { ReadBlock } from '../plan.ts';
import { type DeviceProfile, inputsOf } from '../profile.ts';
import { type RateGroup, rateGroups } from '../rate-group.ts';
import { type CharacterFormat, exchangeBytes, exchangeTime_ms } from './exchange-time.ts';
import { type GroupPeriods, groupPeriods, lineCost_words, pollBlocks, pollsOf } from './poll.ts';

/** How a line is to be run. */
export interface LineSettings extends CharacterFormat {
  /**
   * `serial`: a port of the gateway. `converter`: TCP to an RS485 converter, the serial side has the format. `network`:
   * each device has its own address on the network; no serial limits hold.
   */
  readonly transport: 'serial' | 'converter' | 'network';
  readonly length_m?: number;
  /** RS485 repeaters on the line; each begins a new segment of 32 devices and 1000 m. */
  readonly repeaters?: number;
}

/** One meter to be read: several of one unit address are inputs of one device. */
export interface PlannedMeter {
  /** What the findings call it. */
  readonly name: string;
  readonly unitAddress: number;
  readonly profile: DeviceProfile;
  /** What this product can be set to, where it is narrower than its profile. */
  readonly communication?: Communication;
  readonly input?: number;
  readonly period_s: number;
  /** Of active power, where it is read at another rate. */
  readonly fastPeriod_s?: number;
  /** Of counters, harmonics and temperatures, where they are. */
  readonly slowPeriod_s?: number;
}

export type LineFindingCode =
  | 'duplicateAddress'
  | 'addressOutOfRange'
  | 'addressBeyondModbus'
  | 'unknownInput'
  | 'tooManyDevices'
  | 'lineTooLong'
  | 'modeNotOffered'
  | 'baudNotOffered'
  | 'parityNotOffered'
  | 'stopBitsNotOffered'
  | 'overloaded'
  | 'nearlyFull'
  | 'slowTurnaround';
export interface LineFinding {
  readonly code: LineFindingCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What the message says, for other languages. */
  readonly data: Readonly<Record<string, number | string>>;
  /** Names of the meters that it concerns; empty where it concerns the line. */
  readonly meters: readonly string[];
}

export interface DeviceForecast {
  readonly unitAddress: number;
  readonly names: readonly string[];
  readonly requests: number;
  readonly words: number;
  readonly bytes: number;
  /** Time that one reading of the whole device takes. */
  readonly reading_ms: number;
  /** The shortest of its rate groups. */
  readonly period_s: number;
  /** What is read together, how often, and what each costs. */
  readonly polls: readonly PollForecast[];
  /** Share of the line's time. */
  readonly loadShare: number;
}

export interface PollForecast {
  readonly groups: readonly RateGroup[];
  readonly perSecond: number;
  readonly requests: number;
  readonly reading_ms: number;
}

export interface LineForecast {
  readonly devices: readonly DeviceForecast[];
  /** Time to read every device once. */
  readonly cycle_ms: number;
  /** The same if every device takes as long to answer as its maker allows. */
  readonly worstCycle_ms: number;
  /** Share of the line's time that the readings take; above 1 they cannot be made. */
  readonly loadShare: number;
  /** Shortest whole-second period at which all devices fit into 95 % of the line's time. */
  readonly shortestPeriod_s: number;
  readonly findings: readonly LineFinding[];
}

/** Turn-around of a device that has not been measured yet: no maker of the guide's devices states a typical one. */
export const assumedTurnaround_ms = 50;
/** Share of the line's time kept for dead devices, retries and identity checks. */
export const reservedShare = 0.05;
const nearlyFullShare = 0.8;

/**
 * What a line would cost before it is configured: the requests of each device as its profile plans them, their time on
 * the wire, and everything that speaks against it. An error must be put right; a warning may stand.
 *
 * Reading a device takes Σ ((request + reply bytes) × character time + turn-around + gap). Rate groups that fall together
 * are read together: load is the sum, over the sets that do, of how often they do and what that takes. On a `network` there are no characters: bytes are counted, time is turn-around only.
 */
export function forecastLine(
  settings: LineSettings,
  meters: readonly PlannedMeter[],
  { turnaround_ms = assumedTurnaround_ms }: { readonly turnaround_ms?: number } = {},
): LineForecast {
  const devices = devicesOf(meters);
  const forecasts = devices.map((device) => deviceForecast(settings, device, turnaround_ms));
  const cycle_ms = forecasts.reduce((sum, f) => sum + f.reading_ms, 0);
  const worstCycle_ms = devices.reduce((sum, device) => {
    const worst = Math.max(turnaround_ms, communicationOf(device)?.turnaround_ms ?? 0);
    return sum + deviceForecast(settings, device, worst).reading_ms;
  }, 0);
  const loadShare = forecasts.reduce((sum, f) => sum + f.loadShare, 0);
  const shortestPeriod_s = Math.max(1, Math.ceil(cycle_ms / 1000 / (1 - reservedShare)));
  return {
    devices: forecasts,
    cycle_ms,
    worstCycle_ms,
    loadShare,
    shortestPeriod_s,
    findings: [
      ...addressFindings(meters),
      ...capacityFindings(settings, devices),
      ...(settings.transport === 'network' ? [] : settingFindings(settings, devices)),
      ...loadFindings({ loadShare, cycle_ms, worstCycle_ms, shortestPeriod_s }, devices),
    ],
  };
}

interface PlannedDevice {
  readonly unitAddress: number;
  readonly profile: DeviceProfile;
  readonly meters: readonly PlannedMeter[];
}

/** Meters of one unit address and one profile are one device. */
function devicesOf(meters: readonly PlannedMeter[]): PlannedDevice[] {
  const devices = new Map<string, { unitAddress: number; profile: DeviceProfile; meters: PlannedMeter[] }>();
  for (const meter of meters) {
    const key = `${meter.unitAddress} ${meter.profile.id}`;
    const device = devices.get(key) ?? { unitAddress: meter.unitAddress, profile: meter.profile, meters: [] };
    device.meters.push(meter);
    devices.set(key, device);
  }
  return [...devices.values()].sort((a, b) => a.unitAddress - b.unitAddress);
}

const communicationOf = (device: PlannedDevice): Communication | undefined =>
  device.meters.find((m) => m.communication)?.communication ?? device.profile.communication;

function deviceForecast(
  settings: LineSettings,
  device: PlannedDevice,
  turnaround_ms: number,
): DeviceForecast {
  const inputs = new Set(device.meters.flatMap((m) => (m.input === undefined ? [] : [m.input])));
  const isNetwork = settings.transport === 'network';
  const gap_ms = Math.max(device.profile.limits.minimumGap_ms, communicationOf(device)?.gap_ms ?? 0);
  const cost_words = lineCost_words(settings.transport === 'serial' ? settings : undefined);
  const periods = groupPeriods(device.profile, device.meters);
  const blocksOf = (groups: readonly RateGroup[]): ReadBlock[] =>
    pollBlocks(device.profile, inputs, { groups, periods, cost_words });
  const timeOf_ms = (blocks: readonly ReadBlock[]): number =>
    blocks.reduce(
      (sum, { words }) =>
        sum +
        (isNetwork ? turnaround_ms + gap_ms : exchangeTime_ms(settings, words, { turnaround_ms, gap_ms })),
      0,
    );
  const whole = blocksOf(rateGroups);
  const bytes = whole.reduce((sum, { words }) => {
    const { request, reply } = exchangeBytes(isNetwork ? 'tcp' : settings.mode, words);
    return sum + request + reply;
  }, 0);
  const polls = pollsOf(periods).map(({ groups, perSecond }): PollForecast => {
    const blocks = blocksOf(groups);
    return { groups, perSecond, requests: blocks.length, reading_ms: timeOf_ms(blocks) };
  });
  return {
    unitAddress: device.unitAddress,
    names: device.meters.map((m) => m.name),
    requests: whole.length,
    words: whole.reduce((sum, b) => sum + b.words, 0),
    bytes,
    reading_ms: timeOf_ms(whole),
    period_s: shortest(periods, device),
    polls,
    // Devices of a network are asked at the same time; they do not share a line.
    loadShare: isNetwork ? 0 : polls.reduce((sum, p) => sum + (p.perSecond * p.reading_ms) / 1000, 0),
  };
}

/** The shortest period of a device; one without any value is read as often as its meters say. */
function shortest(periods: GroupPeriods, { meters }: PlannedDevice): number {
  const known = rateGroups.flatMap((group) => periods[group] ?? []);
  return known.length > 0 ? Math.min(...known) : Math.min(...meters.map((m) => m.period_s));
}

function addressFindings(meters: readonly PlannedMeter[]): LineFinding[] {
  const findings: LineFinding[] = [];
  const byAddress = Map.groupBy(meters, (m) => m.unitAddress);
  for (const [address, sharing] of [...byAddress].sort(([a], [b]) => a - b)) {
    const names = sharing.map((m) => m.name);
    const places = sharing.map((m) => `${m.profile.id} ${m.input ?? ''}`);
    const isOneDevice =
      new Set(sharing.map((m) => m.profile.id)).size === 1 && new Set(places).size === places.length;
    if (sharing.length > 1 && !isOneDevice)
      findings.push({
        code: 'duplicateAddress',
        severity: 'error',
        message: `address ${address} is given to ${names.join(' and ')}; each device needs its own`,
        data: { address, meters: names.join(', ') },
        meters: names,
      });
    for (const { name, input, profile } of sharing) {
      const inputs = inputsOf(profile);
      if (inputs.length > 0 ? input === undefined || !inputs.includes(input) : input !== undefined)
        findings.push({
          code: 'unknownInput',
          severity: 'error',
          message:
            inputs.length > 0
              ? `${name}: input ${input ?? 'none'} is not one of ${inputs[0]} to ${inputs.at(-1)}`
              : `${name}: ${profile.title} has no inputs, so it has no input ${input}`,
          data: { meters: name, input: input ?? '', first: inputs[0] ?? 0, last: inputs.at(-1) ?? 0 },
          meters: [name],
        });
    }
  }
  return findings;
}

function capacityFindings(settings: LineSettings, devices: readonly PlannedDevice[]): LineFinding[] {
  const findings: LineFinding[] = [];
  for (const device of devices) {
    const { min, max } = communicationOf(device)?.addresses ?? modbusAddresses;
    const meters = device.meters.map((m) => m.name);
    const { unitAddress } = device;
    if (!Number.isInteger(unitAddress) || unitAddress < min || unitAddress > max)
      findings.push({
        code: 'addressOutOfRange',
        severity: 'error',
        message: `${meters.join(', ')}: address ${unitAddress} is not one of ${min} to ${max}`,
        data: { address: unitAddress, min, max, meters: meters.join(', ') },
        meters,
      });
    else if (unitAddress > modbusAddresses.max)
      findings.push({
        code: 'addressBeyondModbus',
        severity: 'warning',
        message: `${meters.join(', ')}: the device takes address ${unitAddress}, Modbus ends at ${modbusAddresses.max}`,
        data: { address: unitAddress, max: modbusAddresses.max, meters: meters.join(', ') },
        meters,
      });
  }
  if (settings.transport === 'network') return findings;
  const segments = 1 + (settings.repeaters ?? 0);
  const addresses = new Set(devices.map((d) => d.unitAddress)).size;
  const most = Math.min(segmentLimit.devices * segments, modbusAddresses.max);
  if (addresses > most)
    findings.push({
      code: 'tooManyDevices',
      severity: 'error',
      message: `${addresses} devices on a line for ${most}: ${
        most === modbusAddresses.max ? 'make a second line' : 'add a repeater or a second line'
      }`,
      data: { count: addresses, most },
      meters: [],
    });
  const longest_m = segmentLimit.length_m * segments;
  if ((settings.length_m ?? 0) > longest_m)
    findings.push({
      code: 'lineTooLong',
      severity: 'error',
      message: `${settings.length_m} m of line, at most ${longest_m} m${segments > 1 ? ` with ${segments - 1} repeaters` : ''}`,
      data: { length_m: settings.length_m ?? 0, most_m: longest_m },
      meters: [],
    });
  return findings;
}

function settingFindings(settings: LineSettings, devices: readonly PlannedDevice[]): LineFinding[] {
  const findings: LineFinding[] = [];
  const refuse = (
    code: LineFindingCode,
    offers: (communication: Communication) => readonly (string | number)[],
    wanted: string | number,
    unit: string,
  ): void => {
    const groups = new Map<string, string[]>();
    for (const device of devices) {
      const communication = communicationOf(device);
      if (!communication || offers(communication).includes(wanted)) continue;
      const offered = offers(communication).join(', ');
      groups.set(offered, [...(groups.get(offered) ?? []), ...device.meters.map((m) => m.name)]);
    }
    for (const [offered, meters] of groups)
      findings.push({
        code,
        severity: 'error',
        message: `${meters.join(', ')}: ${wanted}${unit} is not offered, only ${offered}`,
        data: { wanted, offered, meters: meters.join(', ') },
        meters,
      });
  };
  refuse('modeNotOffered', (c) => c.modes, settings.mode, '');
  refuse('baudNotOffered', (c) => c.bauds, settings.baud, ' baud');
  refuse('parityNotOffered', (c) => c.parities, settings.parity, ' parity');
  refuse('stopBitsNotOffered', (c) => c.stopBits, settings.stopBits, ' stop bits');
  return findings;
}

function loadFindings(
  line: Pick<LineForecast, 'loadShare' | 'cycle_ms' | 'worstCycle_ms' | 'shortestPeriod_s'>,
  devices: readonly PlannedDevice[],
): LineFinding[] {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const percent = Math.round(100 * line.loadShare);
  if (line.loadShare > 1 - reservedShare)
    return [
      {
        code: 'overloaded',
        severity: 'error',
        message: `reading all takes ${seconds(line.cycle_ms)}, ${percent} % of the line's time: no period below ${line.shortestPeriod_s} s is possible for all`,
        data: { cycle_s: line.cycle_ms / 1000, percent, shortest_s: line.shortestPeriod_s },
        meters: [],
      },
    ];
  const findings: LineFinding[] = [];
  if (line.loadShare > nearlyFullShare)
    findings.push({
      code: 'nearlyFull',
      severity: 'warning',
      message: `the readings take ${percent} % of the line's time; little is left for devices that do not answer`,
      data: { percent },
      meters: [],
    });
  const period_s = Math.min(...devices.flatMap((d) => d.meters.map((m) => m.period_s)));
  if (line.loadShare > 0 && line.worstCycle_ms / 1000 > period_s)
    findings.push({
      code: 'slowTurnaround',
      severity: 'warning',
      message: `if every device takes as long to answer as its maker allows, reading all takes ${seconds(line.worstCycle_ms)}`,
      data: { worst_s: line.worstCycle_ms / 1000 },
      meters: [],
    });
  return findings;
}

/** The settings that every one of these devices can be given. */
export interface CommonSettings {
  readonly modes: readonly SerialMode[];
  readonly bauds: readonly number[];
  readonly parities: readonly Parity[];
  readonly stopBits: readonly (1 | 2)[];
  /**
   * What to choose: RTU before ASCII, the highest common rate, the guide's advice of no parity and one stop bit. Null
   * where there is none in common.
   */
  readonly advice: CharacterFormat | null;
}

/**
 * What devices of different kinds can share. Meters, control units, concentrator, DMX³ and 0 261 36 together leave 9600
 * and 19 200 baud.
 */
export function commonSettings(communications: readonly Communication[]): CommonSettings {
  const common = <T>(all: readonly T[], of: (c: Communication) => readonly T[]): T[] =>
    all.filter((value) => communications.every((c) => of(c).includes(value)));
  const every = [...new Set(communications.flatMap((c) => c.bauds))].sort((a, b) => a - b);
  const modes = common(serialModes, (c) => c.modes);
  const bauds = common(every, (c) => c.bauds);
  const shared = common(parities, (c) => c.parities);
  const stopBits = common([1, 2] as const, (c) => c.stopBits);
  const [mode, parity, stop] = [modes[0], shared[0], stopBits[0]];
  const baud = bauds.at(-1);
  return {
    modes,
    bauds,
    parities: shared,
    stopBits,
    advice: mode && baud && parity && stop ? { mode, baud, parity, stopBits: stop } : null,
  };
}
