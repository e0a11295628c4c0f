/** Words for the figures of an audit report, and for what two reports of the same data say otherwise. */
import type { FactorRole } from './factor-use.ts';
import type { FormulaName } from './formula.ts';
import type { Decimal } from './money.ts';

const coverageFigures = ['audited', 'total', 'coverage', 'reached', 'estimated'] as const;
type CoverageFigureName = (typeof coverageFigures)[number];
export const reportFigureNames = [
  ...coverageFigures,
  ...coverageFigures.map((name) => `guide.${name}` as `guide.${CoverageFigureName}`),
  'lowest',
  'highest',
  'verdict',
  'rowEnergy',
  'rowAmount',
  'rowShare',
  'measuredShare',
  'siteAccount',
  'siteMetered',
  'siteShare',
  'useMetered',
  'useShare',
  'actual',
  'expected',
  'saving',
  'savingHalfWidth',
  'savingShare',
  'savingCost',
  'savingVerdict',
  'netPresentValue',
  'netPresentValueHalf',
  'internalRate',
  'payback',
  'discountedPayback',
] as const;
export type ReportFigureName = (typeof reportFigureNames)[number];

/** A figure that came out otherwise. */
export interface ReportDifference {
  readonly figure: ReportFigureName;
  readonly subject: string;
  /** Empty: a word. */
  readonly unit: string;
  /** Exact decimals, or words; null where it was not known. */
  readonly before: string | null;
  readonly after: string | null;
  /** after − before; null where they are words, or one is not known. */
  readonly difference: Decimal | null;
  /** Formulas that compute it, and rule that it rests on: what changed in them is why. */
  readonly formulas: readonly FormulaName[];
  readonly factor: FactorRole | null;
}
