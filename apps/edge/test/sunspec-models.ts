/** A point as the published models list it: its size follows from its type, its place from the order. */
type SunspecPoint = readonly [type: keyof typeof sizes | `string${number}`, value: number | string | null];

const sizes = { uint16: 1, int16: 1, sunssf: 1, enum16: 1, pad: 1, acc32: 2, bitfield32: 2 } as const;
/** Contents by which each type says "not implemented". */
const absent = {
  uint16: 0xffff,
  int16: 0x8000,
  sunssf: 0x8000,
  enum16: 0xffff,
  pad: 0x8000,
  acc32: 0,
  bitfield32: 0xffffffff,
};

function wordsOf([type, value]: SunspecPoint): number[] {
  if (type.startsWith('string')) {
    const text = Buffer.alloc(2 * Number(type.slice(6)));
    text.write(String(value ?? ''), 'latin1');
    return Array.from({ length: text.length / 2 }, (_, i) => text.readUInt16BE(2 * i));
  }
  const kind = type as keyof typeof sizes;
  const content = Number(value ?? absent[kind]);
  return sizes[kind] === 2 ? [Math.floor(content / 0x10000), content & 0xffff] : [content & 0xffff];
}

const model = (id: number, length: number, points: readonly SunspecPoint[]): number[] => {
  const words = points.flatMap(wordsOf);
  if (words.length !== length) throw new Error(`model ${id} has ${length} words, not ${words.length}`);
  return [id, length, ...words];
};

const integers = (values: readonly (number | null)[], factor: number): SunspecPoint[] => [
  ...values.map((value): SunspecPoint => ['int16', value]),
  ['sunssf', factor],
];
const none = (type: SunspecPoint[0], count: number): SunspecPoint[] =>
  Array.from({ length: count }, () => [type, null]);
const totals = (values: readonly number[]): SunspecPoint[] => values.map((value) => ['acc32', value]);

/** Model 1, common: who made it. */
const common = model(1, 66, [
  ['string16', 'Meters & Co'],
  ['string16', 'EM3 wye'],
  ['string8', ''],
  ['string8', '1.2.3'],
  ['string16', '0815'],
  ['uint16', 9],
  ['pad', null],
]);

/** Model 103, three-phase inverter: stands before the meter and must be stepped over. */
const inverter = model(103, 50, [
  ...(['uint16', 'uint16', 'uint16', 'uint16'] as const).map((type): SunspecPoint => [type, 120]),
  ['sunssf', -1],
  ...none('uint16', 3),
  ...(['uint16', 'uint16', 'uint16'] as const).map((type): SunspecPoint => [type, 2300]),
  ['sunssf', -1],
  ...integers([8000], 0),
  ['uint16', 5000],
  ['sunssf', -2],
  ...integers([8100], 0),
  ...integers([100], 0),
  ...integers([99], 0),
  ['acc32', 123_456],
  ['sunssf', 0],
  ['uint16', 30],
  ['sunssf', 0],
  ['uint16', 600],
  ['sunssf', 0],
  ...integers([8300], 0),
  ...integers([41, null, null, null], 0),
  ['enum16', 4],
  ['enum16', null],
  ...none('bitfield32', 6),
]);

/**
 * Model 203, three-phase meter in wye: 12.5 A in all, about 230 V, 49.98 Hz, 8 330 W of which the second phase runs
 * backwards, power factor 0.97, 4 711 300 Wh exported, 815 000 700 Wh imported.
 */
const meterModel = model(203, 105, [
  ...integers([125, 42, 41, 42], -1),
  ...integers([2301, 2300, 2310, 2293, 3985, 3990, 3995, 3970], -1),
  ...integers([4998], -2),
  ...integers([833, 400, -60, 493], 1),
  ...integers([859, 290, 280, 289], 1),
  ...integers([-120, -40, -40, -40], 1),
  ...integers([970, 980, null, 960], -1),
  ...totals([47_113, 0, 0, 0, 8_150_007, 0, 0, 0]),
  ['sunssf', 2],
  ...totals([0, 0, 0, 0, 8_300_000, 0, 0, 0]),
  ['sunssf', 2],
  ...none('acc32', 16),
  ['sunssf', null],
  ['bitfield32', 0],
]);

/** The registers of such a device from its marker on, to the end of its chain. */
export const sunspecRegisters: readonly number[] = [
  ...[0x5375, 0x6e53],
  ...common,
  ...inverter,
  ...meterModel,
  ...[0xffff, 0],
];

/** What the meter of that device reads, worked out by hand. */
export const sunspecTruth = {
  current_l1_a: 4.2,
  current_l2_a: 4.1,
  current_l3_a: 4.2,
  voltage_l1_n_v: 230,
  voltage_l2_n_v: 231,
  voltage_l3_n_v: 229.3,
  voltage_l1_l2_v: 399,
  voltage_l2_l3_v: 399.5,
  voltage_l3_l1_v: 397,
  frequency_hz: 49.98,
  active_power_w: 8330,
  active_power_l1_w: 4000,
  active_power_l2_w: -600,
  active_power_l3_w: 4930,
  apparent_power_va: 8590,
  reactive_power_var: -1200,
  reactive_power_l1_var: -400,
  reactive_power_l2_var: -400,
  reactive_power_l3_var: -400,
  power_factor: 0.97,
  power_factor_l1: 0.98,
  power_factor_l3: 0.96,
  active_energy_export_wh: 4_711_300,
  active_energy_import_wh: 815_000_700,
  apparent_energy_vah: 830_000_000,
} as const;
