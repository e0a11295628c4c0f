/** A harmonic: its order (2, 3 …) and its rms value, in the unit of the fundamental. */
export interface Harmonic {
  readonly order: number;
  readonly value: number;
}

export interface HarmonicDistortion {
  /** √(Σ Hₙ²)/H₁, what meters show as THD. */
  readonly thdF_percent: number;
  /** √(Σ Hₙ²)/H_rms, never above 100 %. */
  readonly thdR_percent: number;
  /** √(H₁² + Σ Hₙ²) */
  readonly rms: number;
  /** 1/√(1 + THD²): power factor = cos φ × this, where the voltage is sinusoidal. */
  readonly distortionFactor: number;
  /** Each order with its frequency and its share of the fundamental. */
  readonly spectrum: readonly (Harmonic & {
    readonly frequency_hz: number;
    readonly share_percent: number;
  })[];
}

/**
 * Total harmonic distortion of a current or voltage (guide p. 103–105; IEC 61557-12 for the two bases). The order n has
 * n times the frequency of the mains: order 5 of 50 Hz is 250 Hz.
 * @throws RangeError where the fundamental is not above 0, a value is negative, or an order is not a whole number of 2
 * or more or comes twice.
 */
export function harmonicDistortion(
  fundamental: number,
  harmonics: readonly Harmonic[],
  frequency_hz: number,
): HarmonicDistortion {
  if (!(fundamental > 0)) throw new RangeError('the fundamental is above 0');
  const orders = new Set<number>();
  for (const { order, value } of harmonics) {
    if (!Number.isInteger(order) || order < 2) throw new RangeError(`${order} is no order of a harmonic`);
    if (orders.has(order)) throw new RangeError(`order ${order} comes twice`);
    if (!(value >= 0)) throw new RangeError(`order ${order}: a value is 0 or more`);
    orders.add(order);
  }
  const residue = Math.sqrt(harmonics.reduce((sum, h) => sum + h.value ** 2, 0));
  const rms = Math.hypot(fundamental, residue);
  const thd = residue / fundamental;
  return {
    thdF_percent: 100 * thd,
    thdR_percent: (100 * residue) / rms,
    rms,
    distortionFactor: 1 / Math.sqrt(1 + thd ** 2),
    spectrum: harmonics.map((h) => ({
      ...h,
      frequency_hz: h.order * frequency_hz,
      share_percent: (100 * h.value) / fundamental,
    })),
  };
}
