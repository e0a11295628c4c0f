import { Injectable } from '@nestjs/common';
import type { HeatMap, heatMapQuery } from '@wattproof/contracts/api';
import type { Scope } from '@wattproof/database/queries';
import {
  heatMap,
  type IntervalQuality,
  intervalQualities,
  intervalQualityCode,
  loadUnit,
  qualityCounts,
  ratePerHour,
  worstQuality,
} from '@wattproof/energy';
import type { z } from 'zod';
import { sharesOf } from '../figure/quality.ts';
import { localRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import {
  countsOfColumns,
  known,
  ownMeasurand,
  requireSeriesMeters,
  type SeriesColumns,
  seriesColumns,
} from './series-columns.ts';

const longestRange_days = 400;
const hour_s = 3_600;

@Injectable()
export class HeatMapService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, query: z.infer<typeof heatMapQuery>): Promise<HeatMap> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const [meter] = await requireSeriesMeters(client, scope, [query.meter]);
      if (!meter) throw new Error('a meter that was found is not there');
      const measurand = ownMeasurand(meter, query.measurand);
      const range = localRange(query, { timeZone: meter.timeZone, longest_days: longestRange_days });
      const slot_s = query.slot === 'hour' ? hour_s : meter.base_s;
      const [series] = await seriesColumns(client, scope, {
        meters: [meter],
        measurands: [measurand],
        tier: query.slot,
        range,
        // A clock change may bring an hour more.
        limit: (longestRange_days + 1) * (86_400 / slot_s),
      });
      if (!series) throw new Error('a series that was asked for is not there');
      const { columns } = series;
      const loads = loadsOf(series);
      const map = heatMap(
        { ...columns, value: loads, quality: classesOf(series) },
        { timeZone: meter.timeZone, from: query.from, to: query.to, slot_s },
      );
      return {
        meterId: meter.id,
        name: meter.name,
        measurand: measurand.name,
        kind: measurand.kind,
        unit: loadUnit(measurand),
        timeZone: meter.timeZone,
        source: series.source,
        from: query.from,
        to: query.to,
        slot_s,
        days: [...map.days],
        slots: [...map.slots],
        values: map.value.map(known),
        quality: map.quality.map((row) =>
          Array.from(row, (code): IntervalQuality | null => intervalQualities[code] ?? null),
        ),
        clockChanges: [...map.clockChanges],
        lowest: extremeOf(map, (value, best) => value < best),
        highest: extremeOf(map, (value, best) => value > best),
        shares: sharesOf(countsOfColumns(columns)),
      };
    });
  }
}

/** Mean load of every interval: the rate of a counter, the mean of a gauge. */
export const loadsOf = ({ measurand, columns }: SeriesColumns): Float64Array =>
  measurand.kind === 'counter'
    ? columns.delta.map((delta, i) => ratePerHour(delta, columns.duration_s[i] as number))
    : columns.mean;

const classesOf = ({ columns }: SeriesColumns): number[] =>
  Array.from(columns.start_ms, (_, i) =>
    intervalQualityCode(worstQuality(qualityCounts(columns, i)) ?? 'missing'),
  );

function extremeOf(
  map: ReturnType<typeof heatMap>,
  isBetter: (value: number, best: number) => boolean,
): HeatMap['highest'] {
  let best: HeatMap['highest'] = null;
  for (const [row, cells] of map.value.entries())
    for (const [slot, value] of cells.entries())
      if (!Number.isNaN(value) && (best === null || isBetter(value, best.value)))
        best = { value, day: map.days[row] as string, slot: map.slots[slot] as string };
  return best;
}
