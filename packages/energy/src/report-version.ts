/** Versions behind a report's figures against those that run now. */
import { type FactorChange, type FactorUse, factorChanges } from './factor-use.ts';
import { type FormulaChange, type FormulaVersions, formulaChanges, formulasOn } from './formula.ts';

/** What a report was computed with; one of before versions were kept says when. */
export interface UsedVersions {
  readonly formulas?: FormulaVersions | null;
  readonly factors?: readonly FactorUse[] | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

export interface VersionChanges {
  readonly formulas: readonly FormulaChange[];
  readonly factors: readonly FactorChange[];
}

/** What of the formulas and rules of a report is otherwise in others. */
export const versionChanges = (
  { formulas, factors, createdAt }: UsedVersions,
  now: { readonly formulas: FormulaVersions; readonly factors: readonly FactorUse[] },
): VersionChanges => ({
  formulas: formulaChanges(formulas ?? formulasOn(createdAt.slice(0, 10)), now.formulas),
  factors: factorChanges(factors ?? [], now.factors),
});

export const isChanged = ({ formulas, factors }: VersionChanges): boolean =>
  formulas.length > 0 || factors.length > 0;

/** Why a report is not issued again. */
export const nothingChanged =
  'There is nothing to re-issue: every formula and rule of this report is the one that runs now';
