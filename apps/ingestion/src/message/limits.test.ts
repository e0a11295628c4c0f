import {
  type BatchSchema,
  decodeCompactColumns,
  decodeCompactHead,
  encodeCompactBatch,
  encodeSchema,
  readingsOfColumns,
  schemaHash,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areStorable, checkReading } from './limits.ts';

const receivedAt_ms = Date.UTC(2026, 10, 22, 12);
const day_ms = 86_400_000;
const limits = { receivedAt_ms, retention_ms: 400 * day_ms };
const reading = (more: Partial<WireReading>): WireReading => ({
  meterKey: 'M1',
  at_ms: receivedAt_ms,
  skew_ms: 0,
  quality: 'good',
  values: { active_power_w: 1 },
  exceptions: {},
  ...more,
});

test.each<[string, Partial<WireReading>, string | undefined]>([
  ['now', {}, undefined],
  ['five minutes ahead', { at_ms: receivedAt_ms + 300_000 }, undefined],
  ['more than five minutes ahead', { at_ms: receivedAt_ms + 300_001 }, 'timestampOutOfRange'],
  ['400 days back', { at_ms: receivedAt_ms - 400 * day_ms }, undefined],
  ['more than 400 days back', { at_ms: receivedAt_ms - 400 * day_ms - 1 }, 'timestampOutOfRange'],
  ['no instant at all', { at_ms: Number.NaN }, 'timestampOutOfRange'],
  ['beyond what a date can be', { at_ms: 1e300 }, 'timestampOutOfRange'],
  ['an endless skew', { skew_ms: 2 ** 31 }, 'malformed'],
  ['the largest counter', { values: { volume_l: Number.MAX_SAFE_INTEGER } }, undefined],
  ['a counter beyond', { values: { volume_l: 2 ** 53 } }, 'valueOutOfRange'],
  ['a negative counter', { values: { volume_l: -1 } }, 'valueOutOfRange'],
  ['half a litre', { values: { volume_l: 0.5 } }, 'counterNotInteger'],
  ['a negative power', { values: { active_power_w: -5.5 } }, undefined],
  ['NaN', { values: { active_power_w: Number.NaN } }, 'valueNotFinite'],
  ['infinity', { values: { volume_l: Number.POSITIVE_INFINITY } }, 'valueNotFinite'],
  ['an absurd gauge', { values: { active_power_w: -1.1e15 } }, 'valueOutOfRange'],
  ['no value', { values: {} }, undefined],
])('%s', (_, more, code) => {
  expect(checkReading(reading(more), limits)?.code).toBe(code);
});

test('a batch is storable exactly when each of its readings is', () => {
  const schema: BatchSchema = {
    meters: [
      {
        key: 'M1',
        columns: [
          { measurandId: 1, exponent: 0 },
          { measurandId: 20, exponent: 9 },
        ],
      },
    ],
  };
  const hash = schemaHash(encodeSchema(schema));
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          offset_ms: fc.constantFrom(0, -1_000, 300_000, 300_001, -400 * day_ms, -401 * day_ms),
          skew_ms: fc.constantFrom(0, 5, 2 ** 31),
          energy: fc.constantFrom(undefined, 0, 5, -1, Number.MAX_SAFE_INTEGER),
          power: fc.constantFrom(undefined, 0, 1e9, -1e15, 2e15),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      (list) => {
        const readings = list.map(({ offset_ms, skew_ms, energy, power }) =>
          reading({
            at_ms: receivedAt_ms + offset_ms,
            skew_ms,
            values: {
              ...(energy === undefined ? {} : { active_energy_import_wh: energy }),
              ...(power === undefined ? {} : { active_power_w: power }),
            },
          }),
        );
        // Steps between two far values may be beyond what the wire carries; such a batch cannot be made.
        let bytes: Buffer;
        try {
          bytes = encodeCompactBatch(
            {
              schemaHash: hash,
              position: { boot: 'b', lane: 'live', seq: 1 },
              clockSynchronised: true,
              readings,
            },
            schema,
          );
        } catch {
          fc.pre(false);
          return;
        }
        const { columns } = decodeCompactColumns(decodeCompactHead(bytes), schema);
        const decoded = readingsOfColumns(columns);
        expect(decoded).toHaveLength(readings.length);
        const each = decoded.every((r) => checkReading(r, limits) === undefined);
        expect(areStorable(columns, limits)).toBe(each);
      },
    ),
    { numRuns: 500 },
  );
});
