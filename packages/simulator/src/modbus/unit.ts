import {
  bitsReply,
  bytesToWords,
  type DeviceProfile,
  encode,
  exceptionCodes,
  exceptionReply,
  findProfile,
  type MeterState,
  parseRequest,
  type Request,
  registersReply,
  wordsOf,
  writeReply,
} from '@wattproof/devices';
import type { MeasurandName } from '@wattproof/energy';
import { type Fault, type FaultEffect, strikingFault } from './fault.ts';
import type { SimulatedDevice } from './line.ts';
import { isOfMemory, memoryWords } from './memory.ts';

/** How a unit answers, and what goes wrong with that on its way. */
export interface Answer {
  readonly pdu: Uint8Array;
  readonly fault?: FaultEffect;
}

/** One device at a unit address: its meters, and what has been written to it. */
export interface Unit {
  readonly unit: number;
  /** Time that the device takes to begin its answer. */
  readonly turnaround_ms: number;
  /** @returns undefined where the device stays silent. */
  readonly answer: (request: Uint8Array, at_ms: number) => Answer | undefined;
}

/** Gaps inside a register table up to this length are reserved words that read 0; longer ones are not there. */
const reservedGap_words = 32;

/**
 * The device that several entries of one unit address make up.
 * @throws Error where their profiles differ or are not known.
 */
export function createUnit(entries: readonly SimulatedDevice[]): Unit {
  const [first] = entries;
  const profile = first && (first.profile ?? findProfile(first.profileId));
  if (!first || !profile) throw new Error(`no profile ${first?.profileId}`);
  if (entries.some((e) => e.profileId !== profile.id))
    throw new Error(`unit ${first.unit}: one device cannot have two profiles`);
  const state: WrittenState = {
    words: new Map(),
    coils: new Array(first.coils ?? 0).fill(false),
    resets: new Map(),
  };
  const faults: readonly Fault[] = entries.flatMap((e) => e.faults ?? []);
  const readable = readableWords(profile);
  return {
    unit: first.unit,
    turnaround_ms: first.turnaround_ms ?? 0,
    answer: (bytes, at_ms) => {
      const request = parseRequest(bytes);
      const functionCode = bytes[0] ?? 0;
      if (request.kind === 'refused') return { pdu: exceptionReply(functionCode, request.exception) };
      const count = request.kind === 'writeOne' ? 1 : request.count;
      const fault = strikingFault(faults, at_ms, { functionCode, address: request.address, count });
      if (fault?.kind === 'silent') return undefined;
      if (fault?.kind === 'exception') return { pdu: exceptionReply(functionCode, fault.code) };
      const pdu = reply(bytes, request, { profile, entries, state, readable, at_ms });
      return fault ? { pdu, fault } : { pdu };
    },
  };
}

interface WrittenState {
  readonly words: Map<number, number>;
  readonly coils: boolean[];
  /** Per meter and measurand: the value at the last reset, by which the shown one is lower. */
  readonly resets: Map<string, number>;
}

interface Context {
  readonly profile: DeviceProfile;
  readonly entries: readonly SimulatedDevice[];
  readonly state: WrittenState;
  readonly readable: ReadonlySet<number>;
  readonly at_ms: number;
}

function reply(bytes: Uint8Array, request: Request, context: Context): Uint8Array {
  const { entries, state, at_ms } = context;
  switch (request.functionCode) {
    case 1:
    case 2: {
      const bits = request.functionCode === 1 ? state.coils : (entries[0]?.contacts?.(at_ms) ?? []);
      if (bits.length === 0) return exceptionReply(request.functionCode, exceptionCodes.illegalFunction);
      const { address, count } = request as Extract<Request, { kind: 'read' }>;
      if (address + count > bits.length)
        return exceptionReply(request.functionCode, exceptionCodes.illegalAddress);
      return bitsReply(request.functionCode, bits.slice(address, address + count));
    }
    case 3:
    case 4:
      return readRegisters(request as Extract<Request, { kind: 'read' }>, context);
    case 5:
    case 15:
      return writeCoils(bytes, request, state);
    case 6:
      return writeWords(bytes, request.address, [request.value], context);
    case 16:
      return writeWords(bytes, request.address, bytesToWords(request.data), context);
  }
}

function readRegisters(request: Extract<Request, { kind: 'read' }>, context: Context): Uint8Array {
  const { address, count } = request;
  const functionCode = request.functionCode as 3 | 4;
  const { profile, readable, state } = context;
  if (functionCode !== profile.functionCode)
    return exceptionReply(functionCode, exceptionCodes.illegalFunction);
  if (count > profile.limits.maxWords) return exceptionReply(functionCode, exceptionCodes.illegalValue);
  const { memory } = profile;
  const registers = encode(profile, meterStates(context));
  const [first] = context.entries;
  const kept =
    memory && first ? memoryWords(profile, first, { address, count, at_ms: context.at_ms }) : registers;
  const words: number[] = [];
  for (let at = address; at < address + count; at++) {
    if (memory && isOfMemory(memory, at)) {
      words.push(kept.get(at) ?? 0);
      continue;
    }
    if (!readable.has(at)) return exceptionReply(functionCode, exceptionCodes.illegalAddress);
    words.push(state.words.get(at) ?? registers.get(at) ?? 0);
  }
  return registersReply(functionCode, words);
}

const meterStates = ({ entries, state, at_ms }: Context): MeterState[] =>
  entries.map((entry, i) => {
    const values: Partial<Record<MeasurandName, number>> = { ...entry.values(at_ms) };
    for (const [key, offset] of state.resets) {
      const [index, measurand] = key.split(':') as [string, MeasurandName];
      const value = values[measurand];
      if (Number(index) === i && value !== undefined) values[measurand] = Math.max(0, value - offset);
    }
    return { values, settings: entry.settings };
  });

function writeWords(
  bytes: Uint8Array,
  address: number,
  words: readonly number[],
  context: Context,
): Uint8Array {
  const functionCode = bytes[0] ?? 0;
  const { profile, entries, state, at_ms } = context;
  const { resets } = profile;
  if (resets && address === resets.address && words.length === 1) {
    entries.forEach((entry, i) => {
      for (const [bit, measurand] of Object.entries(resets.bits)) {
        if ((words[0] ?? 0) & (1 << Number(bit)))
          state.resets.set(`${i}:${measurand}`, entry.values(at_ms)[measurand] ?? 0);
      }
    });
    return writeReply(bytes);
  }
  const writable = (at: number): boolean =>
    profile.points.some((p) => p.writable && p.address <= at && at < p.address + wordsOf(p.type));
  if (!words.every((_, i) => writable(address + i)))
    return exceptionReply(functionCode, exceptionCodes.illegalAddress);
  words.forEach((word, i) => {
    state.words.set(address + i, word);
  });
  return writeReply(bytes);
}

function writeCoils(bytes: Uint8Array, request: Request, { coils }: WrittenState): Uint8Array {
  const functionCode = bytes[0] ?? 0;
  if (coils.length === 0) return exceptionReply(functionCode, exceptionCodes.illegalFunction);
  const states =
    request.kind === 'writeMany'
      ? Array.from({ length: request.count }, (_, i) => (((request.data[i >> 3] ?? 0) >> (i & 7)) & 1) === 1)
      : [request.kind === 'writeOne' && request.value === 0xff00];
  if (request.address + states.length > coils.length)
    return exceptionReply(functionCode, exceptionCodes.illegalAddress);
  states.forEach((on, i) => {
    coils[request.address + i] = on;
  });
  return writeReply(bytes);
}

function readableWords(profile: DeviceProfile): ReadonlySet<number> {
  const spans = profile.points
    .map((p) => ({ start: p.address, end: p.address + wordsOf(p.type) }))
    .sort((a, b) => a.start - b.start);
  const words = new Set<number>();
  let end: number | undefined;
  for (const span of spans) {
    if (end !== undefined && span.start - end <= reservedGap_words)
      for (let at = end; at < span.start; at++) words.add(at);
    for (let at = span.start; at < span.end; at++) words.add(at);
    end = Math.max(end ?? 0, span.end);
  }
  for (const hole of profile.limits.unreadable)
    for (let at = hole.address; at < hole.address + hole.words; at++) words.delete(at);
  return words;
}
