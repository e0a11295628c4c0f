import { deflateRawSync } from 'node:zlib';
import { measurands, type ReadingQuality, readingQualities } from '@wattproof/energy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BatchSchema,
  type CompactBatch,
  cbor,
  decodeCompactBlocks,
  decodeCompactHead,
  decodeSchema,
  encodeCompactBatch,
  encodePackedBatch,
  encodeSchema,
  isCompact,
  messageLimits,
  schemaHash,
  type WireReading,
} from './index.ts';

const counters = measurands.filter((m) => m.kind === 'counter');
const gauges = measurands.filter((m) => m.kind === 'gauge');

const meterSchema = fc.record({
  counters: fc.subarray(counters),
  gauges: fc.array(fc.tuple(fc.constantFrom(...gauges), fc.integer({ min: -4, max: 2 })), { maxLength: 12 }),
});
const schemaArbitrary = fc.array(meterSchema, { minLength: 1, maxLength: 5 }).map(
  (meters): BatchSchema => ({
    meters: meters.map((meter, i) => ({
      key: `meter ${i} é`,
      columns: [
        ...meter.counters.map((m) => ({ measurandId: m.id, exponent: 0 })),
        ...new Map(meter.gauges.map(([m, exponent]) => [m.id, { measurandId: m.id, exponent }])).values(),
      ],
    })),
  }),
);

/** A value that the column can carry exactly: an integer times its power of ten. */
const exactValue = (exponent: number, integer: number): number =>
  exponent < 0 ? integer / 10 ** -exponent : integer * 10 ** exponent;

function readingsOf(schema: BatchSchema): fc.Arbitrary<WireReading[]> {
  const perMeter = schema.meters.map(({ key, columns }) =>
    fc
      .array(
        fc.record({
          step_ms: fc.integer({ min: 0, max: 10_000_000 }),
          skew_ms: fc.integer({ min: 0, max: 60_000 }),
          quality: fc.constantFrom<ReadingQuality>(...readingQualities),
          values: fc.tuple(
            ...columns.map(({ measurandId, exponent }) =>
              fc.option(
                counters.some((m) => m.id === measurandId)
                  ? fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
                  : fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((n) => exactValue(exponent, n)),
                { nil: undefined },
              ),
            ),
          ),
          excepted: fc.option(
            fc.tuple(
              fc.nat(Math.max(0, columns.length - 1)),
              fc.constantFrom<ReadingQuality>(...readingQualities),
            ),
            { nil: undefined },
          ),
        }),
        { maxLength: 4 },
      )
      .map((list) => {
        let at_ms = 1_795_341_600_000;
        return list.map(({ step_ms, skew_ms, quality, values, excepted }): WireReading => {
          at_ms += step_ms;
          const named = columns.flatMap(({ measurandId }, c) => {
            const value = (values as (number | undefined)[])[c];
            return value === undefined ? [] : [[nameOf(measurandId), value + 0]];
          });
          const column = excepted && columns[excepted[0]];
          return {
            meterKey: key,
            at_ms,
            skew_ms,
            quality,
            values: Object.fromEntries(named),
            exceptions: column && excepted ? { [nameOf(column.measurandId)]: excepted[1] } : {},
          };
        });
      }),
  );
  return fc.tuple(...perMeter).map((lists) => lists.flat());
}
const nameOf = (id: number): string => measurands.find((m) => m.id === id)?.name ?? '';

const forms = [
  ['compact', encodeCompactBatch],
  ['packed', encodePackedBatch],
] as const;

test.each(forms)(
  'any schema and any readings come back as they went in: %s',
  (_, encode) => {
    fc.assert(
      fc.property(
        schemaArbitrary.chain((schema) => fc.tuple(fc.constant(schema), readingsOf(schema))),
        fc.constantFrom('live' as const, 'backfill' as const),
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.constantFrom(true, false, null),
        ([schema, readings], lane, seq, clockSynchronised) => {
          const encoded = encodeSchema(schema);
          expect(decodeSchema(encoded)).toEqual(schema);
          const batch: CompactBatch = {
            schemaHash: schemaHash(encoded),
            position: { boot: 'boot', lane, seq },
            clockSynchronised,
            readings,
          };
          const bytes = encode(batch, schema);
          expect(isCompact(bytes)).toBe(true);
          const head = decodeCompactHead(bytes);
          expect(head).toMatchObject({
            schemaHash: batch.schemaHash,
            position: batch.position,
            clockSynchronised,
          });
          const decoded = decodeCompactBlocks(head, schema);
          expect(decoded.rejections).toEqual([]);
          expect(decoded.readings.map(withoutMinusZero)).toEqual(readings.map(withoutMinusZero));
        },
      ),
      { numRuns: 300 },
    );
  },
  60_000,
);
const withoutMinusZero = (reading: WireReading): WireReading => ({
  ...reading,
  values: Object.fromEntries(Object.entries(reading.values).map(([name, value]) => [name, value + 0])),
});

test.each(forms)(
  'whatever bytes come, the decoder answers with readings or reasons only: %s',
  (_, encode) => {
    const schema: BatchSchema = {
      meters: [
        {
          key: 'M1',
          columns: [
            { measurandId: 1, exponent: 0 },
            { measurandId: 20, exponent: -1 },
          ],
        },
      ],
    };
    const good = encode(
      {
        schemaHash: schemaHash(encodeSchema(schema)),
        position: { boot: 'b', lane: 'live', seq: 7 },
        clockSynchronised: true,
        readings: [1, 2, 3].map((n) => ({
          meterKey: 'M1',
          at_ms: 1_795_341_600_000 + n,
          skew_ms: n,
          quality: 'good',
          values: { active_energy_import_wh: n, active_power_w: n / 10 },
          exceptions: { active_power_w: 'stale' },
        })),
      },
      schema,
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = Buffer.from(good.subarray(0, length));
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          let head: ReturnType<typeof decodeCompactHead>;
          try {
            head = decodeCompactHead(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            return;
          }
          const { readings, rejections } = decodeCompactBlocks(head, schema);
          for (const { values, at_ms, quality } of readings) {
            expect(Object.values(values).every((v) => typeof v === 'number')).toBe(true);
            expect(typeof at_ms).toBe('number');
            expect(readingQualities).toContain(quality);
          }
          for (const { code } of rejections) expect(['malformed', 'tooLarge']).toContain(code);
        },
      ),
      { numRuns: 2_000 },
    );
  },
  60_000,
);

const two: BatchSchema = {
  meters: [
    { key: 'M1', columns: [{ measurandId: 20, exponent: 0 }] },
    { key: 'M2', columns: [{ measurandId: 20, exponent: 0 }] },
  ],
};
const batchWith = (blocks: unknown): Buffer =>
  cbor.encode([1, '0123456789abcdef', 'boot', 0, 1, 1_000, blocks, 1]);

test('a block that is wrong is rejected by itself', () => {
  const good = [1, [0], 0, [[5]], 0];
  const wrong: [string, unknown][] = [
    ['no such meter', [9, [0], 0, [[5]], 0]],
    ['a column too many', [0, [0], 0, [[5], [5]], 0]],
    ['a column too short', [0, [0, 1], 0, [[5]], 0]],
    ['a value that is a text', [0, [0], 0, [['5']], 0]],
    ['a value that is no integer', [0, [0], 0, [[5.5]], 0]],
    ['a value beyond 2^53', [0, [0], 0, [[2 ** 60]], 0]],
    ['an unknown quality', [0, [0], 0, [[5]], 99]],
    ['fewer qualities than readings', [0, [0, 1], 0, [[5, 0]], [[0], []]]],
    ['an exception outside', [0, [0], 0, [[5]], [0, [[0, 7, 1]]]]],
    ['no array', 'block'],
  ];
  for (const [what, block] of wrong) {
    const { readings, rejections } = decodeCompactBlocks(decodeCompactHead(batchWith([block, good])), two);
    expect(rejections, what).toMatchObject([{ code: 'malformed', where: 'block 0' }]);
    expect(readings, what).toMatchObject([{ meterKey: 'M2', at_ms: 1_000, values: { active_power_w: 5 } }]);
  }
});

test('parts that a later version may append are ignored', () => {
  const bytes = cbor.encode([
    1,
    '0123456789abcdef',
    'boot',
    0,
    1,
    0,
    [[0, [0], 0, [[5]], 0, 'more']],
    1,
    'more',
  ]);
  expect(decodeCompactBlocks(decodeCompactHead(bytes), two).readings).toHaveLength(1);
});

test.each([
  [[3, '0123456789abcdef', 'b', 0, 1, 0, [], 1], /version 1 or 2/],
  [[2, '0123456789abcdef', 'b', 0, 1, 0, [], 1], /packed/],
  [[1, 'short', 'b', 0, 1, 0, [], 1], /16 hex digits/],
  [[1, '0123456789abcdef', '', 0, 1, 0, [], 1], /boot/],
  [[1, '0123456789abcdef', 'b', 2, 1, 0, [], 1], /lane/],
  [[1, '0123456789abcdef', 'b', 0, 0, 0, [], 1], /sequence/],
  [[1, '0123456789abcdef', 'b', 0, 1, 0.5, [], 1], /t0/],
  [[1, '0123456789abcdef', 'b', 0, 1, 0, {}, 1], /blocks/],
  [{ a: 1 }, /version 1/],
])('a head that is wrong is refused: %j', (parts, reason) => {
  expect(() => decodeCompactHead(cbor.encode(parts))).toThrow(reason);
});

test('more readings than a message may hold are refused', () => {
  const times = Array.from({ length: messageLimits.readings + 1 }, () => 1);
  const { readings, rejections } = decodeCompactBlocks(
    decodeCompactHead(batchWith([[0, times, 0, [null], 0]])),
    two,
  );
  expect(readings).toEqual([]);
  expect(rejections).toMatchObject([{ code: 'tooLarge' }]);
});

test.each(forms)('the encoder refuses what the wire cannot carry: %s', (_, encodeBatch) => {
  const encode = (reading: Partial<WireReading>): Buffer =>
    encodeBatch(
      {
        schemaHash: '0123456789abcdef',
        position: { boot: 'b', lane: 'live', seq: 1 },
        clockSynchronised: true,
        readings: [
          { meterKey: 'M1', at_ms: 0, skew_ms: 0, quality: 'good', values: {}, exceptions: {}, ...reading },
        ],
      },
      two,
    );
  expect(() => encode({ meterKey: 'M9' })).toThrow(/no meter M9/);
  expect(() => encode({ values: { frequency_hz: 50 } })).toThrow(/column.*frequency_hz/);
  expect(() => encode({ values: { active_power_w: Number.NaN } })).toThrow(/not finite/);
  expect(() => encode({ values: { active_power_w: 2 ** 54 } })).toThrow(/2\^53/);
});

test.each([
  [[2, []]],
  [[1, [['', []]]]],
  [[1, [['M1', [[9_999, 0]]]]]],
  [[1, [['M1', [[1, 12]]]]]],
  ['schema'],
])('bytes that are no schema are refused: %j', (parts) => {
  expect(() => decodeSchema(cbor.encode(parts))).toThrow();
});

const packedOf = (stream: readonly number[], flag = 0): Buffer =>
  cbor.encode([2, '0123456789abcdef', 'boot', 0, 1, 1_000, Buffer.from([flag, ...stream]), 1]);
/** One row of M1 at t0, good, without exceptions: what a column may follow. */
const oneRow = [1, 0, 0, 0, 0, 0];

test.each<[string, Buffer, RegExp]>([
  ['nothing', packedOf([]), /ends too early/],
  ['a count without rows', packedOf([5]), /ends too early/],
  ['more rows than a message holds', packedOf([0xff, 0xff, 0x03]), /more than 20000/],
  ['no such meter', packedOf([1, 4]), /no meter number/],
  ['an unknown quality', packedOf([1, 0, 0, 0, 1, 99]), /no quality/],
  ['an exception outside', packedOf([1, 0, 0, 0, 0, 1, 7, 20, 1]), /outside/],
  ['a measurand of no meter', packedOf([...oneRow, 1, 1, 0, 0]), /of no meter/],
  ['a value too few', packedOf([...oneRow, 1, 20, 0]), /ends too early/],
  ['an integer that never ends', packedOf([...oneRow, 1, 20, 0, ...new Array(20).fill(0xff)]), /2\^53/],
  ['an unknown form', packedOf(oneRow, 7), /neither plain nor compressed/],
  ['bytes that are not compressed', packedOf([0xff, 0xff, 0xff], 1), /decompressed/],
])('a packed batch that is wrong is rejected whole: %s', (_, bytes, reason) => {
  const { readings, rejections } = decodeCompactBlocks(decodeCompactHead(bytes), two);
  expect(readings).toEqual([]);
  expect(rejections).toMatchObject([{ code: 'malformed', where: 'batch' }]);
  expect(rejections[0]?.message).toMatch(reason);
});

test('a packed batch that unfolds into more than a message may hold is refused', () => {
  const bomb = deflateRawSync(Buffer.alloc(40_000_000));
  expect(bomb.length).toBeLessThan(50_000);
  const { rejections } = decodeCompactBlocks(decodeCompactHead(packedOf([...bomb], 1)), two);
  expect(rejections[0]?.message).toMatch(/decompressed/);
});
