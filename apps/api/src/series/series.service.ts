import { Injectable } from '@nestjs/common';
import type { Series, seriesQuery } from '@wattproof/contracts/api';
import {
  type IntervalRow,
  listMeters,
  readIntervals,
  readReadingBuckets,
  type Scope,
} from '@wattproof/database/queries';
import { findMeasurand, type IntervalQuality, type Measurand, worstQuality } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import { type Range, requireRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { bucketWidth_s, chooseResolution, pointLimit } from './resolution.ts';

const longestRange_days = 20 * 366;
const longestRawRange_days = 31;

type OneSeries = Series['series'][number];
type MeterName = { readonly id: number; readonly name: string };

@Injectable()
export class SeriesService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, query: z.infer<typeof seriesQuery>): Promise<Series> {
    const measurand = findMeasurand(query.measurand);
    if (!measurand) throw new AppError('invalid', `There is no measurand ${query.measurand}`);
    const range = requireRange(query, query.resolution === 'raw' ? longestRawRange_days : longestRange_days);
    const length_s = (range.to.getTime() - range.from.getTime()) / 1_000;
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const meters = await this.requireMeters(client, scope, query.meters);
      const resolution = chooseResolution({
        wish: query.resolution,
        length_s,
        kind: measurand.kind,
        base_s: 900,
      });
      const series =
        resolution === 'raw'
          ? await this.rawSeries(client, scope, { meters, measurand, range, length_s })
          : await this.tierSeries(client, scope, { meters, measurand, range, tier: resolution });
      return {
        resolution,
        measurand: measurand.name,
        unit: measurand.unit,
        kind: measurand.kind,
        from: range.from.toISOString(),
        to: range.to.toISOString(),
        series,
      };
    });
  }

  /** In the order asked for. @throws AppError notFound naming the meters that the scope does not let see. */
  private async requireMeters(
    client: PoolClient,
    scope: Scope,
    ids: readonly number[],
  ): Promise<MeterName[]> {
    const found = new Map((await listMeters(client, scope, { meterIds: ids })).map((m) => [m.id, m]));
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length > 0) throw new AppError('notFound', `There is no meter ${missing.join(', ')}`);
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  private async tierSeries(
    client: PoolClient,
    scope: Scope,
    wanted: {
      readonly meters: readonly MeterName[];
      readonly measurand: Measurand;
      readonly range: Range;
      readonly tier: 'base' | 'hour' | 'day' | 'month';
    },
  ): Promise<OneSeries[]> {
    const { meters, measurand, range, tier } = wanted;
    const rows = await readIntervals(
      client,
      scope,
      tier,
      { meterIds: meters.map((m) => m.id), measurandId: measurand.id, ...range },
      meters.length * pointLimit,
    );
    const byMeter = Map.groupBy(rows, (row) => row.meterId);
    return meters.map((meter) => {
      const points = byMeter.get(meter.id) ?? [];
      return {
        ...columnsOf(meter, points),
        ...(measurand.kind === 'counter'
          ? { delta: points.map((p) => p.delta) }
          : {
              mean: points.map((p) => p.mean),
              min: points.map((p) => p.min),
              max: points.map((p) => p.max),
            }),
      };
    });
  }

  private async rawSeries(
    client: PoolClient,
    scope: Scope,
    wanted: {
      readonly meters: readonly MeterName[];
      readonly measurand: Measurand;
      readonly range: Range;
      readonly length_s: number;
    },
  ): Promise<OneSeries[]> {
    const { meters, measurand, range, length_s } = wanted;
    const width_s = bucketWidth_s(length_s);
    const rows = await readReadingBuckets(
      client,
      scope,
      { meterIds: meters.map((m) => m.id), ...range },
      measurand.name,
      width_s,
    );
    const byMeter = Map.groupBy(rows, (row) => row.meterId);
    return meters.map((meter) => {
      const points = byMeter.get(meter.id) ?? [];
      return {
        meterId: meter.id,
        name: meter.name,
        start: points.map((p) => new Date(p.start_ms).toISOString()),
        duration_s: points.map(() => (width_s > 1 ? width_s : 0)),
        mean: points.map((p) => p.mean),
        min: points.map((p) => p.min),
        max: points.map((p) => p.max),
        quality: points.map((p): IntervalQuality => (p.quality === 0 ? 'measured' : 'estimated')),
      };
    });
  }
}

const columnsOf = (meter: MeterName, points: readonly IntervalRow[]) => ({
  meterId: meter.id,
  name: meter.name,
  start: points.map((p) => new Date(p.start_ms).toISOString()),
  duration_s: points.map((p) => p.duration_s),
  quality: points.map((p) => worstQuality(p) ?? 'missing'),
});
