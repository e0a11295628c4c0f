import { describe, expect, it } from 'vitest';
import { measurandOfPoint } from '../decode.ts';
import { controlUnitMemory } from '../profiles/control-unit-memory.ts';
import { headBlocks, memoryHead, recordAddress, recordBlocks } from './memory.ts';

const { memory } = controlUnitMemory;
if (!memory) throw new Error('it has one');
const head = { interval_s: 900, newest: 5765, newestEnd_s: 1_800_000_000, clock_s: 1_800_000_100 };

describe('a memory of records', () => {
  it('lies within the address space and keeps only what the unit itself counts', () => {
    const { address, words, capacity } = memory.records;
    expect(address + words * capacity).toBeLessThanOrEqual(65_536);
    const counted = controlUnitMemory.points.map((p) => measurandOfPoint(p, () => undefined));
    for (const point of memory.points) expect(counted).toContain(measurandOfPoint(point, () => undefined));
  });

  it('is asked for its head together with the ratios that scale it', () => {
    const asked = headBlocks(controlUnitMemory, memory);
    const covers = (at: number): boolean => asked.some((b) => b.address <= at && at < b.address + b.words);
    for (const at of [0x1300, 0x1301, 0x1303, 0x1306, 0x1200, 0x1201]) expect(covers(at)).toBe(true);
    expect(memoryHead(memory, new Map([[0x1300, 900]]))).toBeUndefined();
  });

  it('is read newest first, around the end of the ring, never twice, in lengths that differ', () => {
    const hours = 3;
    const blocks = recordBlocks(controlUnitMemory, memory, head, head.newestEnd_s * 1000 - hours * 3_600_000);
    const read = blocks.flatMap((b) => Array.from({ length: b.words / 10 }, (_, i) => b.address + 10 * i));
    const wanted = Array.from({ length: 4 * hours }, (_, i) => recordAddress(memory, head.newest - i));
    expect(new Set(read)).toEqual(new Set(wanted));
    expect(read).toHaveLength(wanted.length);
    expect(blocks[0]?.address).toBe(0x1400);
    for (const [i, block] of blocks.entries()) {
      expect(block.words).toBeLessThanOrEqual(controlUnitMemory.limits.maxWords);
      expect(block.words).not.toBe(blocks[i + 1]?.words);
    }
  });

  it('is asked for no more than it holds', () => {
    const all = recordBlocks(controlUnitMemory, memory, head, 0).reduce((sum, b) => sum + b.words / 10, 0);
    expect(all).toBe(5760);
    expect(recordBlocks(controlUnitMemory, memory, { ...head, newest: 3 }, 0)).toHaveLength(1);
    expect(recordBlocks(controlUnitMemory, memory, head, head.newestEnd_s * 1000)).toEqual([]);
  });
});
