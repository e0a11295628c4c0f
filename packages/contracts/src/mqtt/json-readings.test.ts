import { measurands, readingQualities } from '@wattproof/energy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeJsonReadings } from './index.ts';

const received_ms = Date.UTC(2026, 10, 22, 12);
const decode = (message: unknown) =>
  decodeJsonReadings(typeof message === 'string' ? message : JSON.stringify(message), received_ms);

test.each([
  ['2026-11-22T10:00:00Z', Date.UTC(2026, 10, 22, 10)],
  ['2026-11-22T10:00:00.250Z', Date.UTC(2026, 10, 22, 10) + 250],
  ['2026-11-22T10:00:00.123456Z', Date.UTC(2026, 10, 22, 10) + 123],
  ['2026-11-22T11:00:00+01:00', Date.UTC(2026, 10, 22, 10)],
  ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
  [undefined, received_ms],
])('the instant %s', (at, expected) => {
  const { readings, rejections } = decode({ meter: 'M1', at, values: { active_power_w: 1 } });
  expect(rejections).toEqual([]);
  expect(readings[0]?.at_ms).toBe(expected);
});

test.each([
  ['2026-11-22'],
  ['2026-11-22T10:00:00'],
  ['22/11/2026 10:00'],
  ['2026-02-30T10:00:00Z'],
  ['2027-02-29T10:00:00Z'],
  ['2026-13-01T10:00:00Z'],
  ['2026-11-22T24:00:01Z'],
  ['yesterday'],
  [1_795_341_600],
  [null],
])('no instant: %s', (at) => {
  expect(decode({ meter: 'M1', at, values: { active_power_w: 1 } })).toMatchObject({
    readings: [],
    rejections: [{ code: 'malformed', where: 'message.at' }],
  });
});

test.each([
  ['not JSON', '{"meter":', 'malformed', 'message'],
  ['a number', '5', 'malformed', 'message'],
  ['null', 'null', 'malformed', 'message'],
  ['no meter', { values: {} }, 'malformed', 'message.meter'],
  ['a meter without a name', { meter: '', values: {} }, 'malformed', 'message.meter'],
  ['no values', { meter: 'M1' }, 'malformed', 'message.values'],
  ['values in a list', { meter: 'M1', values: [1] }, 'malformed', 'message.values'],
  [
    'a value in quotes',
    { meter: 'M1', values: { active_power_w: '1' } },
    'malformed',
    'message.values.active_power_w',
  ],
  [
    'null as a value',
    { meter: 'M1', values: { active_power_w: null } },
    'malformed',
    'message.values.active_power_w',
  ],
  ['an unknown quality', { meter: 'M1', values: {}, quality: 'superb' }, 'malformed', 'message.quality'],
  ['something unasked', { meter: 'M1', values: {}, colour: 'red' }, 'malformed', 'message'],
  [
    'an unknown measurand',
    { meter: 'M1', values: { toString: 1 } },
    'unknownMeasurand',
    'message.values.toString',
  ],
  ['NaN', '{"meter":"M1","values":{"active_power_w":NaN}}', 'valueNotFinite', 'character 41'],
  [
    'more than a number holds',
    '{"meter":"M1","values":{"active_power_w":1e999}}',
    'valueNotFinite',
    'message.values.active_power_w',
  ],
  ['readings that are no list', { readings: 5 }, 'malformed', 'readings'],
  ['a list without its name', [{ meter: 'M1', values: {} }], 'malformed', 'message'],
])('%s is rejected and says where', (_, message, code, where) => {
  expect(decode(message)).toMatchObject({ readings: [], rejections: [{ code, where }] });
});

test('each reading of a list stands or falls by itself', () => {
  const outcome = decode({
    readings: [
      { meter: 'M1', values: { active_power_w: 1 } },
      { meter: 'M2', values: { nonsense: 1 } },
      { meter: 'M3', values: { active_power_w: 3 } },
    ],
  });
  expect(outcome.readings.map((r) => r.meterKey)).toEqual(['M1', 'M3']);
  expect(outcome.rejections).toMatchObject([{ where: 'readings[1].values.nonsense' }]);
});

test('too many readings are refused before any is looked at', () => {
  const outcome = decode({ readings: Array.from({ length: 20_001 }, () => 0) });
  expect(outcome).toMatchObject({ readings: [], rejections: [{ code: 'tooLarge' }] });
});

test('a plain reading means the same as one that takes the long way', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          meter: fc.oneof(fc.string({ maxLength: 70 }), fc.constant('M1')),
          at: fc.oneof(
            fc
              .date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
              .map((d) => d.toISOString()),
            fc.string(),
          ),
          values: fc.dictionary(
            fc.oneof(fc.constantFrom(...measurands.map((m) => m.name)), fc.string()),
            fc.oneof(fc.double(), fc.integer(), fc.constant(null)),
            { maxKeys: 4 },
          ),
          quality: fc.oneof(fc.constantFrom(...readingQualities), fc.string()),
        },
        { requiredKeys: ['meter', 'at', 'values'] },
      ),
      (reading) => {
        const text = JSON.stringify(reading);
        const plain = decodeJsonReadings(text, received_ms);
        // Seven digits of a second are outside the plain form and mean the same instant.
        const { at } = reading;
        const long = decodeJsonReadings(
          JSON.stringify({ ...reading, at: at.endsWith('Z') ? at.replace(/Z$/, '0000Z') : at }),
          received_ms,
        );
        expect(plain).toEqual(long);
      },
    ),
    { numRuns: 1_000 },
  );
});
