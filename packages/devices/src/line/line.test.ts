import { describe, expect, it, test } from 'vitest';
import { findProfile } from '../catalogue.ts';
import { encodeAscii } from '../frame/ascii.ts';
import { readRequest, registersReply } from '../frame/pdu.ts';
import { encodeRtu } from '../frame/rtu.ts';
import { encodeTcp } from '../frame/tcp.ts';
import { findProduct } from '../product/product-catalogue.ts';
import type { DeviceProfile } from '../profile.ts';
import { bitsPerCharacter, exchangeBytes, exchangeTime_ms, gapOf_ms } from './exchange-time.ts';
import { commonSettings, forecastLine, type LineSettings, type PlannedMeter } from './line-forecast.ts';

const serial: LineSettings = { transport: 'serial', mode: 'rtu', baud: 9600, parity: 'none', stopBits: 1 };
const profileOf = (id: string): DeviceProfile => {
  const found = findProfile(id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
};
const nemo = profileOf('ime-nemo-96hd');
/** One block of 62 words, 20 ms apart. */
const block62: DeviceProfile = {
  ...nemo,
  id: 'block-62',
  limits: { maxWords: 125, minimumGap_ms: 20, unreadable: [] },
  points: Array.from({ length: 31 }, (_, i) => ({
    key: `p${i}`,
    address: 2 * i,
    type: 'u32' as const,
    // One value is enough for all of a request to be read.
    ...(i === 0 ? { measurand: 'active_power_w' as const } : {}),
  })),
};
const meter = (unitAddress: number, more: Partial<PlannedMeter> = {}): PlannedMeter => ({
  name: `M${unitAddress}`,
  unitAddress,
  profile: block62,
  period_s: 10,
  ...more,
});
const many = (count: number, more: Partial<PlannedMeter> = {}): PlannedMeter[] =>
  Array.from({ length: count }, (_, i) => meter(i + 1, more));

describe('time of an exchange', () => {
  test.each([1, 2, 62, 125])('counts the bytes that frames of %i words really have', (words) => {
    const request = { unit: 6, pdu: readRequest(3, 0x1000, words) };
    const reply = { unit: 6, pdu: registersReply(3, new Array(words).fill(1)) };
    expect(exchangeBytes('rtu', words)).toEqual({
      request: encodeRtu(request).length,
      reply: encodeRtu(reply).length,
    });
    expect(exchangeBytes('ascii', words)).toEqual({
      request: encodeAscii(request).length,
      reply: encodeAscii(reply).length,
    });
    expect(exchangeBytes('tcp', words)).toEqual({
      request: encodeTcp({ ...request, transaction: 1 }).length,
      reply: encodeTcp({ ...reply, transaction: 1 }).length,
    });
  });

  it('has 10 bits a character without parity, 11 with, 9 and 10 in ASCII', () => {
    const bits = (mode: 'rtu' | 'ascii', parity: 'none' | 'even', stopBits: 1 | 2 = 1): number =>
      bitsPerCharacter({ mode, parity, stopBits });
    expect([bits('rtu', 'none'), bits('rtu', 'even'), bits('rtu', 'none', 2)]).toEqual([10, 11, 11]);
    expect([bits('ascii', 'none'), bits('ascii', 'even')]).toEqual([9, 10]);
  });

  it('takes 23 characters, turn-around and gap for 5 words at 9600 baud', () => {
    expect(exchangeTime_ms(serial, 5, { turnaround_ms: 50, gap_ms: 20 })).toBeCloseTo(23 / 0.96 + 70, 9);
    expect(gapOf_ms(serial, 0)).toBeCloseTo(3.6458, 4);
    expect(gapOf_ms({ ...serial, baud: 38_400 }, 0)).toBe(1.75);
    expect(gapOf_ms({ ...serial, mode: 'ascii' }, 0)).toBe(0);
  });
});

describe('forecast of a line', () => {
  const codes = (settings: LineSettings, meters: readonly PlannedMeter[]): string[] =>
    forecastLine(settings, meters).findings.map((f) => f.code);

  it('32 devices with 62 words and a gap of 20 ms: 6.8 s at 9600 baud, 4.5 s at 19 200', () => {
    const slow = forecastLine(serial, many(32));
    expect(slow.cycle_ms).toBeCloseTo(32 * ((8 + 129) / 0.96 + 70), 6);
    expect(slow.cycle_ms / 1000).toBeCloseTo(6.8, 1);
    expect(forecastLine({ ...serial, baud: 19_200 }, many(32)).cycle_ms / 1000).toBeCloseTo(4.5, 1);
    expect(slow.loadShare).toBeCloseTo(slow.cycle_ms / 10_000, 12);
    expect(slow.shortestPeriod_s).toBe(8);
    expect(slow.devices[0]).toMatchObject({ requests: 1, words: 62, bytes: 137 });
  });

  it('says that 5 s is impossible at 9600 baud', () => {
    const { findings } = forecastLine(serial, many(32, { period_s: 5 }));
    expect(findings.map((f) => f.code)).toEqual(['overloaded']);
    expect(findings[0]?.message).toContain('below 8 s');
    expect(codes(serial, many(32))).toEqual([]);
    expect(codes(serial, many(32, { period_s: 8 }))).toEqual(['nearlyFull']);
  });

  it('refuses addresses twice, but takes the inputs of one device for one', () => {
    expect(codes(serial, [meter(7, { name: 'A' }), meter(7, { name: 'B' })])).toEqual(['duplicateAddress']);
    const concentrator = profileOf('legrand-concentrator');
    const input = (n: number | undefined, name = `I${n}`): PlannedMeter => ({
      name,
      unitAddress: 9,
      profile: concentrator,
      ...(n === undefined ? {} : { input: n }),
      period_s: 60,
    });
    const twelve = Array.from({ length: 12 }, (_, i) => input(i + 1));
    const forecast = forecastLine(serial, twelve);
    expect(forecast.findings).toEqual([]);
    expect(forecast.devices).toHaveLength(1);
    expect(codes(serial, [input(1), input(1, 'again')])).toEqual(['duplicateAddress']);
    expect(codes(serial, [input(13)])).toEqual(['unknownInput']);
    expect(codes(serial, [input(undefined)])).toEqual(['unknownInput']);
    expect(codes(serial, [input(1), meter(9)])).toEqual(['duplicateAddress']);
    expect(codes(serial, [meter(3, { input: 1 })])).toEqual(['unknownInput']);
  });

  it('refuses more than 32 devices or 1000 m without a repeater', () => {
    const hour = { period_s: 3600 };
    expect(codes(serial, many(33, hour))).toEqual(['tooManyDevices']);
    expect(codes({ ...serial, repeaters: 1 }, many(33, hour))).toEqual([]);
    expect(codes({ ...serial, length_m: 1001 }, many(2))).toEqual(['lineTooLong']);
    expect(codes({ ...serial, length_m: 1000 }, many(2))).toEqual([]);
    expect(codes({ ...serial, length_m: 1001, repeaters: 1 }, many(2))).toEqual([]);
    expect(codes({ ...serial, transport: 'network' }, many(40))).toEqual([]);
  });

  it('refuses addresses outside the device’s own, and warns of those outside Modbus', () => {
    expect(codes(serial, [meter(0)])).toEqual(['addressOutOfRange']);
    expect(codes(serial, [meter(256)])).toEqual(['addressOutOfRange']);
    // A control unit takes up to 255, a meter up to 247.
    expect(codes(serial, [meter(250)])).toEqual(['addressBeyondModbus']);
    const conto = profileOf('ime-conto-d2');
    expect(codes(serial, [meter(250, { profile: conto })])).toEqual(['addressOutOfRange']);
  });

  it('refuses rates and modes that a device does not have, by name', () => {
    const conto = profileOf('ime-conto-d2');
    const { findings } = forecastLine({ ...serial, baud: 38_400, mode: 'ascii' }, [
      meter(1, { profile: conto, name: 'Oven' }),
      meter(2, { profile: profileOf('breaker-dpx3'), name: 'Main' }),
    ]);
    expect(findings.map((f) => [f.code, f.meters])).toEqual([
      ['modeNotOffered', ['Oven']],
      ['baudNotOffered', ['Oven']],
    ]);
    const communication = findProduct('0 288 00')?.communication;
    if (!communication) throw new Error('DMX³ has Modbus');
    expect(
      codes({ ...serial, stopBits: 2 }, [meter(1, { profile: profileOf('breaker-dpx3'), communication })]),
    ).toEqual(['stopBitsNotOffered']);
  });

  it('warns where devices as slow as their maker allows would not be read in time', () => {
    const slow = profileOf('ime-conto-d2');
    const meters = Array.from({ length: 25 }, (_, i) => meter(i + 1, { profile: slow, period_s: 10 }));
    const forecast = forecastLine({ ...serial, baud: 19_200 }, meters);
    expect(forecast.worstCycle_ms - forecast.cycle_ms).toBeCloseTo(
      25 * (forecast.devices[0]?.requests ?? 0) * 150,
      6,
    );
    expect(codes({ ...serial, baud: 19_200 }, many(25, { profile: slow, period_s: 5 }))).toContain(
      'slowTurnaround',
    );
  });
});

test('meters, control units, concentrator, DMX³ and 0 261 36 share 9600 and 19 200 baud', () => {
  const numbers = ['0 046 77', '4 120 51', '4 120 65', '0 288 03', '0 261 36'];
  const communications = numbers.map((number) => {
    const communication = findProduct(number)?.communication;
    if (!communication) throw new Error(`${number} has no Modbus`);
    return communication;
  });
  const common = commonSettings(communications);
  expect(common.bauds).toEqual([9600, 19_200]);
  expect(common.advice).toEqual({ mode: 'rtu', baud: 19_200, parity: 'none', stopBits: 1 });
  const [first] = communications;
  if (!first) throw new Error('five');
  expect(commonSettings([first, { ...first, bauds: [1200] }]).advice).toBeNull();
});
