import { describe, expect, it } from 'vitest';
import { decodeAscii, encodeAscii } from './ascii.ts';
import { crc16 } from './crc16.ts';
import {
  exceptionName,
  parseException,
  parseRegistersReply,
  parseRequest,
  readRequest,
  writeReply,
  writeRequest,
} from './pdu.ts';
import { characterTime_ms, decodeRtu, encodeRtu, frameSilence_ms, rtuRequestLength } from './rtu.ts';
import { decodeTcp, encodeTcp } from './tcp.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16));
const pduOf = (hex: string): Uint8Array => {
  const message = decodeRtu(bytes(hex));
  if (!message) throw new Error(`not a frame: ${hex}`);
  return message.pdu;
};

// Frames of the guide's examples for 0 046 77, written down by hand with their checks.
describe('worked frames of the guide, RTU', () => {
  it.each([
    ['read voltage of unit 6', 6, readRequest(3, 0x2000, 2), '06 03 20 00 00 02 CE 7C'],
    ['read power factor', 6, readRequest(3, 0x2007, 1), '06 03 20 07 00 01 3F BC'],
    ['read partial energy', 6, readRequest(3, 0x200c, 2), '06 03 20 0C 00 02 0E 7F'],
    ['reset partial energy', 6, writeRequest(0x00c8, [1]), '06 10 00 C8 00 01 02 00 01 51 E8'],
    ['read of a register that is not there', 1, readRequest(3, 0x4000, 1), '01 03 40 00 00 01 91 CA'],
  ])('%s', (_, unit, pdu, expected) => {
    expect(encodeRtu({ unit, pdu })).toEqual(bytes(expected));
  });

  it('reads the replies', () => {
    expect(parseRegistersReply(pduOf('06 03 04 00 03 99 18 16 A9'))).toEqual({ words: [0x0003, 0x9918] });
    expect(parseRegistersReply(pduOf('06 03 02 00 52 8C 79'))).toEqual({ words: [82] });
    expect(parseRegistersReply(pduOf('06 03 04 00 00 00 02 0D 32'))).toEqual({ words: [0, 2] });
    expect(parseRegistersReply(pduOf('06 03 04 00 00 00 00 8C F3'))).toEqual({ words: [0, 0] });
    expect(parseRegistersReply(pduOf('01 83 01 80 F0'))).toEqual({ exception: 1 });
    expect(pduOf('01 86 01 83 A0')).toEqual(bytes('86 01'));
  });

  it('tells a refused function and why', () => {
    expect(parseException(pduOf('01 83 01 80 F0'))).toEqual({ functionCode: 3, exception: 1 });
    expect(parseException(pduOf('01 86 01 83 A0'))).toEqual({ functionCode: 6, exception: 1 });
    expect(parseException(pduOf('06 03 02 00 52 8C 79'))).toBeUndefined();
    expect([1, 2, 3, 4, 5, 6, 10, 11, 7].map(exceptionName)).toEqual([
      'illegalFunction',
      'illegalAddress',
      'illegalValue',
      'deviceFailure',
      'acknowledge',
      'busy',
      'gatewayPathUnavailable',
      'gatewayTargetSilent',
      undefined,
    ]);
  });

  it('answers the reset with the standard echo', () => {
    const reply = encodeRtu({ unit: 6, pdu: writeReply(writeRequest(0x00c8, [1])) });
    expect(reply).toEqual(bytes('06 10 00 C8 00 01 81 80'));
  });

  it('refuses a frame with a wrong check', () => {
    expect(decodeRtu(bytes('06 03 20 00 00 02 CE 7D'))).toBeUndefined();
    expect(decodeRtu(bytes('06 03'))).toBeUndefined();
  });
});

describe('worked frames of the guide, ASCII', () => {
  it.each([
    [6, readRequest(3, 0x2000, 2), ':060320000002D5\r\n'],
    [6, bytes('03 04 00 03 99 18'), ':060304000399183F\r\n'],
    [1, bytes('83 01'), ':0183017B\r\n'],
  ])('unit %i', (unit, pdu, frame) => {
    expect(encodeAscii({ unit, pdu })).toBe(frame);
    expect(decodeAscii(frame)).toEqual({ unit, pdu });
  });

  it('refuses a wrong check, a wrong end and lone digits', () => {
    expect(decodeAscii(':060320000002D6\r\n')).toBeUndefined();
    expect(decodeAscii(':060320000002D5\n')).toBeUndefined();
    expect(decodeAscii(':060320000002D\r\n')).toBeUndefined();
  });
});

describe('crc16', () => {
  it('gives the published check value of CRC-16/MODBUS', () => {
    expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x4b37);
  });
});

describe('Modbus TCP', () => {
  it('finds whole messages in a stream', () => {
    const frame = encodeTcp({ transaction: 0x1234, unit: 6, pdu: readRequest(3, 0x2000, 2) });
    expect(frame).toEqual(bytes('12 34 00 00 00 06 06 03 20 00 00 02'));
    expect(decodeTcp(frame.subarray(0, 11))).toBeUndefined();
    expect(decodeTcp(Uint8Array.of(...frame, 1, 2))).toEqual({
      message: { transaction: 0x1234, unit: 6, pdu: readRequest(3, 0x2000, 2) },
      taken: 12,
    });
    expect(decodeTcp(bytes('12 34 00 01 00 06 06 03 20 00 00 02'))).toBe('broken');
  });
});

describe('parseRequest', () => {
  it('answers 3 for counts out of bounds, 2 for addresses past the end, 1 for unknown functions', () => {
    expect(parseRequest(readRequest(3, 0, 126))).toEqual({ kind: 'refused', exception: 3 });
    expect(parseRequest(readRequest(3, 0, 0))).toEqual({ kind: 'refused', exception: 3 });
    expect(parseRequest(readRequest(3, 65_535, 2))).toEqual({ kind: 'refused', exception: 2 });
    expect(parseRequest(bytes('2B 0E 01 00'))).toEqual({ kind: 'refused', exception: 1 });
    expect(parseRequest(bytes('05 00 01 12 34'))).toEqual({ kind: 'refused', exception: 3 });
    expect(parseRequest(bytes('10 00 C8 00 02 02 00 01'))).toEqual({ kind: 'refused', exception: 3 });
  });

  it('reads a write of several registers', () => {
    expect(parseRequest(writeRequest(0x00c8, [1]))).toEqual({
      kind: 'writeMany',
      functionCode: 16,
      address: 0x00c8,
      count: 1,
      data: Uint8Array.of(0, 1),
    });
  });
});

describe('RTU framing', () => {
  it('knows the length of a request from its first bytes', () => {
    expect(rtuRequestLength(bytes('06'))).toBeUndefined();
    expect(rtuRequestLength(bytes('06 03'))).toBe(8);
    expect(rtuRequestLength(bytes('06 10 00 C8 00 01 02'))).toBe(11);
    expect(rtuRequestLength(bytes('06 2B'))).toBe(0);
  });

  it('knows the times of a line', () => {
    expect(characterTime_ms(11_000)).toBe(1);
    expect(frameSilence_ms(9600)).toBeCloseTo(4.01, 2);
    expect(frameSilence_ms(38_400)).toBe(1.75);
  });
});
