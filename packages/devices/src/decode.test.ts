import { type MeasurandName, measurandOf } from '@wattproof/energy';
import { describe, expect, it } from 'vitest';
import { findProfile, profiles } from './catalogue.ts';
import { columnsOf, counterModulus } from './column.ts';
import { decode } from './decode.ts';
import { encode, type MeterState } from './encode.ts';
import type { DeviceProfile } from './profile.ts';

const profile = (id: string): DeviceProfile => {
  const found = findProfile(id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
};

/** Contents by address, written as on paper: `0x2000: '0003 9918'`. */
const registers = (rows: Record<number, string>): ReadonlyMap<number, number> =>
  new Map(
    Object.entries(rows).flatMap(([address, words]) =>
      words.split(' ').map((word, i): [number, number] => [Number(address) + i, Number.parseInt(word, 16)]),
    ),
  );

describe('0 046 77 (Conto D2)', () => {
  it('reads the guide’s 235.8 V and 0.82', () => {
    const words = registers({ 8192: '0003 9918', 8199: '0052' });
    const { values, exceptions } = decode(profile('ime-conto-d2'), { words });
    expect(values).toEqual({ voltage_l1_n_v: 235.8, power_factor: 0.82 });
    expect(exceptions.active_power_w).toBe('notAvailable');
  });
});

describe('Nemo 96HD', () => {
  const nemo = profile('ime-nemo-96hd');
  // 1014h = 123 456, 101Ah = 1 (negative), 101Ch = 1 000; CT ratio at 1200h, VT ratio (tenths) at 1201h.
  const words = (ct: string, vt: string): ReadonlyMap<number, number> =>
    registers({ 4116: '0001 E240', 4122: '0001', 4124: '0000 03E8', 4608: ct, 4609: vt });

  it.each([
    ['direct', '0001', '000A', -1234.56, 10_000],
    ['100/5 A (20)', '0014', '000A', -1234.56, 100_000],
    ['500/5 A (100)', '0064', '000A', -1234.56, 1_000_000],
    ['5 000/5 A (1 000)', '03E8', '000A', -1234.56, 10_000_000],
    ['500/5 A, 60 V/V (6 000)', '0064', '0258', -123_456, 10_000_000],
    ['5 000/5 A, 60 V/V (60 000)', '03E8', '0258', -123_456, 100_000_000],
    ['5 000/5 A, 200 V/V (200 000)', '03E8', '07D0', -123_456, 1_000_000_000],
  ])('scales power and energy by notes P and E: %s', (_, ct, vt, power, energy) => {
    const { values, attributes } = decode(nemo, { words: words(ct, vt) });
    expect(values.active_power_w).toBe(power);
    expect(values.active_energy_import_wh).toBe(energy);
    expect(attributes.active_power_sign).toBe(1);
  });

  it('gives no power and no energy while the ratios are unknown, and says why', () => {
    const unread = new Map([...words('0001', '000A')].filter(([address]) => address < 4608));
    const failures = [{ address: 4608, words: 8, quality: 'timeout' as const }];
    const { values, exceptions } = decode(nemo, { words: unread, failures });
    expect(values).toEqual({});
    expect(exceptions.active_power_w).toBe('timeout');
    expect(exceptions.active_energy_import_wh).toBe('timeout');
    expect(exceptions.voltage_l1_n_v).toBe('notAvailable');
  });

  it('doubts the phase that runs against the others, unless the meter exports', () => {
    // P1 = 40.00 W, P2 = 38.00 W negative, P3 = 41.00 W
    const reversed = { 4140: '0000 0FA0 0000 0ED8 0000 1004', 4146: '0000 0001 0000', 4608: '0001 000A' };
    const { values, exceptions } = decode(nemo, { words: registers(reversed) });
    expect(values.active_power_l2_w).toBe(-38);
    expect(exceptions.active_power_l2_w).toBe('wiringSuspect');
    expect(exceptions.active_power_l1_w).toBeUndefined();
    const exporting = { ...reversed, 4128: '0000 0005' };
    expect(decode(nemo, { words: registers(exporting) }).exceptions.active_power_l2_w).toBeUndefined();
    const declared = decode(nemo, { words: registers(reversed) }, { export_possible: 1 });
    expect(declared.exceptions.active_power_l2_w).toBeUndefined();
  });
});

describe('Socomec JBUS', () => {
  it('reads the guide’s −19 × 0.01 kW as −190 W and keeps what is not available absent', () => {
    const words = registers({
      50536: 'FFFF FFED',
      50538: '7FFF FFFF',
      50528: 'FFFF FFFF',
      50770: '0000 1388',
    });
    const { values, exceptions } = decode(profile('socomec-jbus'), { words });
    expect(values).toEqual({ active_power_w: -190, active_energy_import_wh: 5_000_000 });
    expect(exceptions.current_l1_a).toBe('notAvailable');
    expect(exceptions.reactive_power_var).toBe('notAvailable');
  });
});

describe('pulse concentrator', () => {
  const concentrator = profile('legrand-concentrator');
  const meters: MeterState[] = [
    { values: { volume_l: 123_450 }, settings: { input: 1, input_type: 2, pulse_weight: 10 } },
    {
      values: { active_energy_import_wh: 98_765 },
      settings: { input: 12, input_type: 1, pulse_weight: 0.5 },
    },
  ];

  it('makes each input a meter of its own', () => {
    const words = encode(concentrator, meters);
    expect(words.get(0x0101)).toBe(12_345);
    expect(decode(concentrator, { words }, { input: 1 }).values).toEqual({ volume_l: 123_450 });
    expect(decode(concentrator, { words }, { input: 12 }).values).toEqual({
      active_energy_import_wh: 98_765,
    });
    expect(decode(concentrator, { words }, { input: 5 }).values).toEqual({});
  });

  it('lets the meter’s settings override weight and kind', () => {
    const words = registers({ 256: '0000 0007', 320: '0000' });
    const settings = { input: 1, input_type: 4, pulse_weight: 250, ct_ratio: 1, vt_ratio: 1 };
    expect(decode(concentrator, { words }, settings).values).toEqual({ production_g: 1750 });
  });
});

describe('every profile', () => {
  it.each(profiles.map((p) => [p.id, p] as const))(
    '%s has distinct keys, words and valid references',
    (_, p) => {
      const inputs = new Set(p.points.map((point) => point.input));
      for (const input of inputs) {
        const points = p.points.filter((point) => point.input === undefined || point.input === input);
        const keys = points.map((point) => point.key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { scale, signFrom, measurand } of points) {
          if (signFrom) expect(keys).toContain(signFrom.point);
          if (typeof measurand === 'object') expect(keys).toContain(measurand.from);
          if (scale && 'steps' in scale) for (const key of scale.product) expect(keys).toContain(key);
          if (scale && 'timesPoints' in scale)
            for (const key of scale.timesPoints) expect(keys).toContain(key);
        }
        if (p.identity) expect(keys).toContain(p.identity.point);
      }
      expect(p.verified).toBe(p.trust === 'hardwareVerified');
      // Published maps are checked against a second transcription and served by the simulator; ours are only written down.
      if (p.trust === 'documented') expect(p.notice).toMatch(/our layout, not seen on hardware/i);
    },
  );

  it.each(profiles.map((p) => [p.id, p] as const))(
    '%s decodes what it encodes, within its resolution',
    (_, p) => {
      const settings = {
        input: 1,
        ct_ratio: 40,
        vt_ratio: 1,
        input_type: 1,
        pulse_weight: 100,
        placement: 1,
      };
      const columns = columnsOf(p, settings);
      expect(columns.length).toBeGreaterThan(0);
      const values: Partial<Record<MeasurandName, number>> = Object.fromEntries(
        columns.map(({ measurand }, i) => [
          measurand,
          measurand.startsWith('power_factor')
            ? 0.87
            : measurand === 'breaker_position' || measurand.startsWith('digital_')
              ? 1
              : 2 + (i % 2),
        ]),
      );
      const large = { ...values, active_energy_import_wh: 654_321_987 };
      const truth = 'active_energy_import_wh' in values ? large : values;
      const decoded = decode(p, { words: encode(p, [{ values: truth, settings }]) }, { input: 1 });
      for (const { measurand } of columns) {
        const expected = truth[measurand] ?? 0;
        const step =
          measurandOf(measurand).kind === 'counter' ? 4000 : /_(w|var|va)$/.test(measurand) ? 10 : 0.1;
        expect(Math.abs((decoded.values[measurand] ?? Number.NaN) - expected)).toBeLessThanOrEqual(step);
      }
      expect(decoded.exceptions).toEqual({});
    },
  );
});

describe('a pulse input with a start index', () => {
  const concentrator = profile('legrand-concentrator');
  const settings = { input: 1, input_type: 1, pulse_weight: 10, start_index: 4_711_230, start_count: 17 };
  const indexAt = (words: string, more: Record<string, number> = {}): number | undefined =>
    decode(
      concentrator,
      { words: registers({ 256: words }) },
      { ct_ratio: 1, vt_ratio: 1, ...settings, ...more },
    ).values.active_energy_import_wh;

  it('shows what the meter behind it shows: start index + (count − start count) × weight × KTA × KTV', () => {
    expect(indexAt('0000 0011')).toBe(4_711_230);
    expect(indexAt('0000 0075')).toBe(4_711_230 + 1000);
    expect(indexAt('0000 0075', { ct_ratio: 20 })).toBe(4_711_230 + 20_000);
    expect(indexAt('0000 0075', { start_count: 0 })).toBe(4_711_230 + 1170);
  });

  it('counts each tariff from an index of its own, and none where no input tells the tariff', () => {
    // Total 0075h = 117 at 0100h; of them 47h = 71 in the first tariff at 01A0h, 2Eh = 46 in the second at 01A2h.
    const words = registers({ 256: '0000 0075', 416: '0000 0047 0000 002E' });
    const ratios = { ct_ratio: 1, vt_ratio: 1 };
    const starts = {
      start_index_tariff_1: 3_000_000,
      start_count_tariff_1: 11,
      start_index_tariff_2: 1_711_230,
    };
    const told = decode(concentrator, { words }, { ...settings, ...ratios, ...starts, tariff_input: 2 });
    expect(told.values).toEqual({
      active_energy_import_wh: 4_712_230,
      active_energy_tariff_1_wh: 3_000_600,
      active_energy_tariff_2_wh: 1_711_690,
    });
    const untold = decode(concentrator, { words }, { ...settings, ...ratios, tariff_input: 0 });
    expect(untold.values).toEqual({ active_energy_import_wh: 4_712_230 });
    expect(untold.exceptions).toEqual({});
  });

  it('goes on counting when the register has passed its end', () => {
    expect(indexAt('0000 0004', { start_count: 0xffff_fffe })).toBe(4_711_230 + 60);
  });
});

describe('counterModulus', () => {
  it('follows the scale in force', () => {
    const nemo = profile('ime-nemo-96hd');
    expect(counterModulus(nemo, 'active_energy_import_wh', {})).toBe(1_000_000_000);
    expect(counterModulus(nemo, 'active_energy_import_wh', { ct_ratio: 100 })).toBe(100_000_000_000);
    expect(counterModulus(nemo, 'active_power_w', {})).toBeUndefined();
    const settings = { input: 3, input_type: 2, pulse_weight: 10 };
    expect(counterModulus(profile('legrand-concentrator'), 'volume_l', settings)).toBe(10 * 2 ** 32);
  });

  it('is where an encoded counter begins again', () => {
    const conto = profile('ime-conto-d2');
    const words = encode(conto, [{ values: { active_energy_import_wh: 1_000_000_070 }, settings: {} }]);
    expect(decode(conto, { words }).values.active_energy_import_wh).toBe(70);
  });
});

describe('columnsOf', () => {
  it('names what a meter delivers, with its resolution', () => {
    const columns = columnsOf(profile('ime-nemo-96hd'), {});
    expect(columns.find((c) => c.measurand === 'voltage_l1_n_v')?.exponent).toBe(-3);
    expect(columns.find((c) => c.measurand === 'active_power_w')?.exponent).toBe(-2);
    expect(columns.find((c) => c.measurand === 'active_energy_import_wh')?.exponent).toBe(0);
    const water = { input: 2, input_type: 2, tariff_input: 0 };
    expect(columnsOf(profile('legrand-concentrator'), water)).toEqual([
      { measurand: 'volume_l', exponent: 0 },
    ]);
    const twoTariffs = { input: 2, input_type: 1, tariff_input: 3 };
    expect(columnsOf(profile('legrand-concentrator'), twoTariffs).map((c) => c.measurand)).toEqual([
      'active_energy_import_wh',
      'active_energy_tariff_1_wh',
      'active_energy_tariff_2_wh',
    ]);
  });
});
