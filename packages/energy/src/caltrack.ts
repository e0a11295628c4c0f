/**
 * Savings and their bands as CalTRACK 2.0 (4.3.2.4) and OpenEEmeter 3.1 state them, for comparison with their figures.
 * The product's own band, which was tested to hold the truth as often as it says, is that of `savings.ts`.
 */
import type { CaltrackRow } from './caltrack-design.ts';
import {
  type CaltrackInterval,
  type CaltrackModel,
  type CaltrackTotals,
  caltrackPerDay,
} from './caltrack-model.ts';
import { studentTwoSidedQuantile } from './distribution.ts';
import { effectiveCount } from './fit-metrics.ts';

/** Coefficients a, b, d of aM² + bM + d, in place of ASHRAE's 1.26. */
const polynomial = {
  daily: [-0.00024, 0.03535, 1.00286],
  billing: [-0.00022, 0.03306, 0.94054],
} as const;

const day_ms = 86_400_000;

/** Reporting periods m of a model: known rows of daily data, months of 30 days between first and last bill. */
function reportingCount(interval: CaltrackInterval, rows: readonly CaltrackRow[], known: number): number {
  const [first] = rows;
  const last = rows[rows.length - 1];
  if (!first || !last || known === 0) return 0;
  return interval === 'daily' ? known : Math.round((last.end_ms - first.start_ms) / day_ms / 30);
}

/**
 * Fractional-savings-uncertainty half-width: n·ȳ · t · (aM² + bM + d) · CV(RMSE) · √((n/n′)(1 + 2/n′)/m), with n
 * baseline periods, m reporting periods of which 30 daily ones make a month M, CV(RMSE) and t with n − slopes degrees
 * of freedom. The total that it is a share of is that of the baseline, as in OpenEEmeter 3.1. null where the
 * autocorrelation is unknown or nothing is reported.
 */
export function caltrackHalfWidth(
  totals: CaltrackTotals,
  reporting: { readonly periods: number; readonly interval: CaltrackInterval },
  confidence: number,
): number | null {
  const { n, sse, slopes, autocorrelation } = totals;
  const m = reporting.periods;
  if (m === 0 || n <= slopes || autocorrelation === null || Math.abs(autocorrelation) === 1) return null;
  const [a, b, d] = polynomial[reporting.interval];
  const months = reporting.interval === 'daily' ? m / 30 : m;
  const independent = effectiveCount(n, autocorrelation);
  return (
    n *
    studentTwoSidedQuantile(confidence, n - slopes) *
    (a * months * months + b * months + d) *
    Math.sqrt(sse / (n - slopes)) *
    Math.sqrt(((n / independent) * (1 + 2 / independent)) / m)
  );
}

export interface CaltrackSavingsRow {
  readonly start_ms: number;
  /** Energy without the measures, by the baseline model. */
  readonly baseline: number;
  /** Energy with them: metered, or by the reporting model. */
  readonly reporting: number;
  /** baseline − reporting; NaN where either is unknown. */
  readonly savings: number;
}

export interface CaltrackSavings {
  readonly rows: readonly CaltrackSavingsRow[];
  readonly known: number;
  readonly savings: number;
  /** FSU half-width; null where it cannot be stated. */
  readonly halfWidth: number | null;
}

export interface MeteredSavings extends CaltrackSavings {
  /** Half-width by ordinary least squares, its model part and its noise part. */
  readonly ols: { readonly total: number; readonly model: number; readonly noise: number } | null;
}

export interface ModelledSavings extends CaltrackSavings {
  readonly baselineHalfWidth: number | null;
  readonly reportingHalfWidth: number | null;
}

const total = (rows: readonly CaltrackSavingsRow[]) => {
  const known = rows.filter(({ savings }) => !Number.isNaN(savings));
  return { known: known.length, savings: known.reduce((sum, { savings }) => sum + savings, 0) };
};

/**
 * Metered savings (3.5.1): Σ(baseline model at reporting temperatures − metered energy) over the rows on which both are
 * known. OLS half-widths: model t·s·m/√n·√(1 + (ȳ − ȳ_rep)²/var), noise t·s·√(m·n/n′), together by squares.
 */
export function meteredSavings(
  model: CaltrackModel,
  reporting: readonly CaltrackRow[],
  confidence = 0.9,
): MeteredSavings {
  const rows = reporting.map((row): CaltrackSavingsRow => {
    const baseline = caltrackPerDay(model, row) * row.days;
    const metered = row.usagePerDay * row.days;
    return { start_ms: row.start_ms, baseline, reporting: metered, savings: baseline - metered };
  });
  const { known, savings } = total(rows);
  const { totals, interval } = model;
  const periods = reportingCount(interval, reporting, known);
  const halfWidth = caltrackHalfWidth(totals, { periods, interval }, confidence);
  const metered = rows.filter((row) => !Number.isNaN(row.savings)).map((row) => row.reporting);
  const meanReporting = metered.reduce((sum, value) => sum + value, 0) / metered.length;
  const scale =
    studentTwoSidedQuantile(confidence, totals.n - totals.slopes) *
    Math.sqrt(totals.sse / (totals.n - totals.slopes));
  const independent = effectiveCount(totals.n, totals.autocorrelation ?? Number.NaN);
  const modelPart =
    ((scale * periods) / Math.sqrt(totals.n)) *
    Math.sqrt(1 + (totals.mean - meanReporting) ** 2 / totals.variance);
  const noise = scale * Math.sqrt((periods * totals.n) / independent);
  return {
    rows,
    known,
    savings,
    halfWidth,
    ols: halfWidth === null ? null : { total: Math.hypot(modelPart, noise), model: modelPart, noise },
  };
}

/**
 * Modelled savings (normalised): Σ(baseline model − reporting model) at the temperatures of one and the same year. The
 * half-widths of the two models are independent and add by squares.
 */
export function modelledSavings(
  models: { readonly baseline: CaltrackModel; readonly reporting: CaltrackModel },
  year: readonly CaltrackRow[],
  confidence = 0.9,
): ModelledSavings {
  const rows = year.map((row): CaltrackSavingsRow => {
    const baseline = caltrackPerDay(models.baseline, row) * row.days;
    const reporting = caltrackPerDay(models.reporting, row) * row.days;
    return { start_ms: row.start_ms, baseline, reporting, savings: baseline - reporting };
  });
  const { known, savings } = total(rows);
  const halfWidthOf = ({ totals, interval }: CaltrackModel): number | null =>
    caltrackHalfWidth(totals, { periods: reportingCount(interval, year, known), interval }, confidence);
  const baselineHalfWidth = halfWidthOf(models.baseline);
  const reportingHalfWidth = halfWidthOf(models.reporting);
  return {
    rows,
    known,
    savings,
    halfWidth:
      baselineHalfWidth === null || reportingHalfWidth === null
        ? null
        : Math.hypot(baselineHalfWidth, reportingHalfWidth),
    baselineHalfWidth,
    reportingHalfWidth,
  };
}
