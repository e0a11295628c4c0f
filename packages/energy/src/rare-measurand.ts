/**
 * Rare measurands: what only some instruments say, and then in great number. They are entries of the registry like any
 * other (`measurand.ts`), and are stored together in one place of a reading instead of a column each.
 *
 * Numbers are permanent, as those of the standard ones.
 */

/** Orders of harmonics: multiples of the fundamental, as far as IEC 61000-4-7 asks and instruments go. */
export const harmonicOrders = [
  2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
  31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
] as const;
export type HarmonicOrder = (typeof harmonicOrders)[number];

/** Channels whose spectrum is read, each with the number before its first order. */
const harmonicChannels = {
  voltage_l1: 1000,
  voltage_l2: 1100,
  voltage_l3: 1200,
  current_l1: 1300,
  current_l2: 1400,
  current_l3: 1500,
  current_n: 1600,
} as const;
export type HarmonicChannel = keyof typeof harmonicChannels;
export type HarmonicName = `harmonic_${HarmonicChannel}_${HarmonicOrder}_percent`;

/** Tariffs that a multi-tariff meter counts apart; which is in force, a contact or its clock tells it. */
export const tariffNumbers = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type TariffNumber = (typeof tariffNumbers)[number];
export type TariffName = `active_energy_tariff_${TariffNumber}_wh`;

/** Contacts that an instrument sees and relays that it drives: 0 open, 1 closed. */
export const digitalInputs = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
] as const;
export const digitalOutputs = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type DigitalName =
  | `digital_input_${(typeof digitalInputs)[number]}`
  | `digital_output_${(typeof digitalOutputs)[number]}`;

export type RareMeasurandName = HarmonicName | TariffName | DigitalName;

type RareEntry = readonly [RareMeasurandName, number, 'counter' | 'gauge', 'Wh' | '%' | '1'];

const channels = Object.entries(harmonicChannels) as readonly (readonly [HarmonicChannel, number])[];

/** The part of an order in the fundamental of its channel, in percent. */
export const harmonicName = (channel: HarmonicChannel, order: HarmonicOrder): HarmonicName =>
  `harmonic_${channel}_${order}_percent`;
export const tariffName = (tariff: TariffNumber): TariffName => `active_energy_tariff_${tariff}_wh`;

/** Name, permanent number, kind and unit of every rare measurand. */
export const rareEntries: readonly RareEntry[] = [
  ...tariffNumbers.map((n): RareEntry => [tariffName(n), 200 + n, 'counter', 'Wh']),
  ...digitalInputs.map((n): RareEntry => [`digital_input_${n}`, 300 + n, 'gauge', '1']),
  ...digitalOutputs.map((n): RareEntry => [`digital_output_${n}`, 340 + n, 'gauge', '1']),
  ...channels.flatMap(([channel, first]) =>
    harmonicOrders.map((order): RareEntry => [harmonicName(channel, order), first + order, 'gauge', '%']),
  ),
];

/** What a rare measurand is of. */
export type RareSubject =
  | { readonly of: 'harmonic'; readonly channel: HarmonicChannel; readonly order: number }
  | { readonly of: 'tariff'; readonly number: number }
  | { readonly of: 'input' | 'output'; readonly number: number };

/** The parts of a rare measurand's name; undefined where the name is of no rare one. */
export function rareSubject(name: string): RareSubject | undefined {
  const [, channel, order] =
    /^harmonic_(voltage_l[123]|current_l[123]|current_n)_(\d+)_percent$/.exec(name) ?? [];
  if (channel) return { of: 'harmonic', channel: channel as HarmonicChannel, order: Number(order) };
  const tariff = /^active_energy_tariff_(\d+)_wh$/.exec(name)?.[1];
  if (tariff) return { of: 'tariff', number: Number(tariff) };
  const [, direction, contact] = /^digital_(input|output)_(\d+)$/.exec(name) ?? [];
  return direction ? { of: direction as 'input' | 'output', number: Number(contact) } : undefined;
}
