import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resampleEnergy } from './energy-resample.ts';

test('energy is kept however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ length: fc.integer({ min: 1, max: 50 }), energy: fc.integer({ min: 0, max: 1000 }) }),
        { minLength: 1, maxLength: 8 },
      ),
      fc.integer({ min: 1, max: 17 }),
      (parts, width) => {
        let at = 0;
        const periods = parts.map(({ length, energy }) => {
          const start_ms = at;
          at += length;
          return { start_ms, end_ms: at, energy };
        });
        const boundaries = Array.from({ length: Math.ceil(at / width) + 1 }, (_, i) => i * width);
        const total = resampleEnergy(periods, boundaries).reduce((sum, { energy }) => sum + energy, 0);
        expect(total).toBeCloseTo(
          parts.reduce((sum, { energy }) => sum + energy, 0),
          6,
        );
      },
    ),
  );
});

test('what is not known is missing, and how much is known is said', () => {
  const periods = [
    { start_ms: 0, end_ms: 10, energy: 100 },
    { start_ms: 10, end_ms: 20, energy: Number.NaN },
    { start_ms: 30, end_ms: 40, energy: 40 },
  ];
  expect(resampleEnergy(periods, [0, 15, 20, 25, 35])).toEqual([
    { start_ms: 0, end_ms: 15, energy: 100, knownShare: 10 / 15 },
    { start_ms: 15, end_ms: 20, energy: Number.NaN, knownShare: 0 },
    { start_ms: 20, end_ms: 25, energy: Number.NaN, knownShare: 0 },
    { start_ms: 25, end_ms: 35, energy: 20, knownShare: 0.5 },
  ]);
  expect(() => resampleEnergy([...periods, { start_ms: 35, end_ms: 50, energy: 1 }], [0, 50])).toThrow(
    RangeError,
  );
});
