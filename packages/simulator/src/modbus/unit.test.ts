import {
  decode,
  exceptionCodes,
  findProfile,
  parseRegistersReply,
  readRequest,
  writeRequest,
} from '@wattproof/devices';
import { describe, expect, it } from 'vitest';
import type { SimulatedDevice } from './line.ts';
import { createUnit } from './unit.ts';

const conto: SimulatedDevice = {
  unit: 6,
  profileId: 'ime-conto-d2',
  settings: {},
  values: (at_ms) => ({
    voltage_l1_n_v: 235.8,
    power_factor: 0.82,
    active_energy_import_wh: at_ms,
    active_energy_partial_wh: at_ms,
  }),
};
const exception = (functionCode: number, code: number): Uint8Array =>
  Uint8Array.of(functionCode | 0x80, code);
const pdu = (
  unit: ReturnType<typeof createUnit>,
  request: Uint8Array,
  at_ms = 1000,
): Uint8Array | undefined => unit.answer(request, at_ms)?.pdu;

describe('createUnit', () => {
  it('answers the guide’s reads of 0 046 77 byte for byte', () => {
    const unit = createUnit([conto]);
    expect(pdu(unit, readRequest(3, 0x2000, 2))).toEqual(Uint8Array.of(3, 4, 0x00, 0x03, 0x99, 0x18));
    expect(pdu(unit, readRequest(3, 0x2007, 1))).toEqual(Uint8Array.of(3, 2, 0x00, 0x52));
  });

  it('sets the partial energy back by the guide’s write and keeps the total', () => {
    const unit = createUnit([conto]);
    expect(pdu(unit, readRequest(3, 0x200c, 2), 20)).toEqual(Uint8Array.of(3, 4, 0, 0, 0, 2));
    expect(pdu(unit, writeRequest(0x00c8, [1]), 20)).toEqual(Uint8Array.of(0x10, 0x00, 0xc8, 0x00, 0x01));
    expect(pdu(unit, readRequest(3, 0x200c, 2), 20)).toEqual(Uint8Array.of(3, 4, 0, 0, 0, 0));
    expect(pdu(unit, readRequest(3, 0x200c, 2), 70)).toEqual(Uint8Array.of(3, 4, 0, 0, 0, 5));
    expect(pdu(unit, readRequest(3, 0x200a, 2), 70)).toEqual(Uint8Array.of(3, 4, 0, 0, 0, 7));
  });

  it('refuses registers that are not there, counts beyond its limit, functions it lacks and writes to measurements', () => {
    const unit = createUnit([conto]);
    expect(pdu(unit, readRequest(3, 0x4000, 1))).toEqual(exception(3, exceptionCodes.illegalAddress));
    expect(pdu(unit, readRequest(3, 0x2000, 33))).toEqual(exception(3, exceptionCodes.illegalValue));
    expect(pdu(unit, readRequest(4, 0x2000, 2))).toEqual(exception(4, exceptionCodes.illegalFunction));
    expect(pdu(unit, readRequest(1, 0, 1))).toEqual(exception(1, exceptionCodes.illegalFunction));
    expect(pdu(unit, writeRequest(0x2000, [1]))).toEqual(exception(16, exceptionCodes.illegalAddress));
  });

  it('serves the inputs of one device as several meters', () => {
    const input = (number: number, litres: number): SimulatedDevice => ({
      unit: 9,
      profileId: 'legrand-concentrator',
      settings: { input: number, pulse_weight: 10 },
      values: () => ({ volume_l: litres }),
    });
    const unit = createUnit([input(1, 1230), input(3, 990)]);
    const words = new Map<number, number>();
    for (const [address, count] of [
      [0x0100, 24],
      [0x0140, 95],
    ] as const) {
      const reply = parseRegistersReply(pdu(unit, readRequest(3, address, count)) ?? new Uint8Array());
      if (reply && 'words' in reply)
        for (const [i, word] of reply.words.entries()) words.set(address + i, word);
    }
    const profile = findProfile('legrand-concentrator');
    if (!profile) throw new Error('no concentrator');
    expect(decode(profile, { words }, { input: 1 }).values).toEqual({ volume_l: 1230 });
    expect(decode(profile, { words }, { input: 3 }).values).toEqual({ volume_l: 990 });
    expect(decode(profile, { words }, { input: 2 }).values).toEqual({});
  });

  it('keeps what is written to a setting', () => {
    const unit = createUnit([{ ...conto, profileId: 'legrand-concentrator', settings: { input: 1 } }]);
    expect(pdu(unit, writeRequest(0x0141, [0, 2500]))).toEqual(Uint8Array.of(16, 0x01, 0x41, 0, 2));
    expect(pdu(unit, readRequest(3, 0x0141, 2))).toEqual(Uint8Array.of(3, 4, 0, 0, 0x09, 0xc4));
  });

  it('switches coils and shows contacts', () => {
    const unit = createUnit([{ ...conto, coils: 6, contacts: () => [true, false, true] }]);
    expect(pdu(unit, Uint8Array.of(5, 0, 2, 0xff, 0))).toEqual(Uint8Array.of(5, 0, 2, 0xff, 0));
    expect(pdu(unit, Uint8Array.of(15, 0, 3, 0, 2, 1, 0b10))).toEqual(Uint8Array.of(15, 0, 3, 0, 2));
    expect(pdu(unit, readRequest(1, 0, 6))).toEqual(Uint8Array.of(1, 1, 0b010100));
    expect(pdu(unit, readRequest(2, 0, 3))).toEqual(Uint8Array.of(2, 1, 0b101));
    expect(pdu(unit, readRequest(1, 5, 2))).toEqual(exception(1, exceptionCodes.illegalAddress));
  });

  it('fails as told, when told', () => {
    const unit = createUnit([
      {
        ...conto,
        faults: [
          { kind: 'silent', when: { period_ms: 1000, duration_ms: 100 } },
          { kind: 'late', delay_ms: 150, when: (_, { address }) => address === 0x2007 },
          { kind: 'exception', code: 6, when: { from_ms: 5000, to_ms: 6000 } },
        ],
      },
    ]);
    const at = (at_ms: number, address = 0x2000) => unit.answer(readRequest(3, address, 1), at_ms);
    expect(at(3050)).toBeUndefined();
    expect(at(3150)?.fault).toBeUndefined();
    expect(at(3150, 0x2007)?.fault).toMatchObject({ kind: 'late', delay_ms: 150 });
    expect(at(5500)?.pdu).toEqual(exception(3, 6));
  });
});
