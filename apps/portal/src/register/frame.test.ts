import {
  encodeAscii,
  encodeRtu,
  encodeTcp,
  exceptionReply,
  readRequest,
  registersReply,
  writeRequest,
} from '@wattproof/devices';
import { describe, expect, it } from 'vitest';
import { framePartsOf } from './frame.ts';

const hex = (bytes: Uint8Array | string): string =>
  Buffer.from(bytes as Uint8Array)
    .toString('hex')
    .toUpperCase();
const shown = (...args: Parameters<typeof framePartsOf>): string =>
  framePartsOf(...args)
    .map(({ hex: bytes, part }) => `${part}=${bytes}`)
    .join(' ');
const read = { unit: 6, pdu: readRequest(3, 0x2000, 2) };
const reply = { unit: 6, pdu: registersReply(3, [3, 0x9918]) };

describe('the parts of a frame', () => {
  it('are those of the guide’s example', () => {
    expect(shown(hex(encodeRtu(read)), 'rtu', 'request')).toBe(
      'unit=06 function=03 address=20 00 count=00 02 check=CE 7C',
    );
    expect(shown(hex(encodeRtu(reply)), 'rtu', 'reply')).toBe(
      'unit=06 function=03 bytes=04 data=00 03 99 18 check=16 A9',
    );
    expect(shown('01830180F0', 'rtu', 'reply')).toBe('unit=01 function=83 exception=01 check=80 F0');
  });

  it('have the head of TCP, and the letters of ASCII', () => {
    expect(shown(hex(encodeTcp({ ...read, transaction: 7 })), 'tcp', 'request')).toBe(
      'transaction=00 07 protocol=00 00 length=00 06 unit=06 function=03 address=20 00 count=00 02',
    );
    expect(shown(hex(encodeAscii(reply)), 'ascii', 'reply')).toBe(
      'start=: unit=06 function=03 bytes=04 data=00 03 99 18 check=3F end=CR LF',
    );
    expect(shown(hex(encodeRtu({ unit: 6, pdu: exceptionReply(16, 2) })), 'rtu', 'reply')).toContain(
      'exception=02',
    );
    expect(shown(hex(encodeRtu({ unit: 6, pdu: writeRequest(200, [1]) })), 'rtu', 'request')).toContain(
      'address=00 C8 count=00 01 bytes=02 data=00 01',
    );
  });

  it('leave what is no frame as it is', () => {
    expect(shown('3A30', 'ascii', 'reply')).toBe('other=3A 30');
  });
});
