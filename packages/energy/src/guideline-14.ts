/**
 * Limits of ASHRAE Guideline 14 for models, by how they are used. The limits are settings, each marked with how well
 * it was checked: the guideline itself is sold, so that what is quoted here was read in secondary sources or recalled.
 */
import { type Finding, finding } from './finding.ts';
import type { Verification } from './verification.ts';

export interface Guideline14Limits {
  readonly id: string;
  /** √(SSE/(n − p))/ȳ. */
  readonly greatestCvRmse: number;
  /** |Σe/((n − p)ȳ)|; null where the guideline gives none. */
  readonly greatestNmbe: number | null;
  readonly verification: Verification;
}

export const guideline14: readonly Guideline14Limits[] = [
  { id: 'calibratedMonthly', greatestCvRmse: 0.15, greatestNmbe: 0.05, verification: 'secondary' },
  { id: 'calibratedHourly', greatestCvRmse: 0.3, greatestNmbe: 0.1, verification: 'secondary' },
  { id: 'wholeBuildingUnder12Months', greatestCvRmse: 0.2, greatestNmbe: 0.005, verification: 'unverified' },
  { id: 'wholeBuilding12To60Months', greatestCvRmse: 0.25, greatestNmbe: 0.005, verification: 'unverified' },
  { id: 'wholeBuildingOver60Months', greatestCvRmse: 0.3, greatestNmbe: 0.005, verification: 'unverified' },
];

/** Savings uncertainty must stay below this share of the savings at this confidence. */
export const guideline14Uncertainty = {
  greatestShare: 0.5,
  confidence: 0.68,
  verification: 'secondary',
} as const;

/** What a model breaks of the limits; empty where it keeps them. */
export function guideline14Findings(
  fit: { readonly cvRmse: number; readonly nmbe: number },
  limits: Guideline14Limits,
): readonly Finding[] {
  const found: Finding[] = [];
  if (!(fit.cvRmse <= limits.greatestCvRmse))
    found.push(
      finding('cvRmseOverLimit', 'The model scatters more than the guideline allows', {
        cvRmse: fit.cvRmse,
        limit: limits.greatestCvRmse,
        limits: limits.id,
      }),
    );
  if (limits.greatestNmbe !== null && !(Math.abs(fit.nmbe) <= limits.greatestNmbe))
    found.push(
      finding('biasOverLimit', 'The model is biased more than the guideline allows', {
        nmbe: fit.nmbe,
        limit: limits.greatestNmbe,
        limits: limits.id,
      }),
    );
  return found;
}

/** Whether a half-width at the guideline's confidence is small enough beside the savings. */
export const isWithinGuideline14 = (savings: number, halfWidth: number): boolean =>
  Math.abs(savings) > 0 && halfWidth / Math.abs(savings) < guideline14Uncertainty.greatestShare;
