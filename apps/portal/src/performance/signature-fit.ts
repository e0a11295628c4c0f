import type { EnpiDetail } from '@wattproof/contracts/api';
import { variableKind } from './variable-name.ts';

/** The model seen along one variable, the others held at their mean over the baseline. */
export interface SignatureFit {
  readonly variable: 'temperature' | 'production';
  readonly line: readonly { readonly x: number; readonly y: number; readonly halfWidth: number }[];
  readonly changePoint_c: number | null;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);

/** z of a two-sided 95 % interval. */
const z95 = 1.96;

/**
 * Line and band of the signature. Along x the model is known exactly (its coefficients); what the other variables
 * add is their mean contribution, expected minus the part along x, averaged over the baseline days. The band is
 * 1.96 × CV(RMSE) × mean of the baseline, the spread of single days.
 */
export function signatureFit(enpi: EnpiDetail): SignatureFit | null {
  const { model } = enpi;
  if (!model) return null;
  const coefficient = (kind: string): number =>
    model.terms.filter((t) => variableKind(t.variable) === kind).reduce((sum, t) => sum + t.coefficient, 0);
  const heating = coefficient('heating');
  const cooling = coefficient('cooling');
  const usesTemperature =
    (heating !== 0 && model.heatingBase_c !== null) || (cooling !== 0 && model.coolingBase_c !== null);
  const variable = usesTemperature ? 'temperature' : 'production';
  const production = coefficient('production');
  if (!usesTemperature && production === 0) return null;
  const along = (x: number): number =>
    variable === 'production'
      ? production * x
      : (model.heatingBase_c === null ? 0 : heating * Math.max(0, model.heatingBase_c - x)) +
        (model.coolingBase_c === null ? 0 : cooling * Math.max(0, x - model.coolingBase_c));
  const days = enpi.days.flatMap((d) => {
    const x = variable === 'temperature' ? d.temperature_c : d.production_g;
    return x === null ? [] : [{ ...d, x }];
  });
  const baseline = days.filter((d) => d.phase === 'baseline' && d.expected_wh !== null);
  if (baseline.length < 10) return null;
  const rest = mean(baseline.map((d) => (d.expected_wh as number) - along(d.x)));
  const halfWidth =
    z95 *
    model.statistics.cvRmse *
    mean(baseline.flatMap((d) => (d.actual_wh === null ? [] : [d.actual_wh])));
  const low = Math.min(...days.map((d) => d.x));
  const high = Math.max(...days.map((d) => d.x));
  const bends = [model.heatingBase_c, model.coolingBase_c].filter(
    (b): b is number => variable === 'temperature' && b !== null && b > low && b < high,
  );
  const xs = [...new Set([low, ...bends, high])].sort((a, b) => a - b);
  return {
    variable,
    line: xs.map((x) => ({ x, y: rest + along(x), halfWidth })),
    changePoint_c: bends[0] ?? null,
  };
}
