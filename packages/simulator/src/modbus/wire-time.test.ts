import { expect, it } from 'vitest';
import { createWire } from './wire-time.ts';

const eightN1 = { mode: 'rtu', baud: 9600, parity: 'none', stopBits: 1 } as const;
const character_ms = 10_000 / 9600;

it('gives every character of request and reply its time: 8 + 129 bytes at 9600 take 142.7 ms', () => {
  const wire = createWire(eightN1);
  const heard_ms = wire.requestEnd_ms(1000, 8);
  expect(heard_ms).toBeCloseTo(1000 + 8 * character_ms, 9);
  const arrivals = wire.send(new Uint8Array(129), heard_ms + 50);
  expect(arrivals.at(-1)?.at_ms).toBeCloseTo(1050 + 137 * character_ms, 9);
  expect(arrivals.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(129);
});

it('carries one thing at a time: what comes meanwhile waits', () => {
  const wire = createWire(eightN1);
  wire.requestEnd_ms(0, 10);
  expect(wire.requestEnd_ms(1, 10)).toBeCloseTo(20 * character_ms, 9);
  expect(wire.send(Uint8Array.of(1), 0)[0]?.at_ms).toBeCloseTo(21 * character_ms, 9);
});
