import type { WireReading } from '@wattproof/contracts/mqtt';
import type { MeasurandName } from '@wattproof/energy';
import { type SimulatedDevice, startLines } from '@wattproof/simulator';
import { waitFor } from '@wattproof/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { runLine } from '../src/line/line.ts';
import { meter, simulatedMeter, tcpLine, testLogger } from './fixture.ts';

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** Readings of one simulated device over Modbus TCP, five a second. */
async function read(
  device: SimulatedDevice,
  configured: ReturnType<typeof meter>,
): Promise<readonly WireReading[]> {
  const simulation = await startLines([{ id: 'A', transport: 'tcp', port: 0, devices: [device] }]);
  running.push(simulation.stop);
  const readings: WireReading[] = [];
  const line = runLine({
    line: tcpLine('A', simulation.lines[0]?.port ?? 0, [configured]),
    periods: { pollPeriod_s: 0.2 },
    onReadings: (some) => readings.push(...some),
    logger: testLogger,
  });
  running.push(line.stop);
  return readings;
}
const nemo = (values: SimulatedDevice['values'], more: Partial<SimulatedDevice> = {}): SimulatedDevice => ({
  unit: 1,
  profileId: 'ime-nemo-96hd',
  settings: {},
  values,
  ...more,
});
const phases = (l1: number, l2: number, l3: number) => ({
  active_power_w: l1 + l2 + l3,
  active_power_l1_w: l1,
  active_power_l2_w: l2,
  active_power_l3_w: l3,
});
const exceptionOf = (readings: readonly WireReading[], name: MeasurandName): Promise<WireReading> =>
  waitFor(() => readings.find((r) => r.exceptions[name] !== undefined), { timeout_s: 30 });

describe('what is wrong with a value is told with it, and nothing becomes 0', () => {
  it('notAvailable: the device marks what it does not have', async () => {
    const readings = await read(
      nemo(() => ({ voltage_l1_n_v: 230 }), { profileId: 'emdx3-meter' }),
      meter('M1', 1, 'emdx3-meter'),
    );
    const reading = await exceptionOf(readings, 'voltage_l2_n_v');
    expect(reading.exceptions.voltage_l2_n_v).toBe('notAvailable');
    expect(reading.values).not.toHaveProperty('voltage_l2_n_v');
    expect(reading.values.voltage_l1_n_v).toBe(230);
  });

  it('outOfRange: a power factor of 1.5 is passed on and marked', async () => {
    const readings = await read(
      nemo(() => ({ power_factor: 1.5 })),
      meter('M1', 1, 'ime-nemo-96hd'),
    );
    const reading = await exceptionOf(readings, 'power_factor');
    expect([reading.exceptions.power_factor, reading.values.power_factor]).toEqual(['outOfRange', 1.5]);
  });

  it('wiringSuspect: one phase runs against the others', async () => {
    const readings = await read(
      nemo(() => phases(4000, -3900, 4100)),
      meter('M1', 1, 'ime-nemo-96hd'),
    );
    const reading = await exceptionOf(readings, 'active_power_l2_w');
    expect(reading.exceptions.active_power_l2_w).toBe('wiringSuspect');
    expect(reading.values.active_power_l2_w).toBe(-3900);
  });

  it('timeout and exception: the part that was not read is absent, with its reason; the rest is there', async () => {
    const hours = (_: number, { address, count }: { address: number; count: number }): boolean =>
      address <= 0x106e && address + count > 0x106a;
    const readings = await read(
      nemo(() => ({ voltage_l1_n_v: 230, active_energy_partial_wh: 70 }), {
        faults: [{ kind: 'exception', code: 6, when: hours }],
      }),
      meter('M1', 1, 'ime-nemo-96hd'),
    );
    const reading = await exceptionOf(readings, 'active_energy_partial_wh');
    expect(reading.exceptions.active_energy_partial_wh).toBe('exception');
    expect(reading.values).not.toHaveProperty('active_energy_partial_wh');
    expect(reading.values.voltage_l1_n_v).toBe(230);
    const silent = await read(
      nemo(() => ({ voltage_l1_n_v: 230, active_energy_partial_wh: 70 }), {
        faults: [{ kind: 'silent', when: hours }],
      }),
      meter('M1', 1, 'ime-nemo-96hd'),
    );
    const late = await exceptionOf(silent, 'active_energy_partial_wh');
    expect(late.exceptions.active_energy_partial_wh).toBe('timeout');
    expect(late.values).not.toHaveProperty('active_energy_partial_wh');
    expect(late.values.voltage_l1_n_v).toBe(230);
  });

  it('counterReset: a counter that fell back, once, with what it shows now', async () => {
    const reset_ms = Date.now() + 1500;
    const readings = await read(
      simulatedMeter(1, {
        values: (at_ms) => ({ active_energy_import_wh: at_ms < reset_ms ? 500_000 : 120 }),
      }),
      meter('M1', 1),
    );
    const reading = await exceptionOf(readings, 'active_energy_import_wh');
    expect(reading.exceptions.active_energy_import_wh).toBe('counterReset');
    expect(reading.values.active_energy_import_wh).toBe(120);
    const after = await waitFor(() => readings[readings.indexOf(reading) + 1]);
    expect(after.exceptions).not.toHaveProperty('active_energy_import_wh');
  });
});

describe('a pulse input', () => {
  const settings = { input: 1, input_type: 1, pulse_weight: 10, ct_ratio: 1, vt_ratio: 1 };
  const concentrator = (values: SimulatedDevice['values']): SimulatedDevice => ({
    unit: 9,
    profileId: 'legrand-concentrator',
    settings,
    values,
  });

  it('delivers the index of the meter behind it', async () => {
    const readings = await read(
      concentrator(() => ({ active_energy_import_wh: 1000 })),
      meter('P', 9, 'legrand-concentrator', { ...settings, start_index: 4_711_000, start_count: 40 }),
    );
    const reading = await waitFor(() => readings[0]);
    expect(reading.values).toEqual({ active_energy_import_wh: 4_711_000 + (100 - 40) * 10 });
  });

  it('delivers what it counted in each tariff, and doubts more than the largest current of its meter gives', async () => {
    const bounce_ms = Date.now() + 1500;
    const readings = await read(
      concentrator((at_ms) => ({
        active_energy_import_wh: at_ms < bounce_ms ? 1000 : 9000,
        active_energy_tariff_1_wh: 600,
        active_energy_tariff_2_wh: at_ms < bounce_ms ? 400 : 8400,
      })),
      meter('P', 9, 'legrand-concentrator', {
        ...settings,
        tariff_input: 2,
        start_index_tariff_1: 70_000,
        current_a_max: 63,
      }),
    );
    const first = await waitFor(() => readings[0]);
    expect(first.values).toEqual({
      active_energy_import_wh: 1000,
      active_energy_tariff_1_wh: 70_600,
      active_energy_tariff_2_wh: 400,
    });
    // Two requests read them; the contact may begin to bounce between the two.
    for (const name of ['active_energy_import_wh', 'active_energy_tariff_2_wh'] as const)
      expect((await exceptionOf(readings, name)).exceptions[name]).toBe('outOfRange');
    expect(readings.some((r) => r.exceptions.active_energy_tariff_1_wh !== undefined)).toBe(false);
  });

  it('marks more pulses than its source can have given: a contact that bounces', async () => {
    const bounce_ms = Date.now() + 1500;
    const readings = await read(
      concentrator((at_ms) => ({ active_energy_import_wh: at_ms < bounce_ms ? 1000 : 9000 })),
      meter('P', 9, 'legrand-concentrator', { ...settings, power_w_max: 43_470 }),
    );
    const reading = await exceptionOf(readings, 'active_energy_import_wh');
    expect(reading.exceptions.active_energy_import_wh).toBe('outOfRange');
    expect(reading.values.active_energy_import_wh).toBe(9000);
  });
});
