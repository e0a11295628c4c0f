import type { Formulas } from '../figure-formula.ts';
import { auditFormulas } from './audit.formula.ts';
import { consumptionFormulas } from './consumption.formula.ts';
import { operationFormulas } from './operation.formula.ts';
import { performanceFormulas } from './performance.formula.ts';
import { seriesFormulas } from './series.formula.ts';
import { siteFormulas } from './site.formula.ts';

/** How every figure of every answer is computed, or why a number with a unit is not computed. */
export const formulas: Formulas = {
  ...siteFormulas,
  ...consumptionFormulas,
  ...seriesFormulas,
  ...performanceFormulas,
  ...auditFormulas,
  ...operationFormulas,
};
