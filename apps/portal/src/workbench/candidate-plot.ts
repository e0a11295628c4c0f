import type { CusumDay, FitPeriod, FittedResidual, ResidualDay } from '@wattproof/charts';
import type { Candidates, EnbCandidate } from '@wattproof/contracts/api';
import { studentTwoSidedQuantile } from '@wattproof/energy';

/** What the plots of one candidate show, in base units. */
export interface CandidatePlot {
  readonly periods: readonly FitPeriod[];
  readonly residuals: readonly ResidualDay[];
  /** Of the fit: the rows that the model has seen. */
  readonly fitted: readonly Omit<FittedResidual, 'label'>[];
  readonly fittedDates: readonly string[];
  readonly cusum: readonly CusumDay[];
  /** Half-width of the band of one row, t·σ. */
  readonly halfWidth_wh: number;
}

/**
 * Rows of the data beside what a candidate expects of them. The band of one row is t·σ, with t of the residual degrees
 * of freedom at the confidence; that of the CUSUM after k rows is t·σ·√(k·n/n′): the scatter that independent rows
 * would leave, with as many of them as the autocorrelation allows. The uncertainty of the coefficients is in the stated
 * saving, not in these bands.
 */
export function candidatePlot(
  { rows }: Pick<Candidates, 'rows'>,
  { fitted_wh, statistics }: Pick<EnbCandidate, 'fitted_wh' | 'statistics'>,
  confidence: number,
): CandidatePlot {
  const t = statistics.dfResidual > 0 ? studentTwoSidedQuantile(confidence, statistics.dfResidual) : 0;
  const halfWidth_wh = t * statistics.sigma_wh;
  const inflation = Math.max(1, statistics.n / Math.max(1, statistics.effectiveN));
  const joined = rows.map((row, i) => ({ ...row, expected_wh: fitted_wh[i] ?? null }));
  const known = joined.flatMap((row) =>
    row.energy_wh === null || row.expected_wh === null
      ? []
      : [{ ...row, expected_wh: row.expected_wh, residual_wh: row.energy_wh - row.expected_wh }],
  );
  const seen = known.filter((row) => row.isFitted);
  let cusum_wh = 0;
  return {
    periods: joined.map((row) => ({
      date: row.date,
      actual_wh: row.energy_wh,
      expected_wh: row.expected_wh,
      halfWidth_wh: row.expected_wh === null ? null : halfWidth_wh,
    })),
    residuals: known.flatMap(({ date, residual_wh, phase }) =>
      phase === 'between' ? [] : [{ date, residual_wh, phase }],
    ),
    fitted: seen.map(({ expected_wh, residual_wh }) => ({ fitted_wh: expected_wh, residual_wh })),
    fittedDates: seen.map(({ date }) => date),
    cusum: known
      .filter((row) => row.phase === 'reporting')
      .map(({ date, residual_wh }, i) => {
        cusum_wh += residual_wh;
        return { date, cusum_wh, band_wh: halfWidth_wh * Math.sqrt((i + 1) * inflation) };
      }),
    halfWidth_wh,
  };
}

/** The choice that a saved version was made by, among the candidates of now. */
export const isSameChoice = (
  a: { readonly form: string; readonly variables: readonly string[] },
  b: { readonly form: string; readonly variables: readonly string[] },
): boolean => a.form === b.form && [...a.variables].sort().join() === [...b.variables].sort().join();
