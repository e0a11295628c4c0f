/**
 * Why a balance does not close: from the course of the residual against the courses of its meters.
 *
 * With main M, sub-meters Sᵢ and residual r = M − ΣSᵢ, interval by interval:
 * - One conductor of three through its transformer the wrong way round: a meter on a balanced load shows P₁ + P₂ − P₃, a
 *   third of the truth. What it does not show is twice what it shows: r = a + b·Sᵢ with b ≈ 2 for a sub-meter, and
 *   r = a + b·M with b ≈ −2 for the main.
 * - A clock that is late or early books energy of one interval in another. Moving that meter's course back by k intervals
 *   takes most of the spread out of r, and nothing else does.
 * - Losses of transformers and cables are small and go with the load: r = a + b·M (or M²), b > 0.
 * What none of these explains is a load without a meter (r > 0) or sub-meters that see too much (r < 0).
 */
import type { Balance } from './balance.ts';
import { type Finding, finding } from './finding.ts';

export const balanceVerdicts = [
  'unknown',
  'suspectedReversal',
  'clockDrift',
  'excess',
  'unmeteredLoad',
  'loss',
  'withinTolerance',
] as const;
export type BalanceVerdict = (typeof balanceVerdicts)[number];

/** Energy of one meter per interval, all on one grid; NaN where missing. */
export interface BalanceCourse {
  readonly meterId: number;
  readonly energy_wh: ArrayLike<number>;
}

export interface BalanceCourses {
  readonly main: BalanceCourse;
  readonly subs: readonly BalanceCourse[];
}

export interface BalanceDiagnosis {
  readonly verdict: BalanceVerdict;
  readonly reason: Finding;
}

/** Every threshold of the diagnosis; chosen so that a correct panel is not accused (see the tests). */
export const verdictLimits = {
  /** Fewer common intervals than a day of quarter hours tell nothing about courses. */
  leastIntervals: 96,
  reversalSlope: { from: 1.6, to: 2.4 },
  /** Coefficient of determination that a reversal must reach. */
  reversalFit: 0.9,
  /** Intervals by which clocks are tried to be off, either way. */
  mostLag: 4,
  /** Moving one course must take this share of the residual's variance away … */
  lagGain: 0.6,
  /** … and the residual must have spread at least this share of the main's mean before. */
  leastSpread: 0.01,
  lossFit: 0.7,
  /** Losses above this share of the main are none. */
  mostLoss: 0.05,
} as const;

/** Verdict of a balance over a period; the courses may cover less than it. */
export function diagnoseBalance(balance: Balance, courses: BalanceCourses | null): BalanceDiagnosis {
  const { unexplained_wh, tolerance_wh, unexplainedShare } = balance;
  if (balance.state === 'unknown' || unexplained_wh === null || tolerance_wh === null)
    return {
      verdict: 'unknown',
      reason: balance.findings[0] ?? finding('meterMissing', 'A meter is missing'),
    };
  const known = courses && commonIntervals(courses);
  const data = { residual_wh: unexplained_wh, tolerance_wh, share: unexplainedShare };
  if (known && known.main.length >= verdictLimits.leastIntervals) {
    if (balance.state !== 'balanced') {
      const reversed = reversal(courses, known);
      if (reversed) return reversed;
    }
    const drift = clockDrift(courses);
    if (drift) return drift;
  }
  if (balance.state === 'balanced')
    return {
      verdict: 'withinTolerance',
      reason: finding('withinTolerance', 'What is left over is less than the meters can tell', data),
    };
  if (balance.state === 'excess')
    return {
      verdict: 'excess',
      reason: finding('subsAboveMain', 'Sub-meters see more than the meter above them', data),
    };
  const loss =
    known && known.main.length >= verdictLimits.leastIntervals ? lossOf(known, unexplainedShare) : null;
  if (loss) return { verdict: 'loss', reason: finding('loss', loss.message, { ...data, ...loss.data }) };
  return {
    verdict: 'unmeteredLoad',
    reason: finding('unmeteredLoad', 'A load without a meter of its own takes it', data),
  };
}

interface Common {
  readonly main: readonly number[];
  readonly subs: readonly (readonly number[])[];
  readonly residual: readonly number[];
}

/** The intervals in which every meter has a value. */
function commonIntervals({ main, subs }: BalanceCourses): Common {
  const all = [main, ...subs];
  const kept: number[] = [];
  for (let i = 0; i < main.energy_wh.length; i++)
    if (all.every(({ energy_wh }) => !Number.isNaN(energy_wh[i] ?? Number.NaN))) kept.push(i);
  const pick = ({ energy_wh }: BalanceCourse): number[] => kept.map((i) => energy_wh[i] as number);
  const mains = pick(main);
  const below = subs.map(pick);
  return {
    main: mains,
    subs: below,
    residual: mains.map((value, i) => value - below.reduce((sum, sub) => sum + (sub[i] as number), 0)),
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function variance(values: readonly number[]): number {
  const m = mean(values);
  return values.reduce((sum, v) => sum + (v - m) ** 2, 0) / values.length;
}

/** y = a + b·x by least squares, with its coefficient of determination; null where x or y do not vary. */
function line(
  x: readonly number[],
  y: readonly number[],
): { readonly slope: number; readonly fit: number } | null {
  const mx = mean(x);
  const my = mean(y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - mx;
    const dy = (y[i] as number) - my;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? null : { slope: xy / xx, fit: (xy * xy) / (xx * yy) };
}

const isReversed = (found: ReturnType<typeof line>, sign: 1 | -1): boolean =>
  found !== null &&
  found.fit >= verdictLimits.reversalFit &&
  sign * found.slope >= verdictLimits.reversalSlope.from &&
  sign * found.slope <= verdictLimits.reversalSlope.to;

function reversal({ main, subs }: BalanceCourses, known: Common): BalanceDiagnosis | null {
  const candidates = [
    { meterId: main.meterId, sign: -1 as const, found: line(known.main, known.residual) },
    ...subs.map((sub, i) => ({
      meterId: sub.meterId,
      sign: 1 as const,
      found: line(known.subs[i] ?? [], known.residual),
    })),
  ].filter(({ found, sign }) => isReversed(found, sign));
  const [best] = candidates.sort((a, b) => (b.found?.fit ?? 0) - (a.found?.fit ?? 0));
  if (!best) return null;
  return {
    verdict: 'suspectedReversal',
    reason: finding(
      'suspectedReversal',
      'What is left over is twice what this meter shows: one conductor may run through its transformer backwards',
      { meterId: best.meterId, slope: best.found?.slope, fit: best.found?.fit, intervals: known.main.length },
    ),
  };
}

/** Spread of the residual with the course of one meter (or the main, -1) moved by `lag` intervals. */
function spreadWith({ main, subs }: BalanceCourses, moved: number, lag: number): number {
  const n = main.energy_wh.length;
  const most = verdictLimits.mostLag;
  const residual: number[] = [];
  // The ends that any lag would reach into are left out for all, so that the same time is compared.
  for (let i = most; i < n - most; i++) {
    let r = main.energy_wh[moved === -1 ? i + lag : i] as number;
    for (const [s, sub] of subs.entries()) r -= sub.energy_wh[moved === s ? i + lag : i] as number;
    if (!Number.isNaN(r)) residual.push(r);
  }
  return residual.length < verdictLimits.leastIntervals / 2 ? Number.NaN : variance(residual);
}

function clockDrift(courses: BalanceCourses): BalanceDiagnosis | null {
  const { main, subs } = courses;
  const before = spreadWith(courses, -1, 0);
  const level = mean(Array.from(main.energy_wh).filter((v) => !Number.isNaN(v)));
  if (!(Math.sqrt(before) > verdictLimits.leastSpread * level)) return null;
  let best = { moved: -1, lag: 0, spread: before };
  // With one sub-meter, moving it one way is moving the main the other way: the sub-meter is named.
  const first = subs.length > 1 ? -1 : 0;
  for (let moved = first; moved < subs.length; moved++)
    for (let lag = -verdictLimits.mostLag; lag <= verdictLimits.mostLag; lag++) {
      if (lag === 0) continue;
      const spread = spreadWith(courses, moved, lag);
      if (spread < best.spread) best = { moved, lag, spread };
    }
  const gain = 1 - best.spread / before;
  if (best.lag === 0 || gain < verdictLimits.lagGain) return null;
  const meterId = best.moved === -1 ? main.meterId : subs[best.moved]?.meterId;
  return {
    verdict: 'clockDrift',
    reason: finding(
      'clockDrift',
      'Moved in time, this meter agrees with the others: it books energy too early or too late',
      // What is found at i + lag belongs to i: a positive lag is a meter that books late.
      { meterId, lagIntervals: best.lag, varianceTakenAway: gain },
    ),
  };
}

function lossOf(
  { main, residual }: Common,
  share: number | null,
): { readonly message: string; readonly data: Readonly<Record<string, unknown>> } | null {
  if (share === null || share > verdictLimits.mostLoss) return null;
  const proportional = line(main, residual);
  const square = line(
    main.map((v) => v * v),
    residual,
  );
  const [best] = [proportional, square].filter((found) => found !== null).sort((a, b) => b.fit - a.fit);
  if (!best || best.slope <= 0 || best.fit < verdictLimits.lossFit) return null;
  return {
    message: 'What is left over is small and goes with the load, as losses between the meters do',
    data: { fit: best.fit, goesWith: best === square ? 'square of the load' : 'load' },
  };
}
