import { rateGroups } from '@wattproof/devices';
import { describe, expect, it } from 'vitest';
import { blocksOf, type ConfiguredMeter, type Device, devicesOf, measurandsOf, probesOf } from './device.ts';
import { withRefusal } from './refusal.ts';

const meter = (more: Partial<ConfiguredMeter> = {}): ConfiguredMeter => ({
  key: 'M1',
  unit: 1,
  profileId: 'ime-conto-d2',
  settings: {},
  ...more,
});
const only = (meters: readonly ConfiguredMeter[], standard = { pollPeriod_s: 10 }): Device => {
  const [device, ...others] = devicesOf(meters, standard);
  if (!device || others.length > 0) throw new Error('one device');
  return device;
};
const plan = (device: Device, groups = rateGroups as readonly (typeof rateGroups)[number][]) =>
  blocksOf(device, groups, { cost_words: 29, now_ms: 0 }).map((b) => [b.address, b.words]);

describe('devicesOf', () => {
  it('makes one device of the inputs of a unit and reads only their words', () => {
    const device = only(
      [1, 3].map((input) =>
        meter({ key: `W${input}`, unit: 9, profileId: 'legrand-concentrator', settings: { input } }),
      ),
    );
    expect(device.meters.map((m) => m.key)).toEqual(['W1', 'W3']);
    expect(plan(device)).toEqual([
      [0x0100, 6],
      [0x0140, 24],
      // Indices by tariff.
      [0x01a0, 12],
    ]);
  });

  it('reads each rate group at its own period, and one without values never', () => {
    const rates = { pollPeriod_s: 10, fastPeriod_s: 1, slowPeriod_s: 60 };
    expect(only([meter()], rates).periods_ms).toEqual({ fast: 1000, normal: 10_000, slow: 60_000 });
    expect(only([meter({ pollPeriod_s: 5, slowPeriod_s: 900 })], rates).periods_ms).toEqual({
      fast: 5000,
      normal: 5000,
      slow: 900_000,
    });
    const pulses = meter({ profileId: 'legrand-concentrator', settings: { input: 1 } });
    expect(only([pulses], rates).periods_ms).toEqual({ fast: undefined, normal: undefined, slow: 60_000 });
  });
});

describe('what one poll reads', () => {
  it('is the due rate groups and what they need', () => {
    const device = only([meter()]);
    expect(plan(device)).toEqual([[0x2000, 16]]);
    expect(plan(device, ['fast'])).toEqual([[0x2004, 3]]);
    expect([...measurandsOf(device, device.meters[0] as ConfiguredMeter, ['fast'])]).toEqual([
      'active_power_w',
    ]);
  });

  it('leaves out what the device refused, until that is worth another try', () => {
    const device = only([meter()]);
    device.refusals = withRefusal([], { address: 0x200c, words: 2 }, -3_599_999);
    expect(plan(device)).toEqual([
      [0x2000, 12],
      [0x200e, 2],
    ]);
    device.refusals = withRefusal([], { address: 0x200c, words: 2 }, -3_600_000);
    expect(plan(device)).toEqual([[0x2000, 16]]);
  });
});

describe('probesOf', () => {
  it('asks for as little as possible', () => {
    const device = only([meter()]);
    const blocks = blocksOf(device, rateGroups, { cost_words: 29, now_ms: 0 });
    expect(probesOf(device, blocks)[0]).toEqual({ functionCode: 3, address: 0x0300, words: 1 });
  });
});
