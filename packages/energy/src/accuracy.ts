/**
 * Accuracy of a metering chain: meter, current transformers (CT), voltage transformers (VT). A class is a limit of
 * error, not an uncertainty: it is taken as rectangular, u = limit/√3.
 */
import type { Verification } from './verification.ts';

/** A link of the chain, as stored with a meter. */
export interface AccuracyPart {
  /** `meter`, `CT`, `VT` or another kind of sensor. */
  readonly part: string;
  /** Class: limit of error in percent. */
  readonly class: number;
}

/** Classes of IEC 61557-12 that a chain is rounded up to. */
export const standardClasses = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10] as const;

const rootSumSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

/**
 * As the guide prints it: 1.15·√(meter² + Σ sensor²) over every single sensor. A meter of class 1 with three
 * transformers of class 1 gives 2.3 %. Shown only with the label "as printed in the guide".
 */
export const chainAsPrinted_percent = (parts: readonly AccuracyPart[]): number =>
  1.15 * rootSumSquare(parts.map((part) => part.class));

/**
 * By IEC 61557-12: 1.15·√(meter² + Σ sensor²) over the *kinds* of sensor, since the phases' transformers share their
 * class and each carries a third of the energy; of several of a kind the worst counts. Class 1 with CTs of class 1
 * gives 1.63 %. 1.15 = 2/√3, so the figure is about an expanded uncertainty with k = 2.
 */
export function chain_percent(parts: readonly AccuracyPart[]): number {
  const worst = new Map<string, number>();
  for (const { part, class: limit } of parts) worst.set(part, Math.max(worst.get(part) ?? 0, limit));
  return 1.15 * rootSumSquare([...worst.values()]);
}

/** The formula of `chain_percent` was recalled, the clause could not be read. */
export const chainVerification: Verification = 'unverified';

/** Relative standard uncertainty of the chain in percent: √(Σ limit²/3) over the kinds of part. */
export const chainStandardUncertainty_percent = (parts: readonly AccuracyPart[]): number =>
  chain_percent(parts) / 1.15 / Math.sqrt(3);

/** The next standard class at or above a figure; null where none is. */
export const standardClassOf = (percent: number): number | null =>
  standardClasses.find((c) => percent <= c) ?? null;

/** Limits of ratio error by load, percent of rated primary current → percent (IEC 61869-2, measuring CTs). */
const ctLimits: Readonly<
  Record<string, readonly (readonly [load_percent: number, limit_percent: number])[]>
> = {
  '0.1': [
    [5, 0.4],
    [20, 0.2],
    [100, 0.1],
  ],
  '0.2S': [
    [1, 0.75],
    [5, 0.35],
    [20, 0.2],
  ],
  '0.2': [
    [5, 0.75],
    [20, 0.35],
    [100, 0.2],
  ],
  '0.5S': [
    [1, 1.5],
    [5, 0.75],
    [20, 0.5],
  ],
  '0.5': [
    [5, 1.5],
    [20, 0.75],
    [100, 0.5],
  ],
  '1': [
    [5, 3],
    [20, 1.5],
    [100, 1],
  ],
};
export const ctClasses = Object.keys(ctLimits);
/** Class 0.5 was found in a secondary source; the other rows were recalled. */
export const ctLimitVerification = (ctClass: string): Verification =>
  ctClass === '0.5' ? 'secondary' : 'unverified';

/** Limit of a CT at a load, straight between the points of its class; null below its lowest point or above 120 %. */
export function ctLimit_percent(ctClass: string, load_percent: number): number | null {
  const points = ctLimits[ctClass];
  const first = points?.[0];
  if (!points || !first) throw new RangeError(`No current transformer class ${ctClass}`);
  if (load_percent < first[0] || load_percent > 120) return null;
  for (let i = 1; i < points.length; i++) {
    const [fromLoad, fromLimit] = points[i - 1] as readonly [number, number];
    const [toLoad, toLimit] = points[i] as readonly [number, number];
    if (load_percent <= toLoad)
      return fromLimit + ((toLimit - fromLimit) * (load_percent - fromLoad)) / (toLoad - fromLoad);
  }
  return (points[points.length - 1] as readonly [number, number])[1];
}

export interface WeightedLimit {
  /** Σ limit·energy/Σ energy over the energy within the class; null where none is. */
  readonly limit_percent: number | null;
  /** Share of the energy carried at loads for which the class gives no limit, 0 to 1: printed as "outside class". */
  readonly outsideShare: number;
}

/** Limit of a CT weighted with the energy it carried at each load. */
export function energyWeightedCtLimit(
  ctClass: string,
  carried: readonly { readonly load_percent: number; readonly energy_wh: number }[],
): WeightedLimit {
  let inside = 0;
  let outside = 0;
  let weighted = 0;
  for (const { load_percent, energy_wh } of carried) {
    const limit = ctLimit_percent(ctClass, load_percent);
    if (limit === null) outside += energy_wh;
    else {
      inside += energy_wh;
      weighted += limit * energy_wh;
    }
  }
  const total = inside + outside;
  return {
    limit_percent: inside > 0 ? weighted / inside : null,
    outsideShare: total > 0 ? outside / total : 0,
  };
}
