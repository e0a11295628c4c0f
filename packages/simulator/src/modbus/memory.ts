import {
  clockSetBit,
  type DeviceProfile,
  encode,
  encodeWords,
  type MemoryRegister,
  type ProfileMemory,
  recordAddress,
} from '@wattproof/devices';
import type { SimulatedDevice } from './line.ts';

/** What a simulated device keeps of its own past. */
export interface SimulatedMemory {
  /** When it began to keep records; the first ends at the next boundary. */
  readonly since_ms: number;
  readonly interval_s: number;
  /** How far its clock is ahead of the true time. */
  readonly clockAhead_s?: number;
  /** Instants at which its clock was set: the record that ends next says so. */
  readonly clockSetAt_ms?: readonly number[];
}

/** Whether an address belongs to a profile's memory. */
export function isOfMemory({ head, records }: ProfileMemory, address: number): boolean {
  const inHead = Object.values(head).some(
    (register) => address >= register.address && address < register.address + wordsOfRegister(register),
  );
  return (
    inHead || (address >= records.address && address < records.address + records.words * records.capacity)
  );
}

const wordsOfRegister = ({ type }: MemoryRegister): number => encodeWords(0, type).length;

/**
 * The words of a device's memory at an instant, as far as they lie in a range: its head, and of each record what the true
 * values were at its end.
 */
export function memoryWords(
  profile: DeviceProfile,
  { memory: kept, values, settings }: Pick<SimulatedDevice, 'memory' | 'values' | 'settings'>,
  range: { readonly address: number; readonly count: number; readonly at_ms: number },
): Map<number, number> {
  const words = new Map<number, number>();
  const { memory } = profile;
  if (!memory) return words;
  const put = ({ address, type }: MemoryRegister, base: number, value: number): void => {
    encodeWords(value, type).forEach((word, i) => {
      words.set(base + address + i, word);
    });
  };
  const interval_ms = 1000 * (kept?.interval_s ?? 900);
  const first = Math.floor((kept?.since_ms ?? 0) / interval_ms);
  const newest = kept ? Math.max(0, Math.floor(range.at_ms / interval_ms) - first) : 0;
  const ahead_s = kept?.clockAhead_s ?? 0;
  const endOf_ms = (number: number): number => (first + number) * interval_ms;
  put(memory.head.interval_s, 0, interval_ms / 1000);
  put(memory.head.newest, 0, newest);
  put(memory.head.newestEnd_s, 0, newest === 0 ? 0 : endOf_ms(newest) / 1000 + ahead_s);
  put(memory.head.clock_s, 0, Math.floor(range.at_ms / 1000) + ahead_s);
  const { records, record } = memory;
  const oldest = Math.max(1, newest - records.capacity + 1);
  const from = Math.max(0, Math.floor((range.address - records.address) / records.words));
  const to = Math.floor((range.address + range.count - 1 - records.address) / records.words);
  for (let place = from; place <= Math.min(to, records.capacity - 1); place++) {
    const number =
      newest - ((((newest - 1 - place) % records.capacity) + records.capacity) % records.capacity);
    if (number < oldest) continue;
    const base = recordAddress(memory, number);
    const end_ms = endOf_ms(number);
    const points = memory.points.map((point) => ({ ...point, address: base + point.address }));
    const scales = profile.points.filter((point) => point.measurand === undefined);
    const content = encode({ ...profile, points: [...scales, ...points] }, [
      { values: values(end_ms), settings },
    ]);
    for (let at = base; at < base + records.words; at++) words.set(at, content.get(at) ?? 0);
    const wasSet = kept?.clockSetAt_ms?.some((set_ms) => set_ms >= end_ms - interval_ms && set_ms < end_ms);
    put(record.end_s, base, end_ms / 1000 + ahead_s);
    put(record.number, base, number & 0xffff);
    put(record.status, base, wasSet ? clockSetBit : 0);
  }
  return words;
}
