import { describe, expect, it } from 'vitest';
import { instants } from './instants.ts';

describe('instants as text', () => {
  it('are what Date writes, for any instant', () => {
    const at_ms = [
      0, -1, -86_400_000, 1_774_749_600_000, 1_774_749_600_001, 1_774_748_700_250.4, 4_102_444_799_999,
    ];
    for (let i = 0; i < 3_000; i++) at_ms.push(1_790_000_000_000 + i * 900_000, i * 7_777_777);
    expect(instants(at_ms)).toEqual(at_ms.map((at) => new Date(at).toISOString()));
  });
});
