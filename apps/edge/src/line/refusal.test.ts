import { describe, expect, it } from 'vitest';
import { type Refusal, refusedNow, withoutRefusals, withRefusal } from './refusal.ts';

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
