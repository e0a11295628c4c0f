import {
  baseBoundaries,
  type CounterRules,
  counterIntervals,
  defaultGapLimit_ms,
  gaugeIntervals,
  type Measurand,
  type SeriesFinding,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import {
  type ReadingRange,
  type ReadingSeries,
  type ReadingSource,
  readReadings,
  readReadingsOf,
} from '../series/reading-reader.ts';
import type { IntervalBlock } from './interval-block.ts';
import { intervalMeasurands } from './interval-measurand.ts';
import type { IntervalMeter } from './interval-meter.ts';
import { type ReadingWindow, readingWindows, usableQualities } from './reading-window.ts';
import type { TimeRange } from './time-range.ts';

/** Intervals computed from readings, and what the computation noticed inside the rebuilt range. */
export interface ComputedIntervals {
  readonly blocks: readonly IntervalBlock[];
  readonly findings: readonly (SeriesFinding & { readonly measurand: string })[];
  readonly rebuilt: TimeRange;
}

/** A mark that ends this long after the last reading says that nothing came: the intervals up to it are missing. */
const silence_ms = 900_000;
const noGapLimit = Number.POSITIVE_INFINITY;

/** A meter whose readings in [from, to] have changed. */
export interface ChangedMeter {
  readonly meter: IntervalMeter;
  readonly range: TimeRange;
}

/** Most meter time that is read in one query: 200 days of a reading every 10 s are 1.7 million rows. */
const batchSpan_ms = 200 * 86_400_000;

/** Base intervals of physical and manual meters for what has changed, in their order. */
export async function physicalIntervals(
  client: ClientBase,
  changed: readonly ChangedMeter[],
  source: ReadingSource = 'store.reading',
): Promise<ComputedIntervals[]> {
  const changes = changed.map(({ meter, range }) => ({
    ...range,
    meterId: meter.id,
    measurands: intervalMeasurands(meter),
    base_ms: meter.base_ms,
    phase_ms: meter.phase_ms,
  }));
  const windows = await readingWindows(client, changes, source);
  const work = changed.map((change, i) => ({
    ...change,
    measurands: changes[i]?.measurands ?? [],
    window: windows[i] as ReadingWindow,
    place: i,
  }));
  const computed: ComputedIntervals[] = changed.map(({ range }) => ({
    blocks: [],
    findings: [],
    rebuilt: range,
  }));
  const alike = Map.groupBy(
    work.filter((w) => w.measurands.length > 0),
    (w) => w.measurands.map((m) => m.name).join(),
  );
  for (const group of alike.values())
    for (const batch of batches(group)) {
      const ranges = batch.map(({ meter, window }) => ({ meterId: meter.id, ...window.load }));
      const measurands = batch[0]?.measurands.map((m) => m.name) ?? [];
      const series = await readReadingsOf(client, ranges, { measurands, source });
      for (const [i, item] of batch.entries())
        computed[item.place] = computeMeter(item, series[i] as ReadingSeries);
    }
  return computed;
}

interface Work extends ChangedMeter {
  readonly measurands: readonly Measurand[];
  readonly window: ReadingWindow;
}

/** In pieces of bounded meter time, at least one meter each. */
function* batches<Item extends Work>(items: readonly Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let span_ms = 0;
  for (const item of items) {
    const length_ms = item.window.load.to_ms - item.window.load.from_ms;
    if (batch.length > 0 && span_ms + length_ms > batchSpan_ms) {
      yield batch;
      batch = [];
      span_ms = 0;
    }
    batch.push(item);
    span_ms += length_ms;
  }
  if (batch.length > 0) yield batch;
}

function computeMeter({ meter, range, measurands, window }: Work, series: ReadingSeries): ComputedIntervals {
  dropUnusable(series);
  const { from_ms, to_ms } = window.rebuild;
  const boundaries_ms = baseBoundaries(from_ms, to_ms, meter.base_ms, meter.phase_ms);
  const computed = measurands.map((measurand, i) =>
    computeBlock(meter, measurand, {
      series,
      values: series.columns[i] ?? new Float64Array(),
      boundaries_ms,
      until_ms: range.to_ms,
    }),
  );
  return {
    blocks: computed.map((c) => c.block).filter((block) => block.start_ms.length > 0),
    findings: computed
      .flatMap((c) => c.findings)
      .filter((f) => f.at_ms >= window.rebuild.from_ms && f.at_ms < window.rebuild.to_ms),
    rebuilt: window.rebuild,
  };
}

/** Readings in which the values of stale, failed or implausible ones are unknown, not numbers. */
export async function usableReadings(
  client: ClientBase,
  range: ReadingRange,
  source: ReadingSource,
): Promise<ReadingSeries> {
  const series = await readReadings(client, range, source);
  dropUnusable(series);
  return series;
}

/** Values of stale, failed or implausible readings are unknown, not numbers. */
export function dropUnusable(series: ReadingSeries): void {
  for (let i = 0; i < series.count; i++) {
    if (usableQualities.includes(series.quality[i] as number)) continue;
    for (const column of series.columns) column[i] = Number.NaN;
  }
}

interface Input {
  readonly series: ReadingSeries;
  readonly values: Float64Array;
  readonly boundaries_ms: readonly number[];
  readonly until_ms: number;
}

function computeBlock(
  meter: IntervalMeter,
  measurand: Measurand,
  { series, values, boundaries_ms, until_ms }: Input,
): { block: IntervalBlock; findings: (SeriesFinding & { measurand: string })[] } {
  const last_ms = lastKnown(series.at_ms, values);
  const horizon = until_ms - last_ms >= silence_ms ? { until_ms } : {};
  const key = {
    meterId: meter.id,
    organisationId: meter.organisationId,
    measurandId: measurand.id,
    duration_s: meter.base_ms / 1000,
  };
  const starts = (from: number, to: number): readonly number[] => boundaries_ms.slice(from, to);
  if (measurand.kind === 'counter') {
    const result = counterIntervals({
      at_ms: series.at_ms,
      index: values,
      rules: counterRules(meter),
      events: meter.events.get(measurand.name) ?? [],
      boundaries_ms,
      ...horizon,
    });
    return {
      block: {
        ...key,
        start_ms: starts(result.from, result.to),
        quality: result.quality.subarray(result.from, result.to),
        delta: result.delta.subarray(result.from, result.to),
      },
      findings: result.findings.list.map((f) => ({ ...f, measurand: measurand.name })),
    };
  }
  const result = gaugeIntervals({ at_ms: series.at_ms, value: values, boundaries_ms, ...horizon });
  return {
    block: {
      ...key,
      start_ms: starts(result.from, result.to),
      quality: result.quality.subarray(result.from, result.to),
      mean: result.mean.subarray(result.from, result.to),
      min: result.min.subarray(result.from, result.to),
      max: result.max.subarray(result.from, result.to),
    },
    findings: result.findings.list.map((f) => ({ ...f, measurand: measurand.name })),
  };
}

function lastKnown(at_ms: Float64Array, values: Float64Array): number {
  for (let i = values.length - 1; i >= 0; i--)
    if (!Number.isNaN(values[i] as number)) return at_ms[i] as number;
  return Number.POSITIVE_INFINITY;
}

/** How this meter's counters are judged. */
export function counterRules(meter: IntervalMeter): CounterRules {
  const step = meter.settings.counterStep;
  return {
    modulus: meter.modulus,
    maxRate_per_s: meter.maxRate_per_s,
    gapLimit_ms: meter.kind === 'manual' ? noGapLimit : defaultGapLimit_ms,
    manual: meter.kind === 'manual',
    ...(typeof step === 'number' && step > 0 ? { resolution: step } : {}),
  };
}
