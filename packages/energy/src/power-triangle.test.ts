import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harmonicDistortion } from './harmonic-distortion.ts';
import { capacitorBank, powerTriangle } from './power-triangle.ts';

test('230 V, 10 A, cos φ 0.8: 1840 W, 1380 var, 2300 VA', () => {
  const single = powerTriangle({ voltage_v: 230, current_a: 10, cosPhi: 0.8, network: 'single' });
  expect(single.active_w).toBeCloseTo(1840, 9);
  expect(single.reactive_var).toBeCloseTo(1380, 9);
  expect(single.apparent_va).toBe(2300);
  expect(single.tanPhi).toBeCloseTo(0.75, 12);
  const leading = powerTriangle({
    voltage_v: 230,
    current_a: 10,
    cosPhi: 0.8,
    network: 'single',
    character: 'capacitive',
  });
  expect(leading.reactive_var).toBeCloseTo(-1380, 9);
});

test('three-phase 400 V, 100 A, cos φ 0.9', () => {
  const three = powerTriangle({ voltage_v: 400, current_a: 100, cosPhi: 0.9, network: 'three' });
  expect(three.apparent_va).toBeCloseTo(69_282.03, 2);
  expect(three.active_w).toBeCloseTo(62_353.83, 2);
});

test('P² + Q² = S² whatever the load', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1000, noNaN: true }),
      fc.double({ min: 0, max: 5000, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (voltage_v, current_a, cosPhi) => {
        const { active_w, reactive_var, apparent_va } = powerTriangle({
          voltage_v,
          current_a,
          cosPhi,
          network: 'three',
        });
        expect(Math.hypot(active_w, reactive_var)).toBeCloseTo(apparent_va, 3);
      },
    ),
  );
  expect(() => powerTriangle({ voltage_v: 230, current_a: 1, cosPhi: 1.1, network: 'single' })).toThrow(
    RangeError,
  );
  expect(() => powerTriangle({ voltage_v: Number.NaN, current_a: 1, cosPhi: 1, network: 'single' })).toThrow(
    RangeError,
  );
  expect(powerTriangle({ voltage_v: 230, current_a: 1, cosPhi: 0, network: 'single' }).tanPhi).toBeNull();
});

test('100 kW at 400 V from cos φ 0.75 to 0.95', () => {
  const bank = capacitorBank({
    active_w: 100_000,
    voltage_v: 400,
    frequency_hz: 50,
    cosPhi: 0.75,
    wantedCosPhi: 0.95,
  });
  // tan φ 0.88192 and 0.32868
  expect(bank.reactive_var).toBeCloseTo(55_323.3, 0);
  expect(bank.delta_f * 1e6).toBeCloseTo(366.87, 1);
  expect(bank.star_f).toBeCloseTo(3 * bank.delta_f, 12);
  expect(bank.currentBefore_a).toBeCloseTo(192.45, 2);
  expect(bank.currentAfter_a).toBeCloseTo(151.93, 2);
  expect(bank.lossesSavedShare).toBeCloseTo(0.37673, 4);
  // Where the target is missed on purpose the bank is negative, not silently 0.
  const worse = { active_w: 1, voltage_v: 400, frequency_hz: 50, cosPhi: 0.95, wantedCosPhi: 0.9 };
  expect(capacitorBank(worse).reactive_var).toBeLessThan(0);
  expect(() => capacitorBank({ ...worse, cosPhi: 0 })).toThrow(RangeError);
});

test('a fundamental of 100 with 30, 20 and 10 has a THD of 37.4 %', () => {
  const distortion = harmonicDistortion(
    100,
    [
      { order: 3, value: 30 },
      { order: 5, value: 20 },
      { order: 7, value: 10 },
    ],
    50,
  );
  expect(distortion.thdF_percent).toBeCloseTo(37.417, 3);
  expect(distortion.thdR_percent).toBeCloseTo(35.044, 3);
  expect(distortion.rms).toBeCloseTo(106.771, 3);
  expect(distortion.distortionFactor).toBeCloseTo(0.93659, 5);
  expect(distortion.spectrum.map((h) => h.frequency_hz)).toEqual([150, 250, 350]);
});

test('what is no spectrum is refused', () => {
  expect(harmonicDistortion(10, [], 50).thdF_percent).toBe(0);
  expect(() => harmonicDistortion(0, [], 50)).toThrow('above 0');
  expect(() => harmonicDistortion(1, [{ order: 1, value: 1 }], 50)).toThrow('no order');
  expect(() => harmonicDistortion(1, [{ order: 2.5, value: 1 }], 50)).toThrow('no order');
  expect(() =>
    harmonicDistortion(
      1,
      [
        { order: 3, value: 1 },
        { order: 3, value: 1 },
      ],
      50,
    ),
  ).toThrow('twice');
});
