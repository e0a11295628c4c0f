import { describe, expect, it } from 'vitest';
import { readable } from './dead-letter.service.ts';

describe('payload of a dead letter', () => {
  it('is shown as text where it is text, also when the cut went through a character', () => {
    expect(readable(Buffer.from('{"meter":"Kühlung"}'), { isCut: false })).toBe('{"meter":"Kühlung"}');
    expect(readable(Buffer.from('Kühl').subarray(0, 2), { isCut: true })).toBe('K');
    expect(readable(Buffer.alloc(0), { isCut: false })).toBe('');
  });
  it('is shown as hex where it is not', () => {
    expect(readable(Buffer.from([0x89, 0x01, 0xff, 0xfe, 0xc3, 0x28]), { isCut: false })).toBe(
      '8901fffec328',
    );
    expect(readable(Buffer.from([0x41, 0x00, 0x42]), { isCut: false })).toBe('410042');
  });
});
