import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32, plainCrc32 } from './archive.ts';

test('CRC-32 is the one of the form, in Node and in a browser', () => {
  const digits = new TextEncoder().encode('123456789');
  expect(plainCrc32(digits)).toBe(0xcbf43926);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => plainCrc32(data) === crc32(data)));
});
