/**
 * The uncertainty band that CalTRACK 2.0 (4.3.2.4) and OpenEEmeter print, for comparison with their figures. The
 * product's own band is that of `savings.ts`.
 */
import { studentTwoSidedQuantile } from './distribution.ts';
import type { EnbModel } from './enb.ts';
import { effectiveCount } from './fit-metrics.ts';

const polynomial = {
  daily: [-0.00024, 0.03535, 1.00286],
  billing: [-0.00022, 0.03306, 0.94054],
} as const;

/**
 * Half-width = n·ȳ · t · (aM² + bM + d) · CV(RMSE) · √((n/n′)(1 + 2/n′)/m), with n baseline periods, m reporting
 * periods of which 30 daily ones make a month M, CV(RMSE) and t with n − slopes degrees of freedom. The total it is a
 * share of is that of the baseline, as in OpenEEmeter 3.1.
 */
export function caltrackHalfWidth_wh(
  model: EnbModel,
  reporting: { readonly periods: number; readonly frequency: 'daily' | 'billing' },
  confidence: number,
): number {
  const { n, sse } = model;
  const df = n - model.variables.length;
  const [a, b, d] = polynomial[reporting.frequency];
  const months = reporting.frequency === 'daily' ? reporting.periods / 30 : reporting.periods;
  const independent = effectiveCount(n, model.autocorrelation);
  return (
    n *
    studentTwoSidedQuantile(confidence, df) *
    (a * months * months + b * months + d) *
    Math.sqrt(sse / df) *
    Math.sqrt(((n / independent) * (1 + 2 / independent)) / reporting.periods)
  );
}
