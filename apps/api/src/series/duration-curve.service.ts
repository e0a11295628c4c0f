import { Injectable } from '@nestjs/common';
import type { DurationCurves, durationCurveQuery } from '@wattproof/contracts/api';
import type { Scope } from '@wattproof/database/queries';
import { durationCurve, loadUnit } from '@wattproof/energy';
import type { z } from 'zod';
import { sharesOf } from '../figure/quality.ts';
import { requireRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { loadsOf } from './heat-map.service.ts';
import {
  countsOfColumns,
  ownMeasurand,
  requireSeriesMeters,
  type SeriesColumns,
  seriesColumns,
} from './series-columns.ts';

const longestRange_days = 400;

type Curve = DurationCurves['curves'][number];

@Injectable()
export class DurationCurveService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, query: z.infer<typeof durationCurveQuery>): Promise<DurationCurves> {
    const range = requireRange(query, longestRange_days);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const meters = await requireSeriesMeters(client, scope, query.meters);
      const curves: Curve[] = [];
      for (const meter of meters) {
        const series = await seriesColumns(client, scope, {
          meters: [meter],
          measurands: [ownMeasurand(meter, query.measurand)],
          tier: 'base',
          range,
          limit: Math.ceil((longestRange_days * 86_400) / meter.base_s),
        });
        curves.push(...series.map((one) => curveOf(one, query.points)));
      }
      return { from: range.from.toISOString(), to: range.to.toISOString(), curves };
    });
  }
}

function curveOf(series: SeriesColumns, points: number): Curve {
  const { meter, measurand, columns, source } = series;
  const { lowest, highest, ...curve } = durationCurve({ ...columns, value: loadsOf(series) }, points);
  const extreme = (found: typeof lowest): Curve['lowest'] =>
    found && { value: found.value, start: new Date(found.start_ms).toISOString() };
  return {
    meterId: meter.id,
    name: meter.name,
    measurand: measurand.name,
    unit: loadUnit(measurand),
    timeZone: meter.timeZone,
    source,
    base_s: meter.base_s,
    ...curve,
    value: [...curve.value],
    hours: [...curve.hours],
    quantiles: [...curve.quantiles],
    lowest: extreme(lowest),
    highest: extreme(highest),
    shares: sharesOf(countsOfColumns(columns)),
  };
}
