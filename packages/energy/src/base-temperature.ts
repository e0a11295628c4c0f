/**
 * Choice of base temperatures: of every pair on a grid the one whose model is qualified and explains most. Works on
 * moments (`moment-fit.ts`), so that a hundred pairs cost as much as one pass over the data; what is chosen is then
 * fitted by `regress`.
 */
import { fQuantile, studentQuantile } from './distribution.ts';
import { fitMoments, type MomentFit, type Moments } from './moment-fit.ts';
import type { SepThresholds } from './sep.ts';

export interface Qualification extends SepThresholds {
  readonly greatestCvRmse: number;
}

/** A place in the moments and the base temperature that it stands for; null: without that variable. */
export interface BasePlace {
  readonly place: number;
  readonly base_c: number;
}

/** Whether a model would pass the tests that disqualify, by critical values in place of p. */
function qualifier(moments: Moments, slopes: number, settings: Qualification): (fit: MomentFit) => boolean {
  const df = moments.n - slopes - 1;
  const critical = (p: number): number => studentQuantile(1 - p / 2, df);
  const variableT = critical(settings.variableP);
  const bestT = critical(settings.bestVariableP);
  const modelF = slopes > 0 ? fQuantile(1 - settings.modelP, slopes, df) : 0;
  return ({ values, standardErrors, sse }) => {
    const t = values.map((value, k) => value / (standardErrors[k] as number));
    const [interceptT = 0, ...slopeT] = t;
    const sigma2 = sse / df;
    return (
      values.every((value, k) => k === 0 || value >= 0) &&
      !(interceptT < -variableT) &&
      slopeT.every((value) => value > variableT) &&
      (slopes === 0 || slopeT.some((value) => value > bestT)) &&
      (slopes === 0 || (moments.sst - sse) / slopes / sigma2 > modelF) &&
      Math.sqrt(sigma2) / moments.yMean <= settings.greatestCvRmse
    );
  };
}

/**
 * The best heating and cooling place for a model that has the columns `given` besides; cooling bases lie at or above
 * heating ones. null where no pair can be fitted by moments.
 */
export function bestBases(
  moments: Moments,
  wish: {
    readonly given: readonly number[];
    readonly heating: readonly (BasePlace | null)[];
    readonly cooling: readonly (BasePlace | null)[];
  },
  settings: Qualification,
): { readonly heating: BasePlace | null; readonly cooling: BasePlace | null } | null {
  const slopes = wish.given.length + (wish.heating[0] ? 1 : 0) + (wish.cooling[0] ? 1 : 0);
  if (moments.n - slopes - 1 < 1) return null;
  const qualifies = qualifier(moments, slopes, settings);
  let best: { readonly heating: BasePlace | null; readonly cooling: BasePlace | null } | null = null;
  let isBestQualified = false;
  let score = Number.NEGATIVE_INFINITY;
  for (const heating of wish.heating)
    for (const cooling of wish.cooling) {
      if (heating && cooling && cooling.base_c < heating.base_c) continue;
      const fit = fitMoments(moments, [
        ...wish.given,
        ...(heating ? [heating.place] : []),
        ...(cooling ? [cooling.place] : []),
      ]);
      if (!fit) continue;
      if (isBestQualified && fit.adjustedR2 <= score) continue;
      const isQualified = qualifies(fit);
      if (isQualified === isBestQualified ? fit.adjustedR2 <= score : isBestQualified) continue;
      best = { heating, cooling };
      isBestQualified = isQualified;
      score = fit.adjustedR2;
    }
  return best;
}
