/** How well predictions meet observations. Residuals are observed − predicted throughout. */
import { studentTwoSidedQuantile } from './distribution.ts';

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
};

/**
 * Lag-1 autocorrelation ρ of a series: Pearson correlation of its neighbours. Where `ordinal` is given (a day number),
 * only pairs whose ordinals differ by one are neighbours. NaN with fewer than three pairs or without variation.
 */
export function lag1Autocorrelation(series: ArrayLike<number>, ordinal?: ArrayLike<number>): number {
  const isPair = (i: number): boolean =>
    !ordinal || (ordinal[i] as number) - (ordinal[i - 1] as number) === 1;
  let pairs = 0;
  let sumBefore = 0;
  let sumAfter = 0;
  for (let i = 1; i < series.length; i++) {
    if (!isPair(i)) continue;
    pairs++;
    sumBefore += series[i - 1] as number;
    sumAfter += series[i] as number;
  }
  if (pairs < 3) return Number.NaN;
  const a = sumBefore / pairs;
  const b = sumAfter / pairs;
  let cross = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 1; i < series.length; i++) {
    if (!isPair(i)) continue;
    const da = (series[i - 1] as number) - a;
    const db = (series[i] as number) - b;
    cross += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return squareA > 0 && squareB > 0 ? cross / Math.sqrt(squareA * squareB) : Number.NaN;
}

/** Effective number of independent points, n' = n(1 − ρ)/(1 + ρ) (ASHRAE Guideline 14); n where ρ is unknown. */
export const effectiveCount = (n: number, rho: number): number =>
  Number.isNaN(rho) ? n : (n * (1 - rho)) / (1 + rho);

export interface FitMetrics {
  readonly n: number;
  readonly observedMean: number;
  /** Squared correlation of observed and predicted, and the same adjusted: 1 − (1 − r²)(n − 1)/(n − parameters − 1). */
  readonly correlationR2: number;
  readonly adjustedR2: number;
  /** √(SSE/n). */
  readonly rmse: number;
  /** CV(RMSE) with n in the denominator, and with n − parameters. */
  readonly cvRmse: number;
  readonly cvRmseAdjusted: number;
  /** Σ(observed − predicted)/Σ observed. Other programs print it with the opposite sign. */
  readonly nmbe: number;
  /** Σ(observed − predicted)/((n − parameters)·mean): ASHRAE Guideline 14. */
  readonly nmbeAdjusted: number;
  /** Mean of |observed − predicted|/|observed|; infinite where an observation is zero. */
  readonly mape: number;
  /** Σ|observed − predicted|/Σ observed. */
  readonly nmae: number;
  readonly autocorrelation: number;
  readonly effectiveCount: number;
}

/**
 * Terms of the fractional savings uncertainty that correct for autocorrelation, OpenEEmeter's variant: degrees of
 * freedom n′ − parameters rounded to a whole number, t at a two-sided confidence, √((n − k)/(n′ − k)) and √(1 + 2/n′).
 */
export function autocorrelationTerms(metrics: FitMetrics, parameters: number, confidence: number) {
  const { n, effectiveCount: independent } = metrics;
  const degreesOfFreedom = Math.round(independent - parameters);
  return {
    degreesOfFreedom,
    t: studentTwoSidedQuantile(confidence, degreesOfFreedom),
    cvRmseFactor: Math.sqrt((n - parameters) / (independent - parameters)),
    approximationFactor: Math.sqrt(1 + 2 / independent),
  };
}

/**
 * Metrics of any prediction. `parameters` is the number deducted in `cvRmseAdjusted`: the slopes alone (CalTRACK) or
 * slopes and intercept (classic). Throws RangeError where the columns differ in length.
 */
export function fitMetrics(
  observed: ArrayLike<number>,
  predicted: ArrayLike<number>,
  parameters: number,
): FitMetrics {
  const n = observed.length;
  if (predicted.length !== n) throw new RangeError('Observed and predicted differ in length');
  const observedMean = mean(observed);
  const predictedMean = mean(predicted);
  const residuals = new Float64Array(n);
  let sse = 0;
  let sum = 0;
  let cross = 0;
  let squareO = 0;
  let squareP = 0;
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < n; i++) {
    const o = observed[i] as number;
    const p = predicted[i] as number;
    residuals[i] = o - p;
    sse += (o - p) ** 2;
    sum += o - p;
    cross += (o - observedMean) * (p - predictedMean);
    squareO += (o - observedMean) ** 2;
    squareP += (p - predictedMean) ** 2;
    absolute += Math.abs(o - p);
    relative += Math.abs((o - p) / o);
  }
  const rho = lag1Autocorrelation(residuals);
  const correlationR2 = (cross * cross) / (squareO * squareP);
  return {
    n,
    observedMean,
    correlationR2,
    adjustedR2: 1 - ((1 - correlationR2) * (n - 1)) / (n - parameters - 1),
    rmse: Math.sqrt(sse / n),
    cvRmse: Math.sqrt(sse / n) / observedMean,
    cvRmseAdjusted: Math.sqrt(sse / (n - parameters)) / observedMean,
    nmbe: sum / (n * observedMean),
    nmbeAdjusted: sum / ((n - parameters) * observedMean),
    mape: relative / n,
    nmae: absolute / (n * observedMean),
    autocorrelation: rho,
    effectiveCount: effectiveCount(n, rho),
  };
}
