import { describe, expect, it } from 'vitest';
import { devicesOf, forgetOldRefusals, learnRefusal, probesOf } from './device.ts';

const [conto] = devicesOf([{ key: 'M1', unit: 1, profileId: 'ime-conto-d2', settings: {} }]);
if (!conto) throw new Error('no device');

describe('devicesOf', () => {
  it('makes one device of the inputs of a unit and reads only their words', () => {
    const inputs = [1, 3].map((input) => ({
      key: `W${input}`,
      unit: 9,
      profileId: 'legrand-concentrator',
      settings: { input },
    }));
    const [device, ...others] = devicesOf(inputs);
    expect(others).toEqual([]);
    expect(device?.meters.map((m) => m.key)).toEqual(['W1', 'W3']);
    expect(device?.blocks.map((b) => [b.address, b.words])).toEqual([
      [0x0100, 6],
      [0x0140, 23],
    ]);
  });
});

describe('learnRefusal', () => {
  it('halves until one value stands alone, leaves that out for an hour, then tries again', () => {
    const device = { ...conto };
    const missing = 0x200c;
    for (let round = 0; round < 10; round++) {
      const hit = device.blocks.find((b) => b.address <= missing && missing < b.address + b.words);
      if (!hit) break;
      learnRefusal(device, hit, 0);
    }
    const covered = (): number => device.blocks.reduce((sum, b) => sum + b.words, 0);
    expect(device.refused.map((r) => [r.block.address, r.block.words])).toEqual([[0x200c, 2]]);
    expect(covered()).toBe(14);
    forgetOldRefusals(device, 3_599_999);
    expect(covered()).toBe(14);
    forgetOldRefusals(device, 3_600_000);
    expect(covered()).toBe(16);
    expect(device.refused).toEqual([]);
  });
});

describe('probesOf', () => {
  it('asks for as little as possible', () => {
    expect(probesOf(conto)[0]).toEqual({ functionCode: 3, address: 0x0300, words: 1 });
  });
});
