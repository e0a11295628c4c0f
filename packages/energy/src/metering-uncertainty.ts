/**
 * What the metering chain contributes to the uncertainty of a saving. u is the relative standard uncertainty of the chain
 * (its class limits as rectangular distributions).
 *
 *   replaced    the two periods were metered by chains that err independently:   u·√(expected² + actual²)
 *   unchanged   one chain errs the same way at the same load, and only there:    u·√(Σᵢ Σⱼ qᵢ·qⱼ·ρ(ℓᵢ, ℓⱼ))
 *
 * q are the energies of the days, expected ones counted up and actual ones down, each at its own mean load ℓ. Where the
 * load is the same, q cancels and u·|saving| is left. A class allows an error of its own at each of its points, a factor
 * of four to five apart in load (IEC 61869-2: 5, 20 and 100 % of rated current), so energy that moved to another load
 * does not cancel: ρ = exp(−½·(ln(ℓᵢ/ℓⱼ)/ln 2)²), 0.13 at a factor of four and 0.07 at five. The length ln 2 is our reading of
 * those points, not a figure of the standard.
 *
 * Not in it: ageing, temperature and burden that changed between the periods (a check of the chain tells), and the higher
 * limits below the rated range, which need the rated current.
 */
import { normalQuantile } from './distribution.ts';

export interface MeteringUncertainty {
  /** Relative standard uncertainty of the energy, in percent: limit/√3 of a class limit, half of a k = 2 figure. */
  readonly standardUncertainty_percent: number;
  /** Whether meters and current transformers are those of the baseline. */
  readonly chain: 'unchanged' | 'replaced';
}

/** Energies of the days of a saving, in pairs. */
export interface DayEnergies {
  readonly expected_wh: ArrayLike<number>;
  readonly actual_wh: ArrayLike<number>;
}

/** ln of the ratio of two loads beyond which their errors are hardly related. */
const length = Math.LN2;
const stepsPerLength = 8;
/** Days below this share of the greatest one stand at it: energy at standstill has no load to speak of. */
const leastShare = 1 / 1024;

const steps = Math.ceil((-Math.log(leastShare) * stepsPerLength) / length);
/** ρ by steps apart. */
const related = Float64Array.from({ length: steps + 2 }, (_, apart) =>
  Math.exp(-0.5 * (apart / stepsPerLength) ** 2),
);

const sumOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
};

/** Energies by load on an even grid of ln ℓ, each split between its two neighbours; net of expected and actual. */
function netByLoad({ expected_wh, actual_wh }: DayEnergies): Float64Array {
  let greatest = 0;
  for (const values of [expected_wh, actual_wh])
    for (let i = 0; i < values.length; i++) greatest = Math.max(greatest, values[i] as number);
  const net = new Float64Array(steps + 2);
  if (!(greatest > 0)) return net;
  const add = (energy: number, sign: 1 | -1): void => {
    const share = Math.max(energy / greatest, leastShare);
    const place = (-Math.log(share) * stepsPerLength) / length;
    const left = Math.floor(place);
    net[left] = (net[left] as number) + sign * energy * (1 - (place - left));
    net[left + 1] = (net[left + 1] as number) + sign * energy * (place - left);
  };
  for (let i = 0; i < expected_wh.length; i++) add(expected_wh[i] as number, 1);
  for (let i = 0; i < actual_wh.length; i++) add(actual_wh[i] as number, -1);
  return net;
}

/** √(ΣΣ qᵢqⱼρ), Wh: the energy that a chain's error does not cancel on. */
export function uncancelled_wh(days: DayEnergies): number {
  const net = netByLoad(days);
  const loads: number[] = [];
  net.forEach((energy, i) => {
    if (energy !== 0) loads.push(i);
  });
  let sum = 0;
  for (let a = 0; a < loads.length; a++) {
    const i = loads[a] as number;
    const energy = net[i] as number;
    sum += energy * energy;
    for (let b = 0; b < a; b++) {
      const j = loads[b] as number;
      sum += 2 * energy * (net[j] as number) * (related[i - j] as number);
    }
  }
  return Math.sqrt(Math.max(sum, 0));
}

/** Half-width of the metering part at a confidence between 0 and 1. */
export function meteringHalfWidth_wh(
  metering: MeteringUncertainty | null,
  days: DayEnergies,
  confidence: number,
): number {
  if (!metering) return 0;
  const energy_wh =
    metering.chain === 'unchanged'
      ? uncancelled_wh(days)
      : Math.hypot(sumOf(days.expected_wh), sumOf(days.actual_wh));
  return normalQuantile(1 - (1 - confidence) / 2) * (metering.standardUncertainty_percent / 100) * energy_wh;
}
