/** Cross-sections of the guide with their constant k: metres of lead per VA at 20 °C and 5 A. */
export const cableSections = [
  { section_mm2: 1, constant: 1 },
  { section_mm2: 1.5, constant: 1.46 },
  { section_mm2: 2.5, constant: 2.44 },
  { section_mm2: 4, constant: 3.94 },
  { section_mm2: 6, constant: 5.92 },
] as const;
export type CableSection = (typeof cableSections)[number]['section_mm2'];

/** Own consumption of the instrument with which the guide's table of p. 47 was computed; it does not say so. */
export const tableInstrument_va = 0.5;
/** Below this share of its rated burden a transformer may leave its class (IEC 61869-2; secondary source). */
export const minimumBurdenShare = 0.25;

export interface CableLength {
  /** L_max = (S_r − S_inst)·k, less 4 % for each 10 °C above 20 °C; 0 where the instrument alone is too much. */
  readonly max_m: number;
  /** Length from which the burden reaches 25 % of the rated one; 0 where the instrument alone does. */
  readonly min_m: number;
}

/**
 * Longest and shortest lead between a transformer and its instrument (guide p. 98–99), in metres, not rounded.
 *
 * The constant k belongs to a secondary current of 5 A: with 1 A leads may be 25 times as long, which the guide does not
 * treat. "For each 10 °C variation the length must be reduced by 4 %": we reduce above 20 °C, in proportion, and never
 * lengthen below. The minimum is ours, from the range 25 to 100 % of the rated burden in which the class holds.
 * @throws RangeError where a value is no number, negative, or the temperature is outside −40 to 120 °C.
 */
export function cableLength(input: {
  readonly rated_va: number;
  readonly instrument_va: number;
  readonly section_mm2: CableSection;
  readonly temperature_c?: number;
}): CableLength {
  const { rated_va, instrument_va, section_mm2, temperature_c = 20 } = input;
  const constant = cableSections.find((s) => s.section_mm2 === section_mm2)?.constant;
  if (constant === undefined) throw new RangeError(`no constant for ${section_mm2} mm²`);
  if (!(rated_va > 0 && instrument_va >= 0))
    throw new RangeError('the burdens are not negative, the rated one above 0');
  if (!(temperature_c >= -40 && temperature_c <= 120))
    throw new RangeError('the temperature is −40 to 120 °C');
  const warmth = 1 - 0.04 * Math.max(0, (temperature_c - 20) / 10);
  return {
    max_m: Math.max(0, rated_va - instrument_va) * constant * warmth,
    min_m: Math.max(0, minimumBurdenShare * rated_va - instrument_va) * constant * warmth,
  };
}

/** Burden that a lead of this length puts on the transformer, with the instrument, in VA (the inverse of L_max). */
export function burdenOf_va(input: {
  readonly length_m: number;
  readonly instrument_va: number;
  readonly section_mm2: CableSection;
}): number {
  const constant = cableSections.find((s) => s.section_mm2 === input.section_mm2)?.constant ?? 1;
  return input.instrument_va + input.length_m / constant;
}

/** As the table prints lengths: one decimal, half up. `toFixed` would fail eleven of its cells (10.95 → 10.9). */
export const printedLength_m = (length_m: number): number => Math.round(length_m * 10) / 10;
