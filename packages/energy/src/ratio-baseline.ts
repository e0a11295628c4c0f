/**
 * Baselines of a ratio EnPI: energy follows one output, or does so beside a stated share of base load.
 *
 *   ratio               ŷ = EI·P,                          EI = E/P of the whole baseline
 *   modified intensity  ŷ = b·E/D + (1 − b)·EI·P per day,  b the share of base load, D the days
 *
 * Only the energy E is uncertain; its variance is σ²·D, σ² = SSE/(n − 1), and goes into every coefficient that E makes.
 */
import type { BaselineRows } from './baseline-rows.ts';
import type { LocalDate } from './calendar.ts';
import type { EnbModel } from './enb.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { lag1Autocorrelation } from './fit-metrics.ts';
import { regress } from './regression.ts';
import { variableRange } from './sep.ts';

export type FittedBaseline =
  | {
      readonly ok: true;
      readonly model: EnbModel;
      readonly refused: readonly Finding[];
      readonly warnings: readonly Finding[];
    }
  | Disqualified;

/** Significance below which the intercept of energy on output is taken for a base load. */
const baseLoadP = 0.1;

/** `baseLoadShare` null: a plain ratio. Energies of rows that have no output count, as they do in E/P. */
export function ratioBaseline(
  rows: BaselineRows,
  name: string,
  baseLoadShare: number | null,
): FittedBaseline {
  const refuse = (found: Finding): Disqualified => ({ ok: false, disqualifications: [found] });
  const values = rows.days.given[name];
  if (!values) return refuse(finding('columnUnknown', 'Nothing of a column is known', { name }));
  const n = rows.y.length;
  if (n < 3)
    return refuse(
      finding('tooFewPoints', 'A regression needs more points than coefficients', { n, coefficients: 1 }),
    );
  const output = rows.column({ kind: 'given', name });
  const weight = (i: number): number => rows.weights?.[i] ?? 1;
  let energy = 0;
  let amount = 0;
  let days = 0;
  for (let i = 0; i < n; i++) {
    energy += weight(i) * (rows.y[i] as number);
    amount += weight(i) * (output[i] as number);
    days += weight(i);
  }
  if (!(amount > 0))
    return refuse(
      finding('outputNotPositive', 'The output of the baseline is not above zero', { name, amount }),
    );
  if (!(energy > 0))
    return refuse(finding('adjustedNotPositive', 'The energy of the baseline is not above zero', { energy }));
  const share = baseLoadShare ?? 0;
  /** Coefficients per unit of E. */
  const perEnergy = [...(baseLoadShare === null ? [] : [share / days]), (1 - share) / amount];
  const slope = ((1 - share) * energy) / amount;
  const intercept = (share * energy) / days;
  const mean = energy / days;
  const residuals = rows.y.map((y, i) => y - intercept - slope * (output[i] as number));
  let sse = 0;
  let sst = 0;
  for (let i = 0; i < n; i++) {
    sse += weight(i) * (residuals[i] as number) ** 2;
    sst += weight(i) * ((rows.y[i] as number) - mean) ** 2;
  }
  const sigma_wh = Math.sqrt(sse / (n - 1));
  const rho = lag1Autocorrelation(residuals, rows.ordinal);
  const r2 = sst > 0 ? 1 - sse / sst : Number.NaN;
  const unscaledCovariance = perEnergy.map((a) => perEnergy.map((b) => a * b * days));
  const names = [...(baseLoadShare === null ? [] : ['intercept']), name];
  const coefficients = perEnergy.map((factor, k) => ({
    name: names[k] as string,
    value: factor * energy,
    standardError: sigma_wh * factor * Math.sqrt(days),
    p: null,
  }));
  const dates = rows.days.dates;
  const model: EnbModel = {
    form: baseLoadShare === null ? 'ratio' : 'modifiedIntensity',
    formVersion: 1,
    ...(rows.granularity === 'month' ? { granularity: 'month' as const } : {}),
    ...(baseLoadShare === null ? { hasIntercept: false as const } : {}),
    baseline: { from: dates[0] as LocalDate, to: dates[dates.length - 1] as LocalDate },
    variables: [{ kind: 'given', name }],
    coefficients,
    unscaledCovariance,
    ranges: [variableRange(name, output)],
    n,
    dfResidual: n - 1,
    sse,
    sigma_wh,
    yMean_wh: mean,
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - 1)) / (n - 1),
    cvRmse: sigma_wh / mean,
    f: null,
    fP: null,
    autocorrelation: Number.isNaN(rho) ? 0 : rho,
    sep: {
      valid: false,
      findings: [finding('noFit', 'A ratio is stated, not fitted: the tests do not apply')],
    },
  };
  return { ok: true, model, refused: [], warnings: warningsOf(rows, { name, output, model, share }) };
}

/** Where energy has a base load, a ratio moves with the volume alone. */
function warningsOf(
  rows: BaselineRows,
  { name, output, model, share }: { name: string; output: Float64Array; model: EnbModel; share: number },
): readonly Finding[] {
  const found: Finding[] = [];
  const fit = regress({
    y: rows.y,
    variables: [{ name, values: output }],
    ...(rows.weights ? { weights: rows.weights } : {}),
  });
  const base = fit.ok ? fit.coefficients[0] : undefined;
  if (base && base.value > 0 && base.p < baseLoadP) {
    const estimated = base.value / model.yMean_wh;
    if (Math.abs(estimated - share) > 0.1)
      found.push(
        finding(
          'ratioHidesBaseLoad',
          'Part of the energy does not follow the output: the ratio moves with volume',
          {
            name,
            baseLoadShare: estimated,
            stated: share,
          },
        ),
      );
  }
  if (model.r2 < 0)
    found.push(finding('worseThanMean', 'The mean alone would meet the energy better', { r2: model.r2 }));
  return found;
}
