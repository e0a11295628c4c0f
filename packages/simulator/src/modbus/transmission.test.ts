import { registersReply } from '@wattproof/devices';
import { describe, expect, it } from 'vitest';
import { type Framing, frameSender, type Transmission, transmissionsOf } from './transmission.ts';

const reply = { transaction: 7, unit: 6, pdu: registersReply(3, [3, 0x9918]) };
const hex = (parts: readonly Transmission[] | 'unplug'): (readonly [number, string])[] =>
  parts === 'unplug'
    ? []
    : parts.map(({ after_ms, bytes }) => [after_ms, Buffer.from(bytes).toString('hex')] as const);
const good: Readonly<Record<Framing, string>> = {
  rtu: '060304000399' + '1816a9',
  ascii: Buffer.from(':060304000399183F\r\n').toString('hex'),
  tcp: '000700000007060304000399' + '18',
};

describe.each(['rtu', 'ascii', 'tcp'] as const)('a reply over %s', (framing) => {
  const sent = (fault?: Parameters<typeof transmissionsOf>[2]) => hex(transmissionsOf(framing, reply, fault));

  it('is the guide’s frame when nothing is wrong, and the same bytes later, twice, split or drop by drop', () => {
    expect(sent()).toEqual([[0, good[framing]]]);
    expect(sent({ kind: 'late', delay_ms: 90 })).toEqual([[90, good[framing]]]);
    expect(sent({ kind: 'repeated', delay_ms: 5 })).toEqual([
      [0, good[framing]],
      [5, good[framing]],
    ]);
    const split = sent({ kind: 'split', pause_ms: 20 });
    expect(split.map(([at]) => at)).toEqual([0, 20]);
    expect(split.map(([, bytes]) => bytes).join('')).toBe(good[framing]);
    const drops = sent({ kind: 'drip', pause_ms: 2 });
    expect(drops).toHaveLength(good[framing].length / 2);
    expect(drops.at(-1)?.[0]).toBe(2 * (drops.length - 1));
    expect(drops.map(([, bytes]) => bytes).join('')).toBe(good[framing]);
  });

  it('is absent when it is dropped or the cable is pulled', () => {
    expect(sent({ kind: 'silent' })).toEqual([]);
    expect(transmissionsOf(framing, reply, { kind: 'unplug' })).toBe('unplug');
  });

  it('is preceded by noise, followed by another’s, or of another unit or length', () => {
    const [[, noisy] = [0, '']] = sent({ kind: 'garbageBefore', bytes: 4 });
    expect(noisy).toHaveLength(8 + good[framing].length);
    expect(noisy?.endsWith(good[framing])).toBe(true);
    const [[, two] = [0, '']] = sent({ kind: 'twoReplies' });
    expect(two).toHaveLength(2 * good[framing].length);
    expect(two?.startsWith(good[framing])).toBe(true);
    expect(two?.endsWith(good[framing])).toBe(false);
    expect(sent({ kind: 'wrongUnit' })[0]?.[1]).not.toBe(good[framing]);
    const perWord = framing === 'ascii' ? 8 : 4;
    expect(sent({ kind: 'wrongLength', words: 1 })[0]?.[1]).toHaveLength(good[framing].length + perWord);
    expect(sent({ kind: 'wrongLength', words: -1 })[0]?.[1]).toHaveLength(good[framing].length - perWord);
  });
});

it('has a wrong CRC or LRC, and over TCP, which has none, is lost', () => {
  const wrong = (framing: Framing) => hex(transmissionsOf(framing, reply, { kind: 'wrongCheck' }));
  expect(wrong('rtu')).toEqual([[0, '0603040003991816' + '56']]);
  expect(wrong('ascii')).toEqual([[0, Buffer.from(':0603040003991800\r\n').toString('hex')]]);
  expect(wrong('tcp')).toEqual([]);
});

describe('a stream', () => {
  it('keeps the bytes of a frame together and in order, however late its pieces are', async () => {
    const frame = (first: number, after_ms: number): Transmission[] =>
      Array.from({ length: 20 }, (_, i) => ({
        after_ms: after_ms + i,
        bytes: Uint8Array.of(first + i),
        ...(i > 0 ? { isRest: true as const } : {}),
      }));
    const written: number[] = [];
    await new Promise<void>((resolve) => {
      const send = frameSender(([byte = 0]) => {
        written.push(byte);
        if (written.length === 61) resolve();
      });
      send(frame(0, 0));
      send([{ after_ms: 3, bytes: Uint8Array.of(99) }]);
      send(frame(100, 5));
      send(frame(200, 6));
    });
    const run = (first: number): number[] => Array.from({ length: 20 }, (_, i) => first + i);
    expect(written).toEqual([...run(0), 99, ...run(100), ...run(200)]);
  });
});
