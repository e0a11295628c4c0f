import type { MemoryFault, WireReading } from '@wattproof/contracts/mqtt';
import {
  decodeRecords,
  headBlocks,
  type MemoryHead,
  type MemoryRecord,
  memoryHead,
  type ProfileMemory,
  type ReadBlock,
  recordBlocks,
} from '@wattproof/devices';
import type { MeasurandName } from '@wattproof/energy';
import { isOpen } from './breaker.ts';
import type { Device } from './device.ts';
import { forbiddenLengths } from './late-reply.ts';
import { wireTime_ms } from './modbus-link.ts';
import type { LineWork } from './poll-device.ts';
import { unscheduledRead } from './unscheduled.ts';

/** A time in which a device was not read: what its memory holds of it is still wanted. */
export interface Missing {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** What a line knows of one device's memory. */
export interface MemoryState {
  /** When the device was last read, also by an earlier run. */
  readonly seenAt_ms: number | undefined;
  readonly missing: Missing | undefined;
  /** Readings fetched since the start. */
  readonly fetched: number;
  readonly fault: MemoryFault | undefined;
  /** Not asked before this instant. */
  readonly pausedUntil_ms: number;
  /** What has been read so far and what is asked for next. */
  readonly reading: MemoryReading | undefined;
}

interface MemoryReading {
  readonly words: Map<number, number>;
  readonly queue: ReadBlock[];
  head: MemoryHead | undefined;
}

export const unknownMemory: MemoryState = {
  seenAt_ms: undefined,
  missing: undefined,
  fetched: 0,
  fault: undefined,
  pausedUntil_ms: 0,
  reading: undefined,
};

/** Where fetched readings go. */
export interface MemorySink {
  /** When it returns they are on the disk; where it throws, they are fetched again. */
  readonly accept: (readings: readonly WireReading[]) => void;
  /** What is older is not wanted any more. */
  readonly oldest_ms: () => number;
}

/** A device that was not read for longer than this many of its longest periods may have kept what nobody read. */
const missedPeriods = 3;
/** A device whose clock is further off would put its records into other intervals. */
const clockTolerance_ms = 60_000;
const pause_ms = {
  garbled: 5000,
  unheard: 30_000,
  store: 30_000,
  refused: 86_400_000,
  clock: 3_600_000,
} as const;
/** Copies of a reply may still come: the same length is asked for after this. */
const sameLength_ms = 100;
/** How long before the next reading is due nothing is begun: the time of the longest answer and a device's turn-around. */
const turnaround_ms = 150;
/** On a line that never rests a memory gets a request this often. */
const starving_ms = 5000;

/** The state after a device was read at an instant: where it was not read for long before that, its memory is wanted. */
export function afterRead(state: MemoryState, at_ms: number, longestPeriod_ms: number): MemoryState {
  const { seenAt_ms, missing } = state;
  if (seenAt_ms === undefined || at_ms - seenAt_ms <= missedPeriods * longestPeriod_ms)
    return { ...state, seenAt_ms: at_ms };
  // The head is read anew: there are more records than before.
  return {
    ...state,
    seenAt_ms: at_ms,
    missing: { from_ms: missing?.from_ms ?? seenAt_ms, to_ms: at_ms },
    reading: undefined,
  };
}

/** The device whose memory is asked now, if there is time for that before the next reading is due. */
export function nextMemory(
  work: LineWork,
  devices: readonly Device[],
  { now_ms, due_ms }: { readonly now_ms: number; readonly due_ms: number },
): Device | undefined {
  const waiting = devices.find(
    ({ memory, breaker }) => memory.missing && memory.pausedUntil_ms <= now_ms && !isOpen(breaker),
  );
  if (!waiting) return undefined;
  const needed_ms = wireTime_ms(work.transport, waiting.profile.limits.maxWords) + turnaround_ms;
  return due_ms - now_ms >= needed_ms || now_ms - work.memoryAskedAt_ms >= starving_ms ? waiting : undefined;
}

/**
 * One request to a device's memory. Its head first, then the records of the missing time, newest first; each becomes a
 * reading with the instant at which the device kept it. Nothing is taken from a device whose clock is wrong, and nothing
 * that is older than a setting of that clock.
 */
export async function askMemory(work: LineWork, device: Device, sink: MemorySink): Promise<void> {
  const { profile } = device;
  const { memory } = profile;
  const now_ms = Date.now();
  work.memoryAskedAt_ms = now_ms;
  if (!memory || !device.memory.missing) return;
  const reading = device.memory.reading ?? {
    words: new Map(),
    queue: headBlocks(profile, memory),
    head: undefined,
  };
  device.memory = { ...device.memory, reading };
  const [block] = reading.queue;
  if (!block) return finish(device);
  if (
    work.transport.kind !== 'tcp' &&
    forbiddenLengths(work.memoryOf(device.unit), now_ms).has(block.words)
  ) {
    return pauseMemory(device, sameLength_ms);
  }
  const outcome = await unscheduledRead(work, device.unit, block);
  switch (outcome.kind) {
    case 'lost':
      // Whoever owns the connection looks at it after every request.
      return;
    case 'timeout':
      return pauseMemory(device, pause_ms.unheard);
    case 'garbled':
      return pauseMemory(device, pause_ms.garbled);
    case 'exception':
      device.memory = { ...device.memory, reading: undefined, fault: 'refused' };
      return pauseMemory(device, pause_ms.refused);
    case 'words':
      reading.queue.shift();
      outcome.words.forEach((word, i) => {
        reading.words.set(block.address + i, word);
      });
      if (reading.head === undefined) return takeHead(device, memory, reading);
      return takeRecords(device, { memory, reading, head: reading.head, block, sink });
  }
}

function takeHead(device: Device, memory: ProfileMemory, reading: MemoryReading): void {
  const { missing } = device.memory;
  if (reading.queue.length > 0 || !missing) return;
  const head = memoryHead(memory, reading.words);
  if (!head || Math.abs(head.clock_s * 1000 - Date.now()) > clockTolerance_ms) {
    device.memory = { ...device.memory, reading: undefined, fault: head ? 'clock' : 'refused' };
    pauseMemory(device, pause_ms.clock);
    return;
  }
  reading.head = head;
  if (head.newest > 0) reading.queue.push(...recordBlocks(device.profile, memory, head, missing.from_ms));
  device.memory = { ...device.memory, fault: undefined };
  if (reading.queue.length === 0) finish(device);
}

function takeRecords(
  device: Device,
  {
    memory,
    reading,
    head,
    block,
    sink,
  }: {
    readonly memory: ProfileMemory;
    readonly reading: MemoryReading;
    readonly head: MemoryHead;
    readonly block: ReadBlock;
    readonly sink: MemorySink;
  },
): void {
  const { missing } = device.memory;
  if (!missing) return;
  const after_ms = Math.max(missing.from_ms, sink.oldest_ms());
  const readings: WireReading[] = [];
  let fault: MemoryFault | undefined;
  for (const meter of device.meters) {
    const about = { block, words: reading.words, head, settings: meter.settings };
    const records = decodeRecords(device.profile, memory, about);
    const setAt = records.findIndex((record) => record.isClockSet);
    if (setAt >= 0) fault = 'clockSet';
    readings.push(
      ...records
        .slice(0, setAt < 0 ? records.length : setAt + 1)
        .filter(({ end_ms }) => end_ms > after_ms && end_ms < missing.to_ms)
        .flatMap((record) => readingOf(meter.key, record)),
    );
  }
  try {
    if (readings.length > 0) sink.accept(readings);
  } catch {
    // A full disk: the device keeps what it has, and is asked again.
    reading.queue.unshift(block);
    pauseMemory(device, pause_ms.store);
    return;
  }
  for (let at = block.address; at < block.address + block.words; at++) reading.words.delete(at);
  device.memory = { ...device.memory, fetched: device.memory.fetched + readings.length };
  if (fault) device.memory = { ...device.memory, fault };
  if (fault || reading.queue.length === 0) finish(device);
}

const readingOf = (meterKey: string, { end_ms, values }: MemoryRecord): WireReading[] =>
  Object.keys(values).length === 0
    ? []
    : [
        {
          meterKey,
          at_ms: end_ms,
          skew_ms: 0,
          quality: 'good',
          values: values as Partial<Record<MeasurandName, number>>,
          exceptions: {},
        },
      ];

const finish = (device: Device): void => {
  device.memory = { ...device.memory, missing: undefined, reading: undefined };
};

const pauseMemory = (device: Device, wait_ms: number): void => {
  device.memory = { ...device.memory, pausedUntil_ms: Date.now() + wait_ms };
};
