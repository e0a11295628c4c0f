import {
  baseBoundaries,
  baseStart_ms,
  counterIntervals,
  gaugeIntervals,
  type IntervalQuality,
  intervalQualities,
  type Measurand,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { IntervalMeter } from './interval/interval-meter.ts';
import { counterRules, dropUnusable } from './interval/physical-intervals.ts';
import type { TimeRange } from './interval/time-range.ts';
import { type ReadingBudget, readReadingColumns } from './reading-columns.queries.ts';
import type { Scope } from './scope.ts';
import type { ReadingSeries } from './series/reading-reader.ts';

/** What one measurand did between two instants. */
export interface MeasurandStatistics {
  readonly measurand: Measurand;
  readonly min: { readonly value: number; readonly at_ms: number } | null;
  readonly max: { readonly value: number; readonly at_ms: number } | null;
  /** Gauges: integral ÷ time over what is known. */
  readonly mean: number | null;
  /** Counters: sum of what is known. */
  readonly delta: number | null;
  /** Seconds of the range by class; what is not in them is missing. */
  readonly known_s: Readonly<Partial<Record<IntervalQuality, number>>>;
}

export interface ReadingStatistics {
  readonly readings: number;
  readonly measurands: readonly MeasurandStatistics[];
}

/** Held in memory at a time. */
const slice_ms = 7 * 86_400_000;
/** Readings this far outside a slice tell what lies at its ends. */
const reach_ms = 86_400_000;

interface Fold {
  readonly measurand: Measurand;
  min: MeasurandStatistics['min'];
  max: MeasurandStatistics['max'];
  weighted: number;
  weight_s: number;
  sum: number;
  counted: boolean;
  readonly known_s: Partial<Record<IntervalQuality, number>>;
}

/**
 * Statistics of a meter's readings over [from, to), by the arithmetic of its intervals: the ends are interpolated, a mean
 * is weighted by time, and unusable readings take no part. A week is held at a time.
 * @throws ReadingBudgetSpent
 */
export async function readStatistics(
  client: PoolClient,
  scope: Scope,
  wanted: TimeRange & { readonly meter: IntervalMeter; readonly measurands: readonly Measurand[] },
  budget: ReadingBudget,
): Promise<ReadingStatistics> {
  const { meter, measurands } = wanted;
  const folds = measurands.map(
    (measurand): Fold => ({
      measurand,
      min: null,
      max: null,
      weighted: 0,
      weight_s: 0,
      sum: 0,
      counted: false,
      known_s: {},
    }),
  );
  let count = 0;
  for (const boundaries_ms of sliceBoundaries(wanted, meter)) {
    const from_ms = boundaries_ms[0] as number;
    const to_ms = boundaries_ms.at(-1) as number;
    const readings = await readReadingColumns(
      client,
      scope,
      {
        meterId: meter.id,
        measurands: measurands.map((m) => m.name),
        from_ms: from_ms - reach_ms,
        to_ms: to_ms + reach_ms,
      },
      budget,
    );
    for (const at of readings.at_ms) if (at >= from_ms && at < to_ms) count++;
    dropUnusable(readings);
    for (const [i, fold] of folds.entries())
      addSlice(fold, meter, { readings, values: readings.columns[i] as Float64Array, boundaries_ms });
  }
  return { readings: count, measurands: folds.map(resultOf) };
}

/** Both ends and every base boundary between them, a week at a time; neighbours share a boundary. */
function* sliceBoundaries(
  { from_ms, to_ms }: TimeRange,
  { base_ms, phase_ms }: IntervalMeter,
): Generator<number[]> {
  for (let begin = from_ms; begin < to_ms; ) {
    const next = baseStart_ms(begin + slice_ms, base_ms, phase_ms);
    const end = Math.min(to_ms, next);
    const inside = baseBoundaries(begin, end, base_ms, phase_ms).filter((at) => at > begin && at < end);
    yield [begin, ...inside, end];
    begin = end;
  }
}

interface Slice {
  readonly readings: ReadingSeries;
  readonly values: Float64Array;
  readonly boundaries_ms: readonly number[];
}

function addSlice(fold: Fold, meter: IntervalMeter, { readings, values, boundaries_ms }: Slice): void {
  const width_s = (i: number): number =>
    ((boundaries_ms[i + 1] as number) - (boundaries_ms[i] as number)) / 1_000;
  const note = (code: number, i: number): void => {
    const name = intervalQualities[code] ?? 'missing';
    if (name !== 'missing') fold.known_s[name] = (fold.known_s[name] ?? 0) + width_s(i);
  };
  if (fold.measurand.kind === 'counter') {
    const { delta, quality, from, to } = counterIntervals({
      at_ms: readings.at_ms,
      index: values,
      rules: counterRules(meter),
      events: meter.events.get(fold.measurand.name) ?? [],
      boundaries_ms,
    });
    for (let i = from; i < to; i++) {
      note(quality[i] as number, i);
      if (Number.isNaN(delta[i] as number)) continue;
      fold.sum += delta[i] as number;
      fold.counted = true;
    }
    return;
  }
  const { mean, quality, from, to } = gaugeIntervals({ at_ms: readings.at_ms, value: values, boundaries_ms });
  for (let i = from; i < to; i++) {
    note(quality[i] as number, i);
    if (Number.isNaN(mean[i] as number)) continue;
    fold.weighted += (mean[i] as number) * width_s(i);
    fold.weight_s += width_s(i);
  }
  addExtremes(fold, { readings, values, boundaries_ms });
}

function addExtremes(fold: Fold, { readings, values, boundaries_ms }: Slice): void {
  const from_ms = boundaries_ms[0] as number;
  const to_ms = boundaries_ms.at(-1) as number;
  for (let i = 0; i < readings.count; i++) {
    const value = values[i] as number;
    const at_ms = readings.at_ms[i] as number;
    if (Number.isNaN(value) || at_ms < from_ms || at_ms >= to_ms) continue;
    if (fold.min === null || value < fold.min.value) fold.min = { value, at_ms };
    if (fold.max === null || value > fold.max.value) fold.max = { value, at_ms };
  }
}

const resultOf = (fold: Fold): MeasurandStatistics => ({
  measurand: fold.measurand,
  min: fold.min,
  max: fold.max,
  mean: fold.weight_s > 0 ? fold.weighted / fold.weight_s : null,
  delta: fold.counted ? fold.sum : null,
  known_s: fold.known_s,
});
