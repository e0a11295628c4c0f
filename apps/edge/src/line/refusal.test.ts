import { describe, expect, it } from 'vitest';
import { lengthTaken_words, type Refusal, refusedNow, withoutRefusals, withRefusal } from './refusal.ts';

const range = { address: 0x200c, words: 2 };

describe('refusals', () => {
  it('are left alone for an hour, then tried, and longer each time they are still refused, up to a day', () => {
    const pauses: number[] = [];
    let list: readonly Refusal[] = [];
    let now_ms = 0;
    for (let n = 0; n < 7; n++) {
      list = withRefusal(list, range, now_ms);
      expect(refusedNow(list, (list[0]?.until_ms ?? 0) - 1)).toHaveLength(1);
      expect(refusedNow(list, list[0]?.until_ms ?? 0)).toEqual([]);
      pauses.push((list[0]?.pause_ms ?? 0) / 3_600_000);
      now_ms = list[0]?.until_ms ?? 0;
    }
    expect(list).toHaveLength(1);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 24, 24]);
  });

  it('are forgotten when the range is read after all', () => {
    const list = withRefusal(withRefusal([], range, 0), { address: 0x2000, words: 2 }, 0);
    expect(withoutRefusals(list, { address: 0x2004, words: 16 }).map((r) => r.address)).toEqual([0x2000]);
    expect(withoutRefusals(list, { address: 0x2004, words: 9 })).toBe(list);
  });
});

describe('the length that a device takes', () => {
  const range = (address: number, words: number) => ({ address, words });

  it('is half of what was refused whole and read in pieces, or the longest piece', () => {
    expect(lengthTaken_words([range(0, 20)], [range(0, 10), range(10, 10)])).toBe(10);
    expect(lengthTaken_words([range(0, 20)], [range(0, 12), range(12, 8)])).toBe(12);
    expect(
      lengthTaken_words(
        [range(0, 20), range(0, 10)],
        [0, 5, 10, 15].map((at) => range(at, 5)),
      ),
    ).toBe(5);
  });

  it('is not learnt from a refusal while as much is answered elsewhere', () => {
    expect(lengthTaken_words([range(100, 2)], [range(0, 30), range(100, 1), range(101, 1)])).toBeUndefined();
  });

  it('is not learnt where a piece is refused as well', () => {
    expect(lengthTaken_words([range(0, 20)], [range(0, 10)])).toBeUndefined();
    expect(lengthTaken_words([], [range(0, 10)])).toBeUndefined();
  });
});
