import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import {
  ackMessage,
  type BatchSchema,
  type CompactBatch,
  decodeCompactBlocks,
  decodeCompactHead,
  decodeJsonReadings,
  decodeSchema,
  encodeCompactBatch,
  encodePackedBatch,
  encodeSchema,
  gatewayConfiguration,
  isCompact,
  requestMessage,
  schemaHash,
  stateMessage,
} from './index.ts';

const folder = join(import.meta.dirname, '../../fixtures/mqtt-v1');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const jsonOf = (name: string): unknown => JSON.parse(textOf(name));
/** Bytes of an annotated file: hexadecimal up to `#` on each line. */
function bytesOf(name: string): Buffer {
  const hex = textOf(name)
    .split('\n')
    .map((line) => (line.split('#')[0] ?? '').replaceAll(' ', ''))
    .join('');
  expect(hex).toMatch(/^(?:[0-9a-f]{2})+$/);
  return Buffer.from(hex, 'hex');
}
const { hash, schema } = jsonOf('0001-schema.json') as { hash: string; schema: BatchSchema };

test('published fixtures never change, and none is unlisted', () => {
  const listed = textOf('SHA256SUMS')
    .trim()
    .split('\n')
    .map((line) => line.split('  ') as [string, string]);
  const found = readdirSync(folder).filter((name) => name !== 'SHA256SUMS');
  expect(listed.map(([, name]) => name).sort()).toEqual(found.sort());
  for (const [sum, name] of listed)
    expect(createHash('sha256').update(textOf(name)).digest('hex'), name).toBe(sum);
  // The list itself as it was first published; it may only grow.
  const first = textOf('SHA256SUMS').split('\n').slice(0, 20).join('\n');
  expect(createHash('sha256').update(first).digest('hex')).toBe(firstPublished);
});
const firstPublished = '2f06b800ee50f4ae1856e82a13fe9ca6b414f1a04a07738a430d6250fbbb9ade';

test('the schema reads and writes as published, and has its hash', () => {
  const bytes = bytesOf('0001-schema.hex');
  expect(decodeSchema(bytes)).toEqual(schema);
  expect(encodeSchema(schema).toString('hex')).toBe(bytes.toString('hex'));
  expect(schemaHash(bytes)).toBe(hash);
});

const batches = readdirSync(folder).filter((name) => /-batch-.*\.hex$/.test(name));
test.each(batches)('%s reads as published', (name) => {
  const means = jsonOf(name.replace('.hex', '.json')) as CompactBatch;
  const bytes = bytesOf(name);
  expect(isCompact(bytes)).toBe(true);
  const head = decodeCompactHead(bytes);
  expect(head.schemaHash).toBe(means.schemaHash);
  expect(head.position).toEqual(means.position);
  expect(head.clockSynchronised).toBe(means.clockSynchronised);
  expect(decodeCompactBlocks(head, schema)).toEqual({ readings: means.readings, rejections: [] });
});
test.each(batches.filter((name) => !name.includes('64-bit')))('%s is written as published', (name) => {
  const means = jsonOf(name.replace('.hex', '.json')) as CompactBatch;
  expect(encodeCompactBatch(means, schema).toString('hex')).toBe(bytesOf(name).toString('hex'));
});

const packed = readdirSync(folder).filter((name) => /-packed-.*\.hex$/.test(name));
test.each(packed)('%s means what the published back-fill batch means', (name) => {
  const means = jsonOf('0003-batch-backfill.json') as CompactBatch;
  const head = decodeCompactHead(bytesOf(name));
  expect(head).toMatchObject({
    schemaHash: means.schemaHash,
    position: means.position,
    clockSynchronised: means.clockSynchronised,
  });
  expect(decodeCompactBlocks(head, schema)).toEqual({ readings: means.readings, rejections: [] });
});
test('a packed batch that compression does not shorten is written as published', () => {
  const means = jsonOf('0003-batch-backfill.json') as CompactBatch;
  expect(encodePackedBatch(means, schema).toString('hex')).toBe(
    bytesOf('0015-packed-plain.hex').toString('hex'),
  );
});

test('the JSON forms read as published', () => {
  const received_ms = Date.UTC(2026, 10, 22, 12);
  const at_ms = Date.UTC(2026, 10, 22, 10);
  const plain = { skew_ms: 0, quality: 'good', exceptions: {} };
  expect(decodeJsonReadings(textOf('0006-json-reading.json'), received_ms)).toEqual({
    readings: [
      {
        ...plain,
        meterKey: 'M1',
        at_ms,
        values: { active_energy_import_wh: 123456, active_power_w: 4200 },
      },
    ],
    rejections: [],
  });
  expect(decodeJsonReadings(textOf('0007-json-readings.json'), received_ms)).toEqual({
    readings: [
      { ...plain, meterKey: 'M1', at_ms: at_ms + 500, quality: 'stale', values: { active_power_w: -3.5 } },
      { ...plain, meterKey: 'gas', at_ms, values: { volume_l: 5 } },
    ],
    rejections: [],
  });
});

test.each<[string, z.ZodType]>([
  ['0008-ack.json', ackMessage],
  ['0009-request-schema.json', requestMessage],
  ['0010-request-batches.json', requestMessage],
  ['0011-state.json', stateMessage],
  ['0012-state-will.json', stateMessage],
  ['0013-config.json', gatewayConfiguration],
])('%s is understood whole', (name, message) => {
  expect(message.parse(jsonOf(name))).toEqual(jsonOf(name));
});
