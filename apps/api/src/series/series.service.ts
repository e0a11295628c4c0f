import { Injectable } from '@nestjs/common';
import type { Series, seriesQuery } from '@wattproof/contracts/api';
import { readSeriesPoints, type Scope, type SeriesMeterRow, seriesKey } from '@wattproof/database/queries';
import {
  counterIntervals,
  type IntervalQuality,
  intervalQualities,
  type Measurand,
  qualityCounts,
  thinReadings,
  worstQuality,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import { noCounts, sharesOf } from '../figure/quality.ts';
import { type Range, requireRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { instants } from './instants.ts';
import { chooseResolution, pointsOfEach, type Resolution, resolutionOfWish } from './resolution.ts';
import {
  countsOfColumns,
  isKept,
  known,
  rawReadings,
  readingBudget,
  requireMeasurand,
  requireSeriesMeters,
  type SeriesColumns,
  seriesColumns,
} from './series-columns.ts';
import { seriesText } from './series-text.ts';

const longestRange_days = 20 * 366;
const longestRawRange_days = 31;

type OneSeries = Series['series'][number];

@Injectable()
export class SeriesService {
  constructor(private readonly resources: Resources) {}

  /** The answer as JSON text. */
  async read(scope: Scope, query: z.infer<typeof seriesQuery>): Promise<string> {
    const measurands = namesOf(query).map(requireMeasurand);
    const range = requireRange(query, query.resolution === 'raw' ? longestRawRange_days : longestRange_days);
    return (
      (await this.keptSeries(scope, query, { measurands, range })) ??
      JSON.stringify(await this.anySeries(scope, query, { measurands, range }))
    );
  }

  /**
   * Kept intervals that need nothing but to be read, which is what most charts ask for: one statement, and the text of its
   * columns as it is. Undefined where any part of the answer needs more.
   */
  private async keptSeries(
    scope: Scope,
    query: z.infer<typeof seriesQuery>,
    { measurands, range }: Asked,
  ): Promise<string | undefined> {
    const [first] = measurands as [Measurand, ...Measurand[]];
    if (measurands.some((m) => m.kind !== first.kind)) return undefined;
    const limit = pointsOfEach(query.meters.length * measurands.length);
    const tier = resolutionOfWish({
      wish: query.resolution,
      length_s: lengthOf(range),
      mayBeRaw: first.kind === 'gauge',
      points: query.points,
      limit,
    });
    if (tier === undefined) return undefined;
    const found = await readSeriesPoints(this.resources.database, scope, {
      tier,
      kind: first.kind,
      meterIds: query.meters,
      measurandIds: measurands.map((m) => m.id),
      ...range,
      limit,
    });
    const byKey = new Map(found.map((points) => [seriesKey(points.meter.id, points.measurandId), points]));
    const texts: string[] = [];
    for (const meterId of query.meters)
      for (const measurand of measurands) {
        const points = byKey.get(seriesKey(meterId, measurand.id));
        const text = points && isKept(points.meter, measurand) ? seriesText(points, measurand) : undefined;
        if (text === undefined) return undefined;
        texts.push(text);
      }
    const head = headOfAnswer(tier, first, range, found.find((p) => p.meter.id === query.meters[0])?.meter);
    return `${JSON.stringify(head).slice(0, -1)},"series":[${texts.join()}]}`;
  }

  private anySeries(
    scope: Scope,
    query: z.infer<typeof seriesQuery>,
    { measurands, range }: Asked,
  ): Promise<Series> {
    const [first] = measurands as [Measurand, ...Measurand[]];
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const meters = await requireSeriesMeters(client, scope, query.meters);
      const limit = pointsOfEach(meters.length * measurands.length);
      const resolution = chooseResolution({
        wish: query.resolution,
        length_s: lengthOf(range),
        mayBeRaw: measurands.every((m) => m.kind === 'gauge') && meters.every((m) => m.kind === 'physical'),
        base_s: Math.min(...meters.map((m) => m.base_s)),
        points: query.points,
        limit,
      });
      const wanted = { meters, measurands, range, limit };
      return {
        ...headOfAnswer(resolution, first, range, meters[0]),
        series:
          resolution === 'raw'
            ? await rawSeries(client, scope, wanted)
            : (await seriesColumns(client, scope, { ...wanted, tier: resolution })).map(tierSeries),
      };
    });
  }
}

interface Asked {
  readonly measurands: readonly Measurand[];
  readonly range: Range;
}

const lengthOf = ({ from, to }: Range): number => (to.getTime() - from.getTime()) / 1_000;

const headOfAnswer = (
  resolution: Resolution,
  first: Measurand,
  range: Range,
  meter: SeriesMeterRow | undefined,
): Omit<Series, 'series'> => ({
  resolution,
  measurand: first.name,
  unit: first.unit,
  kind: first.kind,
  from: range.from.toISOString(),
  to: range.to.toISOString(),
  timeZone: meter?.timeZone ?? 'UTC',
});

const namesOf = ({ measurand, measurands }: z.infer<typeof seriesQuery>): readonly string[] =>
  measurands ?? (measurand === undefined ? [] : [measurand]);

const headOf = (meter: SeriesMeterRow, measurand: Measurand) => ({
  meterId: meter.id,
  name: meter.name,
  measurand: measurand.name,
  unit: measurand.unit,
  kind: measurand.kind,
  timeZone: meter.timeZone,
  base_s: meter.base_s,
});

function tierSeries({ meter, measurand, source, columns }: SeriesColumns): OneSeries {
  return {
    ...headOf(meter, measurand),
    source,
    start: instants(columns.start_ms),
    duration_s: Array.from(columns.duration_s),
    ...(measurand.kind === 'counter'
      ? { delta: known(columns.delta) }
      : { mean: known(columns.mean), min: known(columns.min), max: known(columns.max) }),
    quality: Array.from(
      columns.start_ms,
      (_, i): IntervalQuality => worstQuality(qualityCounts(columns, i)) ?? 'missing',
    ),
    shares: sharesOf(countsOfColumns(columns)),
  };
}

interface RawWanted {
  readonly meters: readonly SeriesMeterRow[];
  readonly measurands: readonly Measurand[];
  readonly range: Range;
  readonly limit: number;
}

async function rawSeries(
  client: PoolClient,
  scope: Scope,
  { meters, measurands, range, limit }: RawWanted,
): Promise<OneSeries[]> {
  const budget = readingBudget();
  const answer: OneSeries[] = [];
  for (const meter of meters) {
    const readings = await rawReadings(client, scope, { meterId: meter.id, measurands, range }, budget);
    for (const [i, measurand] of measurands.entries()) {
      const raw = {
        at_ms: readings.at_ms,
        quality: readings.quality,
        value: readings.columns[i] ?? new Float64Array(),
      };
      answer.push({
        ...headOf(meter, measurand),
        source: 'readings',
        ...(measurand.kind === 'counter' ? differences(raw, limit) : singleReadings(raw, range, limit)),
      });
    }
  }
  return answer;
}

interface RawColumns {
  readonly at_ms: Float64Array;
  readonly value: Float64Array;
  readonly quality: Uint8Array;
}
type RawPoints = Omit<OneSeries, keyof ReturnType<typeof headOf> | 'source'>;

function singleReadings(raw: RawColumns, range: Range, limit: number): RawPoints {
  const points = thinReadings(raw, { from_ms: range.from.getTime(), to_ms: range.to.getTime(), limit });
  const quality = points.quality.map((code): IntervalQuality => (code === 0 ? 'measured' : 'estimated'));
  return {
    start: instants(points.start_ms),
    duration_s: points.duration_s,
    mean: points.mean,
    min: points.min,
    max: points.max,
    quality,
    shares: sharesOfPoints(quality),
  };
}

/** What a counter went on by from reading to reading; over several at once where they are too many, exactly. */
function differences({ at_ms, value }: RawColumns, limit: number): RawPoints {
  const seen = at_ms.filter((_, i) => !Number.isNaN(value[i] as number));
  const step = Math.max(1, Math.ceil((seen.length - 1) / limit));
  const boundaries = seen.filter((_, i) => i % step === 0 || i === seen.length - 1);
  const counted = counterIntervals({
    at_ms,
    index: value,
    rules: { modulus: null, maxRate_per_s: null, gapLimit_ms: Number.POSITIVE_INFINITY },
    boundaries_ms: boundaries,
  });
  const quality = Array.from(
    counted.quality,
    (code): IntervalQuality => intervalQualities[code] ?? 'missing',
  );
  return {
    start: instants(boundaries.slice(0, -1)),
    duration_s: Array.from(boundaries.slice(0, -1), (at, i) => ((boundaries[i + 1] as number) - at) / 1_000),
    delta: known(counted.delta),
    quality,
    shares: sharesOfPoints(quality),
  };
}

const sharesOfPoints = (quality: readonly IntervalQuality[]) => {
  const of = (name: IntervalQuality): number => quality.filter((q) => q === name).length;
  return sharesOf({
    ...noCounts,
    n_measured: of('measured'),
    n_interpolated: of('interpolated'),
    n_estimated: of('estimated'),
    n_missing: of('missing'),
  });
};
