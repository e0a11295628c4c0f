/**
 * Gauge to interval: mean, minimum and maximum of a momentary value.
 *
 * The mean is weighted by time: the value is taken to run linearly between neighbouring readings (`linear`), or to
 * hold from one reading to the next (`step`, for positions and set points), and is integrated over the interval.
 * Over a gap longer than the limit nothing is assumed; the mean is then that of the covered part.
 */
import { defaultGapLimit_ms, defaultMeasuredGap_ms } from './counter.ts';
import { note, type SeriesFindings, seriesFindings } from './finding.ts';
import { orderReadings } from './reading-column.ts';
import { intervalQualityCode } from './vocabulary.ts';

export interface GaugeRules {
  /** Between readings further apart nothing is assumed. Default 2 h. */
  readonly gapLimit_ms?: number;
  /** Readings up to this far apart count as measured. Default 20 min. */
  readonly measuredGap_ms?: number;
  readonly shape?: 'linear' | 'step';
}

export interface GaugeInput {
  readonly at_ms: ArrayLike<number>;
  /** null or NaN where the value was not read. */
  readonly value: ArrayLike<number | null>;
  readonly rules?: GaugeRules;
  readonly boundaries_ms: ArrayLike<number>;
  readonly since_ms?: number;
  readonly until_ms?: number;
}

export interface GaugeIntervals {
  /** Given intervals are [from, to). */
  readonly from: number;
  readonly to: number;
  /** NaN where missing. */
  readonly mean: Float64Array;
  /** Of the readings inside the interval; of the assumed course where there are none. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Number of readings inside [start, end). */
  readonly readings: Uint32Array;
  readonly quality: Uint8Array;
  readonly findings: SeriesFindings;
}

/** Below half covered an interval is missing; with over a tenth uncovered it is estimated. */
export const gaugeCoverage = { least: 0.5, full: 0.9 } as const;

const measuredCode = intervalQualityCode('measured');
const interpolatedCode = intervalQualityCode('interpolated');
const estimatedCode = intervalQualityCode('estimated');
const missingCode = intervalQualityCode('missing');

/** Mean, minimum, maximum and count per interval. O(readings + boundaries) on ordered input. */
export function gaugeIntervals(input: GaugeInput): GaugeIntervals {
  const findings = seriesFindings();
  const { at_ms, value, count, conflicts_ms } = orderReadings(input.at_ms, input.value);
  for (const at of conflicts_ms)
    note(findings, 'conflictingReadings', at, {
      message: 'Two readings of one instant differ; the lower counts',
    });
  const { boundaries_ms } = input;
  const gapLimit_ms = input.rules?.gapLimit_ms ?? defaultGapLimit_ms;
  const measuredGap_ms = input.rules?.measuredGap_ms ?? defaultMeasuredGap_ms;
  const isStep = input.rules?.shape === 'step';
  const n = Math.max(0, boundaries_ms.length - 1);
  const mean = new Float64Array(n).fill(Number.NaN);
  const min = new Float64Array(n).fill(Number.NaN);
  const max = new Float64Array(n).fill(Number.NaN);
  const readings = new Uint32Array(n);
  const quality = new Uint8Array(n).fill(missingCode);
  const first_ms = count > 0 ? (at_ms[0] as number) : Number.POSITIVE_INFINITY;
  const last_ms = count > 0 ? (at_ms[count - 1] as number) : Number.NEGATIVE_INFINITY;
  const given_from = input.since_ms ?? first_ms;
  const given_to = Math.max(last_ms, input.until_ms ?? last_ms);
  let from = n;
  let to = 0;
  let p = 0;
  for (let i = 0; i < n; i++) {
    const start = boundaries_ms[i] as number;
    const end = boundaries_ms[i + 1] as number;
    if (start < given_from || end > given_to) continue;
    if (i < from) from = i;
    to = i + 1;
    while (p + 1 < count && (at_ms[p + 1] as number) <= start) p++;
    let integral = 0;
    let measured_ms = 0;
    let interpolated_ms = 0;
    let inside = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let assumedLow = Number.POSITIVE_INFINITY;
    let assumedHigh = Number.NEGATIVE_INFINITY;
    for (let k = p; k < count; k++) {
      const t0 = at_ms[k] as number;
      if (t0 >= end) break;
      const v0 = value[k] as number;
      if (t0 >= start) {
        inside++;
        if (v0 < low) low = v0;
        if (v0 > high) high = v0;
      }
      if (k + 1 >= count) break;
      const t1 = at_ms[k + 1] as number;
      const gap = t1 - t0;
      const begin = Math.max(start, t0);
      const length = Math.min(end, t1) - begin;
      if (length <= 0 || gap > gapLimit_ms) continue;
      const slope = isStep ? 0 : ((value[k + 1] as number) - v0) / gap;
      const a = v0 + slope * (begin - t0);
      const b = v0 + slope * (begin + length - t0);
      integral += ((a + b) / 2) * length;
      assumedLow = Math.min(assumedLow, a, b);
      assumedHigh = Math.max(assumedHigh, a, b);
      if (gap <= measuredGap_ms) measured_ms += length;
      else interpolated_ms += length;
    }
    const covered_ms = measured_ms + interpolated_ms;
    const width_ms = end - start;
    readings[i] = inside;
    if (covered_ms === 0 || covered_ms < gaugeCoverage.least * width_ms) continue;
    mean[i] = integral / covered_ms;
    min[i] = inside > 0 ? low : assumedLow;
    max[i] = inside > 0 ? high : assumedHigh;
    if (covered_ms < gaugeCoverage.full * width_ms) quality[i] = estimatedCode;
    else quality[i] = measured_ms >= gaugeCoverage.full * width_ms ? measuredCode : interpolatedCode;
  }
  return { from: Math.min(from, to), to, mean, min, max, readings, quality, findings };
}
