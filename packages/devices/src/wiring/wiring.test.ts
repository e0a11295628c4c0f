import { describe, expect, it, test } from 'vitest';
import { cableConstants, cableLengthTable } from '../../test/guide-tables.ts';
import { findProduct } from '../product/product-catalogue.ts';
import {
  burdenOf_va,
  type CableSection,
  cableLength,
  cableSections,
  printedLength_m,
} from './cable-length.ts';
import {
  checkPulseInput,
  checkPulseSettings,
  isPlausibleCount,
  largestPower_w,
  pulseRate,
  suggestWeight_wh,
} from './pulse-input.ts';

describe('cable length', () => {
  it('has the constants of the guide', () => {
    expect(cableSections.map((s) => [s.section_mm2, s.constant])).toEqual(cableConstants);
  });

  test.each(cableLengthTable)('%s A, %s: %s / %s VA → %s, %s, %s m', (_r, _n, fine, coarse, ...lengths) => {
    const rated_va = fine ?? coarse ?? 0;
    const sections: readonly CableSection[] = [1.5, 2.5, 6];
    expect(
      sections.map((section_mm2) =>
        printedLength_m(cableLength({ rated_va, instrument_va: 0.5, section_mm2 }).max_m),
      ),
    ).toEqual(lengths);
  });

  it('loses 4 % for each 10 °C above 20 °C and gains nothing below', () => {
    const at = (temperature_c: number): number =>
      cableLength({ rated_va: 10.5, instrument_va: 0.5, section_mm2: 1, temperature_c }).max_m;
    expect(at(20)).toBe(10);
    expect(at(30)).toBeCloseTo(9.6, 12);
    expect(at(45)).toBeCloseTo(9, 12);
    expect(at(0)).toBe(10);
  });

  it('has a minimum where the instrument alone is below a quarter of the burden', () => {
    const { min_m, max_m } = cableLength({ rated_va: 30, instrument_va: 0.5, section_mm2: 2.5 });
    expect(min_m).toBeCloseTo(7 * 2.44, 12);
    expect(burdenOf_va({ length_m: max_m, instrument_va: 0.5, section_mm2: 2.5 })).toBeCloseTo(30, 12);
    expect(burdenOf_va({ length_m: min_m, instrument_va: 0.5, section_mm2: 2.5 })).toBeCloseTo(7.5, 12);
    expect(cableLength({ rated_va: 1.25, instrument_va: 0.5, section_mm2: 6 }).min_m).toBe(0);
    expect(cableLength({ rated_va: 1, instrument_va: 2, section_mm2: 6 })).toEqual({ max_m: 0, min_m: 0 });
  });

  it('refuses what is no burden', () => {
    const ok = { rated_va: 3, instrument_va: 0.5, section_mm2: 1.5 } as const;
    expect(() => cableLength({ ...ok, rated_va: 0 })).toThrow(RangeError);
    expect(() => cableLength({ ...ok, instrument_va: Number.NaN })).toThrow(RangeError);
    expect(() => cableLength({ ...ok, temperature_c: 200 })).toThrow(RangeError);
    expect(() => cableLength({ ...ok, section_mm2: 3 as CableSection })).toThrow('3 mm²');
  });
});

describe('pulse inputs', () => {
  const power_w_max = largestPower_w({ network: 'three', voltage_v: 230, current_a_max: 63 });
  const offered = findProduct('0 046 73')?.pulse;
  const codes = (input: Parameters<typeof checkPulseInput>[0]): string[] =>
    checkPulseInput(input).map((f) => f.code);

  it('63 A three-phase at 1 Wh: 12 pulses a second, one every 83 ms', () => {
    expect(power_w_max).toBe(43_470);
    const { perSecond, period_ms } = pulseRate(power_w_max, 1);
    expect(perSecond).toBeCloseTo(12.075, 3);
    expect(period_ms).toBeCloseTo(82.8, 1);
    expect(pulseRate(0, 1).period_ms).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses a pulse of 100 ms there and takes one of 50 ms', () => {
    expect(codes({ power_w_max, weight_wh: 1, duration_ms: 100 })).toEqual(['pulseTooLong']);
    expect(codes({ power_w_max, weight_wh: 1, duration_ms: 50 })).toEqual([]);
    expect(codes({ power_w_max, weight_wh: 1, duration_ms: 50, offTime_ms: 50 })).toEqual(['offTimeTooLong']);
    expect(suggestWeight_wh({ power_w_max, duration_ms: 100 }, [1000, 100, 10, 1])).toBe(10);
    expect(suggestWeight_wh({ power_w_max: 1e9, duration_ms: 500 }, [1, 10])).toBeUndefined();
  });

  it('refuses what the meter does not offer', () => {
    if (!offered) throw new Error('0 046 73 has a pulse output');
    expect(codes({ power_w_max, weight_wh: 5, duration_ms: 60, offered })).toEqual([
      'weightNotOffered',
      'durationNotOffered',
    ]);
    expect(codes({ power_w_max, weight_wh: 10, duration_ms: 100, offered })).toEqual([]);
  });

  it('counts the ratios that the concentrator applies', () => {
    // 0.1 Wh at the secondary of a 100/5 transformer is 2 Wh at the primary.
    expect(codes({ power_w_max, weight_wh: 0.1, duration_ms: 100 })).toEqual(['pulseTooLong']);
    expect(codes({ power_w_max, weight_wh: 0.1, duration_ms: 100, ct_ratio: 20 })).toEqual([]);
  });

  it('warns of weights that show nothing, and refuses leads beyond the guide’s', () => {
    expect(codes({ power_w_max, weight_wh: 10_000, duration_ms: 100 })).toEqual(['tooCoarse']);
    expect(codes({ power_w_max, weight_wh: 10, duration_ms: 100, lead_m: 1001, lead_mm2: 0.75 })).toEqual([
      'leadTooLong',
      'leadTooThin',
    ]);
  });

  it('knows more pulses than can have come', () => {
    const source = { power_w_max, weight_wh: 1 };
    expect(isPlausibleCount(121, 10, source)).toBe(true);
    expect(isPlausibleCount(122, 10, source)).toBe(false);
    expect(() => pulseRate(1, 0)).toThrow(RangeError);
  });
});

test('settings of a pulse input are judged as the input that they describe, and not before they say enough', () => {
  const settings = { pulse_weight: 1, pulse_duration_ms: 100, power_w_max: 43_470 };
  expect(checkPulseSettings(settings).map((f) => f.code)).toEqual(['pulseTooLong']);
  expect(checkPulseSettings({ ...settings, ct_ratio: 20 })).toEqual([]);
  expect(checkPulseSettings({ pulse_weight: 1 })).toEqual([]);
  const byCurrent = { pulse_weight: 1, pulse_duration_ms: 100, current_a_max: 63 };
  expect(checkPulseSettings(byCurrent).map((f) => f.code)).toEqual(['pulseTooLong']);
  expect(checkPulseSettings({ ...byCurrent, phases: 1 })).toEqual([]);
});
