import type { MeasurandName } from '@wattproof/energy';
import type { AddressRange, DeviceProfile, Point } from '../profile.ts';

/** Where the marker "SunS" may stand. */
export const sunspecBases = [40_000, 50_000, 0] as const;
const marker = [0x5375, 0x6e53] as const;
const chainEnd = 0xffff;
/** More models than any device has; a longer chain is nonsense. */
const modelLimit = 40;
/** Integer meter models with scale registers: single-phase, split-phase, wye, delta. All are 105 words long. */
const meterModels = new Set([201, 202, 203, 204]);
const meterLength_words = 105;

export type SunspecStep =
  /** These registers must be read before more can be said. */
  | { readonly state: 'needs'; readonly range: AddressRange }
  | { readonly state: 'found'; readonly profile: DeviceProfile; readonly models: readonly number[] }
  | { readonly state: 'none'; readonly reason: string };

/**
 * Follows the chain of models of a SunSpec device through what was read of it, and makes the profile of its meter. Call
 * it, read what it needs, call it again; an address that the device refuses is left out of `words` and named in
 * `refused`, so that the next base is tried.
 */
export function followSunspec(
  words: ReadonlyMap<number, number>,
  refused: ReadonlySet<number> = new Set(),
): SunspecStep {
  for (const base of sunspecBases) {
    if (refused.has(base)) continue;
    const [first, second] = [words.get(base), words.get(base + 1)];
    if (first === undefined || second === undefined)
      return { state: 'needs', range: { address: base, words: 2 } };
    if (first === marker[0] && second === marker[1]) return followChain(words, base);
  }
  return { state: 'none', reason: `no marker "SunS" at ${sunspecBases.join(', ')}` };
}

function followChain(words: ReadonlyMap<number, number>, base: number): SunspecStep {
  const models: number[] = [];
  let name = '';
  let at = base + 2;
  while (models.length < modelLimit) {
    const [id, length] = [words.get(at), words.get(at + 1)];
    if (id === undefined) return { state: 'needs', range: { address: at, words: 2 } };
    if (id === chainEnd)
      return {
        state: 'none',
        reason: `models ${models.join(', ') || 'none'}: no meter of 201 to 204 among them`,
      };
    if (length === undefined) return { state: 'needs', range: { address: at, words: 2 } };
    models.push(id);
    if (id === 1) {
      const common = { address: at + 2, words: 32 };
      if (!words.has(common.address + 31)) return { state: 'needs', range: common };
      name = [textAt(words, common.address, 16), textAt(words, common.address + 16, 16)].join(' ').trim();
    }
    if (meterModels.has(id)) {
      if (length !== meterLength_words)
        return {
          state: 'none',
          reason: `model ${id} has ${length} words, ${meterLength_words} are expected`,
        };
      return { state: 'found', profile: meterProfile(id, at, name), models };
    }
    at += 2 + length;
    if (at > 65_533) break;
  }
  return { state: 'none', reason: 'the chain of models has no end' };
}

/** A string of the device: two characters a word, padded with zeros or blanks. */
const textAt = (words: ReadonlyMap<number, number>, address: number, count: number): string =>
  Array.from({ length: count }, (_, i) => words.get(address + i) ?? 0)
    .flatMap((word) => [word >> 8, word & 0xff])
    .filter((byte) => byte >= 32 && byte < 127)
    .map((byte) => String.fromCharCode(byte))
    .join('')
    .trim();

/** Contents by which SunSpec says "not implemented". */
const absentInteger = [0x8000];
const absentTotal = [0];

function meterProfile(model: number, start: number, name: string): DeviceProfile {
  const scale = (key: string, offset: number): Point => ({
    key,
    address: start + offset,
    type: 's16',
    notAvailable: absentInteger,
  });
  const gauge = (offset: number, measurand: MeasurandName, tenTo: string, divide = 1): Point => ({
    key: measurand,
    address: start + offset,
    type: 's16',
    notAvailable: absentInteger,
    scale: divide === 1 ? { tenTo } : { tenTo, divide },
    measurand,
  });
  const total = (offset: number, measurand: MeasurandName, tenTo: string, isMandatory: boolean): Point => ({
    key: measurand,
    address: start + offset,
    type: 'u32',
    ...(isMandatory ? {} : { notAvailable: absentTotal }),
    scale: { tenTo },
    measurand,
  });
  return {
    id: `sunspec-${model}-${start}`,
    maker: name || 'SunSpec',
    models: [`SunSpec ${model}`],
    title: `${name || 'SunSpec meter'}, model ${model}`,
    source: `SunSpec information model ${model}, as the device itself names it at ${start}`,
    trust: 'documented',
    verified: false,
    notice: 'SunSpec model, not seen on hardware. Reactive energies come by quadrant and are not read.',
    functionCode: 3,
    limits: { maxWords: 125, minimumGap_ms: 20, unreadable: [] },
    identity: { point: 'model', equals: model },
    points: [
      { key: 'model', address: start, type: 'u16', initial: model },
      gauge(3, 'current_l1_a', 'A_SF'),
      gauge(4, 'current_l2_a', 'A_SF'),
      gauge(5, 'current_l3_a', 'A_SF'),
      scale('A_SF', 6),
      gauge(8, 'voltage_l1_n_v', 'V_SF'),
      gauge(9, 'voltage_l2_n_v', 'V_SF'),
      gauge(10, 'voltage_l3_n_v', 'V_SF'),
      gauge(12, 'voltage_l1_l2_v', 'V_SF'),
      gauge(13, 'voltage_l2_l3_v', 'V_SF'),
      gauge(14, 'voltage_l3_l1_v', 'V_SF'),
      scale('V_SF', 15),
      gauge(16, 'frequency_hz', 'Hz_SF'),
      scale('Hz_SF', 17),
      gauge(18, 'active_power_w', 'W_SF'),
      gauge(19, 'active_power_l1_w', 'W_SF'),
      gauge(20, 'active_power_l2_w', 'W_SF'),
      gauge(21, 'active_power_l3_w', 'W_SF'),
      scale('W_SF', 22),
      gauge(23, 'apparent_power_va', 'VA_SF'),
      scale('VA_SF', 27),
      gauge(28, 'reactive_power_var', 'VAR_SF'),
      gauge(29, 'reactive_power_l1_var', 'VAR_SF'),
      gauge(30, 'reactive_power_l2_var', 'VAR_SF'),
      gauge(31, 'reactive_power_l3_var', 'VAR_SF'),
      scale('VAR_SF', 32),
      // In percent.
      gauge(33, 'power_factor', 'PF_SF', 100),
      gauge(34, 'power_factor_l1', 'PF_SF', 100),
      gauge(35, 'power_factor_l2', 'PF_SF', 100),
      gauge(36, 'power_factor_l3', 'PF_SF', 100),
      scale('PF_SF', 37),
      total(38, 'active_energy_export_wh', 'TotWh_SF', true),
      total(46, 'active_energy_import_wh', 'TotWh_SF', true),
      scale('TotWh_SF', 54),
      total(63, 'apparent_energy_vah', 'TotVAh_SF', false),
      scale('TotVAh_SF', 71),
    ],
  };
}
