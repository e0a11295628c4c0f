/**
 * Powers of sinusoidal currents and what a capacitor bank changes in them (guide p. 100–102). With harmonics the power
 * factor is smaller than cos φ: see `harmonic-distortion.ts`.
 */
export interface PowerTriangle {
  /** P = k·U·I·cos φ */
  readonly active_w: number;
  /** Q = k·U·I·sin φ; positive where the current lags (inductive). */
  readonly reactive_var: number;
  /** S = k·U·I = √(P² + Q²) */
  readonly apparent_va: number;
  readonly powerFactor: number;
  /** tan φ = Q/P; null where no active power flows. */
  readonly tanPhi: number | null;
}

export interface PowerInput {
  /** Phase to neutral where single-phase, phase to phase where three-phase. */
  readonly voltage_v: number;
  readonly current_a: number;
  /** 0 to 1. */
  readonly cosPhi: number;
  readonly network: 'single' | 'three';
  readonly character?: 'inductive' | 'capacitive';
}

/**
 * The powers of one voltage, current and cos φ: k = 1 single-phase, √3 three-phase with balanced load.
 * @throws RangeError where cos φ is outside 0 to 1, or voltage or current is negative or no number.
 */
export function powerTriangle({
  voltage_v,
  current_a,
  cosPhi,
  network,
  character,
}: PowerInput): PowerTriangle {
  if (!(voltage_v >= 0 && current_a >= 0)) throw new RangeError('voltage and current are 0 or more');
  if (!(cosPhi >= 0 && cosPhi <= 1)) throw new RangeError('cos φ lies between 0 and 1');
  const apparent_va = (network === 'three' ? Math.sqrt(3) : 1) * voltage_v * current_a;
  const active_w = apparent_va * cosPhi;
  const sign = character === 'capacitive' ? -1 : 1;
  const reactive_var = sign * apparent_va * Math.sqrt(1 - cosPhi * cosPhi);
  return {
    active_w,
    reactive_var,
    apparent_va,
    powerFactor: cosPhi,
    tanPhi: active_w > 0 ? reactive_var / active_w : null,
  };
}

export interface CapacitorBank {
  /** Qc = P·(tan φ₁ − tan φ₂); negative where the wanted cos φ is below the present one. */
  readonly reactive_var: number;
  /** Of each capacitor connected between phases: C = Qc/(3·U²·2πf). */
  readonly delta_f: number;
  /** Of each capacitor connected to the star point: C = Qc/(U²·2πf), three times as much. */
  readonly star_f: number;
  readonly currentBefore_a: number;
  readonly currentAfter_a: number;
  /** Share of the losses in the feeder that goes: 1 − (I₂/I₁)². */
  readonly lossesSavedShare: number;
}

/**
 * The bank that brings a three-phase load from one cos φ to another, and the current that remains. It supplies the
 * reactive power on the spot; the energy consumed stays the same.
 * @throws RangeError where a cos φ is not above 0 and at most 1, or power, voltage or frequency is not above 0.
 */
export function capacitorBank(input: {
  readonly active_w: number;
  /** Phase to phase. */
  readonly voltage_v: number;
  readonly frequency_hz: number;
  readonly cosPhi: number;
  readonly wantedCosPhi: number;
}): CapacitorBank {
  const { active_w, voltage_v, frequency_hz, cosPhi, wantedCosPhi } = input;
  if (!(active_w > 0 && voltage_v > 0 && frequency_hz > 0))
    throw new RangeError('power, voltage and frequency are above 0');
  for (const value of [cosPhi, wantedCosPhi])
    if (!(value > 0 && value <= 1)) throw new RangeError('cos φ is above 0 and at most 1');
  const tan = (c: number): number => Math.sqrt(1 - c * c) / c;
  const reactive_var = active_w * (tan(cosPhi) - tan(wantedCosPhi));
  const delta_f = reactive_var / (3 * voltage_v ** 2 * 2 * Math.PI * frequency_hz);
  const current = (c: number): number => active_w / (Math.sqrt(3) * voltage_v * c);
  return {
    reactive_var,
    delta_f,
    star_f: 3 * delta_f,
    currentBefore_a: current(cosPhi),
    currentAfter_a: current(wantedCosPhi),
    lossesSavedShare: 1 - (cosPhi / wantedCosPhi) ** 2,
  };
}
