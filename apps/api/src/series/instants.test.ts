import { describe, expect, it } from 'vitest';
import { evenInstants, instants } from './instants.ts';

describe('instants as text', () => {
  it('are what Date writes, for any instant', () => {
    const at_ms = [
      0, -1, -86_400_000, 1_774_749_600_000, 1_774_749_600_001, 1_774_748_700_250.4, 4_102_444_799_999,
    ];
    for (let i = 0; i < 3_000; i++) at_ms.push(1_790_000_000_000 + i * 900_000, i * 7_777_777);
    expect(instants(at_ms)).toEqual(at_ms.map((at) => new Date(at).toISOString()));
  });

  it('at even steps are the same, whole days, parts of days and odd steps alike', () => {
    for (const [first_ms, step_ms, count] of [
      [1_774_735_200_000, 3_600_000, 750],
      [1_774_735_200_000, 900_000, 100],
      [1_774_742_400_000, 86_400_000, 40],
      [1_774_742_400_000, 7_000, 13],
      [1_774_742_401_000, 3_600_000, 50],
      [0, 3_600_000, 0],
    ] as const)
      expect(JSON.parse(`[${evenInstants(first_ms, step_ms, count)}]`)).toEqual(
        Array.from({ length: count }, (_, i) => new Date(first_ms + i * step_ms).toISOString()),
      );
  });
});
