import {
  type CounterEvent,
  findMeasurandById,
  localDate,
  type Measurand,
  type QualityCounts,
} from '@wattproof/energy';
import { type MeterDay, recomputeDay, type SealedContent, sealedContentHash } from '@wattproof/evidence';
import type { ClientBase } from 'pg';
import type { IntervalMeter } from '../interval/interval-meter.ts';
import { type IntervalSeries, readIntervals } from '../interval/interval-reader.ts';
import { counterRules, usableReadings } from '../interval/physical-intervals.ts';
import { readingWindows } from '../interval/reading-window.ts';
import type { TimeRange } from '../interval/time-range.ts';
import { lowerBound } from '../lower-bound.ts';
import type { ReadingSeries } from '../series/reading-reader.ts';

/** A row of the day tier: what is sealed. */
export interface DayToSeal extends QualityCounts {
  readonly meterId: number;
  readonly measurandId: number;
  readonly start_ms: number;
  readonly duration_s: number;
  readonly delta: number | null;
  readonly mean: number | null;
}

export interface DayWithContent {
  readonly row: DayToSeal;
  readonly content: SealedContent;
  readonly day: Omit<MeterDay, 'version'>;
}

/**
 * Known readings on either side of a day that its intervals are made again from: the fewest of these that give the same
 * ones, so that the content does not depend on how much was known after the day when it was sealed.
 */
const margins = [1, 2, 4, 10] as const;

interface Column {
  readonly at_ms: Float64Array;
  readonly values: Float64Array;
}

/** Readings of a day with so many known ones on either side. */
function readingsAround(
  { at_ms, values }: Column,
  { from_ms, to_ms }: TimeRange,
  margin: number,
): SealedContent['readings'] {
  let from = lowerBound(at_ms, from_ms);
  for (let known = 0; from > 0 && known < margin; ) if (!Number.isNaN(values[--from])) known++;
  let to = lowerBound(at_ms, to_ms);
  for (let known = 0; to < at_ms.length && known < margin; to++) if (!Number.isNaN(values[to])) known++;
  const readings: SealedContent['readings'] = [];
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    readings.push([at_ms[i] as number, Number.isNaN(value) ? null : value]);
  }
  return readings;
}

function intervalsWithin(
  series: IntervalSeries,
  measurand: Measurand,
  range: TimeRange,
): SealedContent['intervals'] {
  const values = measurand.kind === 'counter' ? series.delta : series.mean;
  const from = lowerBound(series.start_ms, range.from_ms);
  const to = lowerBound(series.start_ms, range.to_ms);
  return Array.from({ length: to - from }, (_, i): [number, number, number | null] => {
    const value = values[from + i] as number;
    return [
      series.start_ms[from + i] as number,
      series.quality[from + i] as number,
      Number.isNaN(value) ? null : value,
    ];
  });
}

/** The readings behind some days of a counter; null where it has none of its own, or they are gone. */
async function readingsOf(
  client: ClientBase,
  meter: IntervalMeter,
  measurand: Measurand,
  range: TimeRange,
): Promise<ReadingSeries | null> {
  if (meter.kind === 'virtual' || measurand.kind !== 'counter') return null;
  const { id: meterId, base_ms, phase_ms } = meter;
  const source = 'store.reading';
  const [window] = await readingWindows(
    client,
    [{ meterId, measurands: [measurand], base_ms, phase_ms, ...range }],
    source,
  );
  return usableReadings(
    client,
    { meterId, measurands: [measurand.name], ...(window?.load ?? range) },
    source,
  );
}

interface ContentAndIndex {
  readonly content: SealedContent;
  readonly indexStart: number | null;
  readonly indexEnd: number | null;
}

function contentOf(
  meter: IntervalMeter,
  measurand: Measurand,
  known: {
    readonly range: TimeRange;
    readonly series: IntervalSeries;
    readonly readings: ReadingSeries | null;
  },
): ContentAndIndex {
  const { range, series } = known;
  const bare: SealedContent = {
    form: 'wattproof/meter-day/1',
    meterId: meter.id,
    measurand: measurand.name,
    date: localDate(meter.timeZone, range.from_ms),
    timeZone: meter.timeZone,
    base_s: meter.base_ms / 1000,
    origin: meter.kind === 'virtual' ? 'sum' : 'kept',
    rules: null,
    events: [],
    readings: [],
    intervals: intervalsWithin(series, measurand, range),
  };
  const isGone = meter.goneBefore_ms !== null && range.from_ms < meter.goneBefore_ms;
  if (!known.readings || isGone) return { content: bare, indexStart: null, indexEnd: null };
  const column = { at_ms: known.readings.at_ms, values: known.readings.columns[0] ?? new Float64Array() };
  for (const margin of margins) {
    const content = withReadings(bare, meter, { range, readings: readingsAround(column, range, margin) });
    const { qualities, deltas, ...index } = recomputeDay(content);
    if (bare.intervals.every(([, quality, delta], i) => qualities[i] === quality && deltas[i] === delta))
      return { content, ...index };
  }
  // Judged in a wider context than the day's own readings: the intervals stand, and are not made again from these.
  const content = withReadings(bare, meter, { range, readings: readingsAround(column, range, 0) });
  return { content: { ...content, origin: 'kept' }, indexStart: null, indexEnd: null };
}

/**
 * Events and register of a day by its own readings: what happened before the first of them or after the last one is not
 * among them, so that the content stays the same whatever is declared, or built in, later on.
 */
function withReadings(
  bare: SealedContent,
  meter: IntervalMeter,
  { range, readings }: { readonly range: TimeRange; readonly readings: SealedContent['readings'] },
): SealedContent {
  const rules = counterRules(meter);
  const events = meter.events.get(bare.measurand) ?? [];
  const [first_ms, firstIndex] = readings[0] ?? [Number.POSITIVE_INFINITY, null];
  // Without a known reading before the day its index may begin with an event.
  const from_ms = firstIndex !== null && first_ms < range.from_ms ? first_ms : Number.NEGATIVE_INFINITY;
  const to_ms = readings[readings.length - 1]?.[0] ?? Number.NEGATIVE_INFINITY;
  return {
    ...bare,
    origin: 'readings',
    rules: {
      modulus: modulusAt(to_ms, events, rules.modulus),
      maxRate_per_s: rules.maxRate_per_s,
      gapLimit_ms: Number.isFinite(rules.gapLimit_ms) ? rules.gapLimit_ms : null,
      manual: rules.manual ?? false,
      resolution: rules.resolution ?? 1,
    },
    events: events.filter(({ at_ms }) => at_ms >= from_ms && at_ms <= to_ms).map(sealedEvent),
    readings,
  };
}

/** Modulus of the register that was there at an instant: the one before the next event that changed it. */
function modulusAt(at_ms: number, events: readonly CounterEvent[], now: number | null): number | null {
  const next = events.find((event) => event.at_ms > at_ms && event.modulusBefore !== undefined);
  return next?.modulusBefore === undefined ? now : next.modulusBefore;
}

const sealedEvent = ({
  kind,
  at_ms,
  closing,
  opening,
  modulusBefore,
}: CounterEvent): SealedContent['events'][number] => ({
  kind,
  at_ms,
  closing,
  opening,
  ...(modulusBefore === undefined ? {} : { modulusBefore }),
});

/** The days of one meter and measurand with what they rest on, in order; they lie within a month or so of each other. */
export async function daysWithContent(
  client: ClientBase,
  meter: IntervalMeter,
  rows: readonly DayToSeal[],
): Promise<DayWithContent[]> {
  const sorted = [...rows].sort((a, b) => a.start_ms - b.start_ms);
  const [first] = sorted;
  const last = sorted[sorted.length - 1];
  const measurand = first && findMeasurandById(first.measurandId);
  if (!first || !last || !measurand) return [];
  const whole = { from_ms: first.start_ms, to_ms: last.start_ms + last.duration_s * 1000 };
  const series = await readIntervals(client, { meterId: meter.id, measurandId: measurand.id, ...whole });
  const readings = await readingsOf(client, meter, measurand, whole);
  return sorted.map((row) => {
    const range = { from_ms: row.start_ms, to_ms: row.start_ms + row.duration_s * 1000 };
    const { content, indexStart, indexEnd } = contentOf(meter, measurand, { range, series, readings });
    const isCounter = measurand.kind === 'counter';
    return {
      row,
      content,
      day: {
        meterId: meter.id,
        measurand: measurand.name,
        date: content.date,
        start: new Date(row.start_ms).toISOString(),
        duration_s: row.duration_s,
        indexStart,
        indexEnd,
        delta: isCounter ? row.delta : null,
        mean: isCounter ? null : row.mean,
        n_measured: row.n_measured,
        n_interpolated: row.n_interpolated,
        n_estimated: row.n_estimated,
        n_manual: row.n_manual,
        n_missing: row.n_missing,
        contentHash: sealedContentHash(content),
      },
    };
  });
}
