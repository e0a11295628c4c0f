import type { MeasurandName } from '@wattproof/energy';
import { decode } from '../decode.ts';
import { planReads, type ReadBlock } from '../plan.ts';
import type { DeviceProfile, MemoryRegister, MeterSettings, Point, ProfileMemory } from '../profile.ts';
import { decodeWords, wordsOf } from '../register.ts';
import { pointsOfScale } from '../scale.ts';

/** What a memory says of itself. */
export interface MemoryHead {
  readonly interval_s: number;
  readonly newest: number;
  readonly newestEnd_s: number;
  readonly clock_s: number;
}

/** What a device kept of one interval, with the instant at which it kept it. */
export interface MemoryRecord {
  readonly number: number;
  readonly end_ms: number;
  readonly isClockSet: boolean;
  readonly values: Readonly<Partial<Record<MeasurandName, number>>>;
}

/** Bit of a record's status. */
export const clockSetBit = 1;

/** Points that the scales of a memory follow from: transformer ratios. */
const scalePoints = (profile: DeviceProfile, { points }: ProfileMemory): readonly Point[] => {
  const keys = new Set(points.flatMap((point) => (point.scale ? pointsOfScale(point.scale) : [])));
  return profile.points.filter((point) => keys.has(point.key));
};

const asPoint = (key: string, { address, type }: MemoryRegister): Point => ({ key, address, type });

/** The requests that tell what a memory holds, and what its records are worth. */
export function headBlocks(profile: DeviceProfile, memory: ProfileMemory): ReadBlock[] {
  const { head } = memory;
  const points = [
    asPoint('memory interval', head.interval_s),
    asPoint('memory newest', head.newest),
    asPoint('memory newest end', head.newestEnd_s),
    asPoint('memory clock', head.clock_s),
    ...scalePoints(profile, memory),
  ];
  const { identity: _, ...plain } = profile;
  return planReads({ ...plain, points });
}

/** The head from what was read; undefined where a part of it is missing or makes no sense. */
export function memoryHead(
  { head }: ProfileMemory,
  words: ReadonlyMap<number, number>,
): MemoryHead | undefined {
  const interval_s = numberAt(words, head.interval_s);
  const newest = numberAt(words, head.newest);
  const newestEnd_s = numberAt(words, head.newestEnd_s);
  const clock_s = numberAt(words, head.clock_s);
  if (interval_s === undefined || newest === undefined || newestEnd_s === undefined || clock_s === undefined)
    return undefined;
  return interval_s > 0 ? { interval_s, newest, newestEnd_s, clock_s } : undefined;
}

/** Address of a record by its number. */
export const recordAddress = ({ records }: ProfileMemory, number: number): number =>
  records.address + records.words * ((number - 1) % records.capacity);

/**
 * The requests for the records that end after an instant, newest first, each a run of neighbours in the ring. Records are
 * at least an interval apart, so ⌈(newest end − instant) ÷ interval⌉ are enough, less where the device was off meanwhile;
 * what is older bears its own instant and is left out by whoever reads it. Requests of neighbours differ in length: on a
 * serial line the length is all that tells a late reply from an answer.
 */
export function recordBlocks(
  profile: DeviceProfile,
  memory: ProfileMemory,
  { interval_s, newest, newestEnd_s }: MemoryHead,
  after_ms: number,
): ReadBlock[] {
  const { words, capacity } = memory.records;
  const count = Math.ceil((newestEnd_s - after_ms / 1000) / interval_s);
  const first = Math.max(1, newest - capacity + 1, newest - count + 1);
  const most = Math.max(1, Math.floor(Math.min(125, profile.limits.maxWords) / words));
  const blocks: ReadBlock[] = [];
  for (let last = newest; last >= first; ) {
    // Of two lengths in turns: where one record fits only, there is one.
    const wanted = most > 1 && blocks.length % 2 === 1 ? most - 1 : most;
    const beginOfRing = last - ((last - 1) % capacity);
    const from = Math.max(first, beginOfRing, last - wanted + 1);
    blocks.push({
      functionCode: profile.functionCode,
      address: recordAddress(memory, from),
      words: words * (last - from + 1),
    });
    last = from - 1;
  }
  return blocks;
}

/**
 * The records of a block, newest first. `words` holds the block and what `headBlocks` read. One whose number is not the
 * one that stands there is left out: it was overwritten, or never written.
 */
export function decodeRecords(
  profile: DeviceProfile,
  memory: ProfileMemory,
  read: {
    readonly block: ReadBlock;
    readonly words: ReadonlyMap<number, number>;
    readonly head: MemoryHead;
    readonly settings: MeterSettings;
  },
): MemoryRecord[] {
  const { block, words, head, settings } = read;
  const scales = scalePoints(profile, memory);
  const records: MemoryRecord[] = [];
  const last = block.address + block.words - memory.records.words;
  for (let base = last; base >= block.address; base -= memory.records.words) {
    const at = (register: MemoryRegister): number | undefined =>
      numberAt(words, { ...register, address: base + register.address });
    const number = numberOfPlace(memory, base, head.newest);
    const [end_s, status] = [at(memory.record.end_s), at(memory.record.status)];
    if (end_s === undefined || status === undefined || at(memory.record.number) !== (number & 0xffff))
      continue;
    const points = memory.points.map((point) => ({ ...point, address: base + point.address }));
    const { values } = decode({ ...profile, points: [...scales, ...points] }, { words }, settings);
    records.push({ number, end_ms: end_s * 1000, isClockSet: (status & clockSetBit) !== 0, values });
  }
  return records;
}

/** The number of the record that stands at an address while `newest` is the newest. */
function numberOfPlace({ records }: ProfileMemory, address: number, newest: number): number {
  const place = (address - records.address) / records.words;
  const newestPlace = (newest - 1) % records.capacity;
  return newest - ((newestPlace - place + records.capacity) % records.capacity);
}

function numberAt(words: ReadonlyMap<number, number>, { address, type }: MemoryRegister): number | undefined {
  const content: number[] = [];
  for (let i = 0; i < wordsOf(type); i++) {
    const word = words.get(address + i);
    if (word === undefined) return undefined;
    content.push(word);
  }
  return decodeWords(content, type);
}
