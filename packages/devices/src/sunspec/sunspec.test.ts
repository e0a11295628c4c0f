import { describe, expect, it } from 'vitest';
import { decode } from '../decode.ts';
import { planReads } from '../plan.ts';
import { followSunspec, type SunspecStep } from './sunspec.ts';

const ascii = (text: string, words: number): number[] =>
  Array.from(
    { length: words },
    (_, i) => ((text.charCodeAt(2 * i) || 0) << 8) | (text.charCodeAt(2 * i + 1) || 0),
  );
const blank = (count: number): number[] => new Array(count).fill(0x8000);

// Model 203 written down from the published model in its own order, 107 words with id and length: currents in 10 mA,
// voltages in 0.1 V, frequency in 0.01 Hz, powers in 10 W, factors in 0.01 %, energies in 100 Wh.
const model203 = [
  ...[203, 105],
  ...[6000, 1000, 2000, 3000, 0xfffe],
  ...[2301, 2300, 2310, 2290, 3990, 4001, 4002, 4003, 0xffff],
  ...[5001, 0xfffe],
  ...[1500, 400, 500, 0xfff6, 1],
  ...[1600, 0x8000, 0x8000, 0x8000, 1],
  ...[300, 100, 100, 100, 1],
  ...[9400, 9000, 9100, 0xe000, 0xfffe],
  ...[0, 1000, 0, 0, 0, 0, 0, 0],
  ...[2, 0x0304, 0, 0, 0, 0, 0, 0, 2],
  ...[0, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 5, 0, 0, 0, 0, 0, 0, 0],
  ...blank(35),
];

/** A device with these registers from a base on. */
function follow(
  base: number,
  registers: readonly number[],
): { readonly asked: number[]; readonly step: SunspecStep } {
  const device = new Map(registers.map((word, i) => [base + i, word]));
  const words = new Map<number, number>();
  const refused = new Set<number>();
  const asked: number[] = [];
  for (;;) {
    const step = followSunspec(words, refused);
    if (step.state !== 'needs') return { asked, step };
    if (asked.length > 50) throw new Error(`asks without end: ${asked}`);
    const { address, words: count } = step.range;
    asked.push(address);
    const content = Array.from({ length: count }, (_, i) => device.get(address + i));
    if (content.some((word) => word === undefined)) refused.add(address);
    else for (const [i, word] of content.entries()) words.set(address + i, word ?? 0);
  }
}

const common = [1, 66, ...ascii('Maker', 16), ...ascii('Meter 3', 16), ...blank(34)];

describe('SunSpec', () => {
  it('has 107 words in the model written here', () => {
    expect(model203).toHaveLength(107);
  });

  it('finds the meter behind the common model and scales by its own registers', () => {
    const registers = [0x5375, 0x6e53, ...common, ...model203, 0xffff, 0];
    const { asked, step } = follow(40_000, registers);
    if (step.state !== 'found') throw new Error(JSON.stringify(step));
    expect(asked).toEqual([40_000, 40_002, 40_004, 40_070]);
    expect(step.models).toEqual([1, 203]);
    expect(step.profile).toMatchObject({
      title: 'Maker Meter 3, model 203',
      trust: 'documented',
      verified: false,
    });
    const words = new Map(registers.map((word, i) => [40_000 + i, word]));
    const { values, exceptions } = decode(step.profile, { words });
    expect(values).toMatchObject({
      current_l1_a: 10,
      current_l3_a: 30,
      voltage_l1_n_v: 230,
      voltage_l3_l1_v: 400.3,
      frequency_hz: 50.01,
      active_power_w: 15_000,
      active_power_l3_w: -100,
      apparent_power_va: 16_000,
      reactive_power_var: 3000,
      power_factor: 0.94,
      power_factor_l3: -0.8192,
      active_energy_export_wh: 100_000,
      active_energy_import_wh: 13_184_400,
      apparent_energy_vah: 5,
    });
    expect(exceptions).toEqual({});
    for (const block of planReads(step.profile)) expect(block.words).toBeLessThanOrEqual(125);
  });

  it('tries the other bases, and gives no value where a scale is not implemented', () => {
    const without = model203.with(17, 0x8000);
    const { asked, step } = follow(0, [0x5375, 0x6e53, ...without, 0xffff, 0]);
    expect(asked.slice(0, 3)).toEqual([40_000, 50_000, 0]);
    if (step.state !== 'found') throw new Error(JSON.stringify(step));
    const words = new Map([0x5375, 0x6e53, ...without].map((word, i) => [i, word]));
    const { values, exceptions } = decode(step.profile, { words });
    expect(values.frequency_hz).toBeUndefined();
    expect(exceptions.frequency_hz).toBe('notAvailable');
  });

  it('says why there is none', () => {
    expect(follow(7, [1]).step).toMatchObject({
      state: 'none',
      reason: expect.stringContaining('no marker'),
    });
    expect(follow(40_000, [0x5375, 0x6e53, ...common, 0xffff, 0]).step).toMatchObject({
      state: 'none',
      reason: 'models 1: no meter of 201 to 204 among them',
    });
    expect(follow(40_000, [0x5375, 0x6e53, 203, 99, ...blank(99)]).step).toMatchObject({
      reason: 'model 203 has 99 words, 105 are expected',
    });
    const endless = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 700 : 0));
    expect(follow(40_000, [0x5375, 0x6e53, ...endless]).step).toMatchObject({
      reason: 'the chain of models has no end',
    });
  });
});
