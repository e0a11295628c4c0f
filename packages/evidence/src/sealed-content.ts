/**
 * What a sealed meter-day rests on: its readings, the settings that judge them, and the intervals made of them. The
 * canonical text of it is hashed into the day's leaf; a bundle carries the text itself for the days of its sample, and
 * whoever has it makes the intervals again.
 */
import {
  type CounterEvent,
  type CounterRules,
  counterIntervals,
  intervalQualities,
  type QualityCounts,
} from '@wattproof/energy';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { MeterDay } from './meter-day.ts';
import { sha256Hex } from './sha256.ts';

const integerOrNull = z.int().nullable();

export const sealedContent = z.strictObject({
  form: z.literal('wattproof/meter-day/1'),
  meterId: z.int(),
  measurand: z.string(),
  date: z.string(),
  timeZone: z.string(),
  base_s: z.int(),
  /**
   * readings: the intervals follow from the readings; sum: they are a signed sum of other meters' intervals; kept: the
   * readings are gone or were judged in a wider context, the intervals stand as they were.
   */
  origin: z.enum(['readings', 'sum', 'kept']),
  /** null: no limit. */
  rules: z
    .strictObject({
      modulus: integerOrNull,
      maxRate_per_s: z.number().nullable(),
      gapLimit_ms: z.number().nullable(),
      manual: z.boolean(),
      resolution: z.number(),
    })
    .nullable(),
  events: z.array(
    z.strictObject({
      kind: z.enum(['replacement', 'reset', 'ratioChange']),
      at_ms: z.number(),
      closing: integerOrNull,
      opening: integerOrNull,
      modulusBefore: integerOrNull.optional(),
    }),
  ),
  /** [instant ms, value]; the ones around the day's ends too, as far as they decide about it. null: not usable. */
  readings: z.array(z.tuple([z.number(), z.number().nullable()])),
  /** [start ms, code of the quality class, delta or mean]. */
  intervals: z.array(z.tuple([z.number(), z.int(), z.number().nullable()])),
});
export type SealedContent = z.infer<typeof sealedContent>;

export const sealedContentText = (content: SealedContent): string => canonicalJson(content);
export const sealedContentHash = (content: SealedContent): string =>
  sha256Hex(new TextEncoder().encode(sealedContentText(content)));

/** Where the readings of a sampled day stand in a bundle. */
export const sampleName = (day: Pick<MeterDay, 'meterId' | 'measurand' | 'date' | 'version'>): string =>
  `data/samples/${day.meterId}-${day.measurand}-${day.date}-v${day.version}.json`;

const counterRulesOf = (rules: NonNullable<SealedContent['rules']>): CounterRules => ({
  modulus: rules.modulus,
  maxRate_per_s: rules.maxRate_per_s,
  gapLimit_ms: rules.gapLimit_ms ?? Number.POSITIVE_INFINITY,
  manual: rules.manual,
  resolution: rules.resolution,
});

const eventsOf = (content: SealedContent): readonly CounterEvent[] =>
  content.events.map(({ modulusBefore, ...event }) => ({
    ...event,
    ...(modulusBefore === undefined ? {} : { modulusBefore }),
  }));

export interface RecomputedDay {
  readonly indexStart: number | null;
  readonly indexEnd: number | null;
  /** In the order of the content's intervals; null where missing. */
  readonly deltas: readonly (number | null)[];
  readonly qualities: readonly number[];
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** Intervals and boundary indices of the day, made from its readings by the same function that made them first. */
export function recomputeDay(content: SealedContent): RecomputedDay {
  const starts = content.intervals.map(([start_ms]) => start_ms);
  const last = starts[starts.length - 1];
  if (last === undefined || content.rules === null)
    return { indexStart: null, indexEnd: null, deltas: [], qualities: [] };
  const boundaries_ms = [...starts, last + content.base_s * 1000];
  const result = counterIntervals({
    at_ms: content.readings.map(([at_ms]) => at_ms),
    index: content.readings.map(([, index]) => index),
    rules: counterRulesOf(content.rules),
    events: eventsOf(content),
    boundaries_ms,
  });
  return {
    indexStart: orNull(result.boundaryIndex[0]),
    indexEnd: orNull(result.boundaryIndex[boundaries_ms.length - 1]),
    deltas: starts.map((_, i) => orNull(result.delta[i])),
    qualities: starts.map((_, i) => result.quality[i] as number),
  };
}

export const countNames = intervalQualities.map((quality) => `n_${quality}` as keyof QualityCounts);

/** First thing in which a sampled day disagrees with its leaf or with itself; null where it agrees. */
export function contentFault(content: SealedContent, day: MeterDay): string | null {
  if (content.meterId !== day.meterId || content.measurand !== day.measurand || content.date !== day.date)
    return 'it is of another meter-day';
  if (sealedContentHash(content) !== day.contentHash) return 'its hash is not the one that was sealed';
  const values = content.intervals.flatMap(([, , value]) => (value === null ? [] : [value]));
  if (day.delta !== null && values.reduce((sum, value) => sum + value, 0) !== day.delta)
    return 'its intervals do not add up to the day';
  for (const [code, name] of countNames.entries()) {
    if (name === 'n_missing') continue;
    const n = content.intervals.filter(([, quality]) => quality === code).length;
    if (n !== day[name]) return `${n} intervals are ${name.slice(2)}, the day says ${day[name]}`;
  }
  if (content.origin !== 'readings') return null;
  const again = recomputeDay(content);
  for (const [i, [start_ms, quality, delta]] of content.intervals.entries())
    if (again.deltas[i] !== delta || again.qualities[i] !== quality)
      return `the interval at ${new Date(start_ms).toISOString()} is ${String(again.deltas[i])} by its readings, not ${String(delta)}`;
  if (again.indexStart !== day.indexStart || again.indexEnd !== day.indexEnd)
    return 'the index at an end of the day is not the one that its readings give';
  return null;
}
