import { describe, expect, it } from 'vitest';
import { findProfile, profiles } from './catalogue.ts';
import { halve, planIdentity, planReads, relength, requestCostOf_words } from './plan.ts';
import type { DeviceProfile, Point } from './profile.ts';
import { type RateGroup, rateGroups } from './rate-group.ts';
import { wordsOf } from './register.ts';

const profile = (id: string): DeviceProfile => {
  const found = findProfile(id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
};
const device = (
  addresses: readonly number[],
  limits: Partial<DeviceProfile['limits']> = {},
): DeviceProfile => ({
  ...profile('ime-conto-d2'),
  limits: { maxWords: 125, minimumGap_ms: 0, unreadable: [], ...limits },
  points: addresses.map((address): Point => ({ key: `at${address}`, address, type: 'u32' })),
});
const ranges = (p: DeviceProfile): [number, number][] => planReads(p).map((b) => [b.address, b.words]);

describe('planReads', () => {
  it('fills small gaps and splits large ones', () => {
    expect(ranges(device([100, 104, 120]))).toEqual([[100, 22]]);
    expect(ranges(device([100, 104, 200]))).toEqual([
      [100, 6],
      [200, 2],
    ]);
  });

  it('reads across a gap exactly while that costs less than one more request', () => {
    expect(ranges(device([100, 102 + 29]))).toHaveLength(1);
    expect(ranges(device([100, 102 + 30]))).toHaveLength(2);
  });

  it('never exceeds the device’s limit, never reads a hole, never splits a value', () => {
    expect(ranges(device([100, 102, 104, 106, 108], { maxWords: 5 }))).toEqual([
      [100, 2],
      [102, 4],
      [106, 4],
    ]);
    expect(ranges(device([100, 104], { unreadable: [{ address: 102, words: 1 }] }))).toEqual([
      [100, 2],
      [104, 2],
    ]);
    expect(() => planReads(device([100], { unreadable: [{ address: 101, words: 1 }] }))).toThrow(
      /no request/,
    );
  });

  it.each(profiles.map((p) => [p.id, p] as const))('%s: every point once, within limits', (_, p) => {
    const inputs = new Set(p.points.flatMap((point) => point.input ?? []));
    const blocks = planReads(p, inputs);
    for (const block of blocks) expect(block.words).toBeLessThanOrEqual(p.limits.maxWords);
    for (const point of p.points.filter((q) => q.key !== p.identity?.point)) {
      const holders = blocks.filter(
        (b) => b.address <= point.address && point.address + wordsOf(point.type) <= b.address + b.words,
      );
      expect(holders).toHaveLength(1);
    }
  });

  it('reads the Socomec tables with one request each', () => {
    expect(ranges(profile('socomec-jbus'))).toEqual([
      [50_512, 56],
      [50_770, 12],
    ]);
  });
});

describe('planReads of rate groups', () => {
  const nemo = profile('ime-nemo-96hd');
  const readBy = (...groups: RateGroup[]): Set<number> =>
    new Set(
      planReads(nemo, new Set(), { groups: new Set(groups) }).flatMap((b) =>
        Array.from({ length: b.words }, (_, i) => b.address + i),
      ),
    );

  it('reads power with the registers its sign and scale follow from, and no energy', () => {
    const read = readBy('fast');
    for (const address of [0x1014, 0x101a, 0x102c, 0x1032, 0x1200, 0x1201]) expect(read).toContain(address);
    expect(read).not.toContain(0x106a);
    expect(read.size).toBeLessThan(readBy('fast', 'slow').size);
  });

  it('reads the same as without groups when all are wanted', () => {
    expect(planReads(nemo, new Set(), { groups: new Set(rateGroups) })).toEqual(planReads(nemo));
  });

  it('goes by what the profile says of a point', () => {
    const odd = { ...nemo, points: nemo.points.map((p) => ({ ...p, rate: 'slow' as const })) };
    expect(planReads(odd, new Set(), { groups: new Set(['fast', 'normal'] as const) })).toEqual([]);
  });
});

describe('planReads of a device that refuses more than its profile says', () => {
  it('leaves out refused values and never spans a refused gap', () => {
    const p = device([100, 104, 108]);
    const reads = (refused: { address: number; words: number }[]): [number, number][] =>
      planReads(p, new Set(), { refused }).map((b) => [b.address, b.words]);
    expect(reads([{ address: 102, words: 2 }])).toEqual([
      [100, 2],
      [104, 6],
    ]);
    expect(reads([{ address: 104, words: 2 }])).toEqual([
      [100, 2],
      [108, 2],
    ]);
  });

  it('asks alone for a value that is longer than what the device seems to take', () => {
    const blocks = planReads(device([100, 102]), new Set(), { maxWords: 1 });
    expect(blocks.map((b) => [b.address, b.words])).toEqual([
      [100, 2],
      [102, 2],
    ]);
  });

  it('keeps to the length that the device turned out to take', () => {
    const blocks = planReads(device([100, 102, 104]), new Set(), { maxWords: 4 });
    expect(Math.max(...blocks.map((b) => b.words))).toBe(4);
  });

  it('weighs a request by the line: 19 words at 9600 and 20 ms, 29 at 19 200, 57 at 9600 and 100 ms', () => {
    expect(requestCostOf_words(10_000 / 9600, 20)).toBe(19);
    expect(requestCostOf_words(10_000 / 19_200, 20)).toBe(29);
    expect(requestCostOf_words(10_000 / 9600, 100)).toBe(58);
  });
});

describe('relength', () => {
  const conto = profile('ime-conto-d2');
  const block = { functionCode: 3, address: 0x2000, words: 16 } as const;

  it('keeps a length that nothing is waiting for', () => {
    expect(relength(conto, block, new Set([2]))).toEqual([block]);
  });

  it('splits between values into lengths that differ from each other and from the forbidden ones', () => {
    const parts = relength(conto, block, new Set([16, 14])) ?? [];
    expect(parts.map((p) => p.words)).toEqual([12, 4]);
    expect(parts.map((p) => p.address)).toEqual([0x2000, 0x200c]);
  });

  it('lengthens a single value into the next known one, and gives up where there is none', () => {
    const voltage = { functionCode: 3, address: 0x2000, words: 2 } as const;
    expect(relength(conto, voltage, new Set([2]))?.map((p) => p.words)).toEqual([3]);
    const identity = planIdentity(conto);
    expect(identity && relength(conto, identity, new Set([1]))).toBeUndefined();
  });
});

describe('halve', () => {
  it('divides between values until one is left', () => {
    const conto = profile('ime-conto-d2');
    const [head, tail] = halve(conto, { functionCode: 3, address: 0x2000, words: 16 }) ?? [];
    expect([head?.words, tail?.address, tail?.words]).toEqual([8, 0x2008, 8]);
    const uneven = halve(conto, { functionCode: 3, address: 0x2004, words: 4 }) ?? [];
    expect(uneven.map((b) => b.words)).toEqual([2, 2]);
    expect(halve(conto, { functionCode: 3, address: 0x2004, words: 2 })).toBeUndefined();
  });
});
