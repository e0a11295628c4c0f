import { Controller, Header, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type DurationCurves,
  durationCurveQuery,
  durationCurves,
  type HeatMap,
  heatMap,
  heatMapQuery,
  series,
  seriesQuery,
} from '@wattproof/contracts/api';
import type { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { DurationCurveService } from './duration-curve.service.ts';
import { HeatMapService } from './heat-map.service.ts';
import { SeriesService } from './series.service.ts';

@ApiTags('Series')
@Controller('series')
export class SeriesController {
  constructor(
    private readonly service: SeriesService,
    private readonly heatMaps: HeatMapService,
    private readonly curves: DurationCurveService,
  ) {}

  @Endpoint('GET /', {
    access: 'site:read',
    summary: 'Measurands of up to 20 meters over time, in the coarsest tier that fills a screen',
    answer: series,
  })
  @Header('content-type', 'application/json; charset=utf-8')
  read(
    @CalledBy() caller: Caller,
    @Query({ schema: seriesQuery }) query: z.infer<typeof seriesQuery>,
  ): Promise<string> {
    return this.service.read(caller.scope, query);
  }

  @Endpoint('GET /heat-map', {
    access: 'site:read',
    summary: 'Load by local day and time of day, over up to 400 days',
    answer: heatMap,
  })
  heatMap(
    @CalledBy() caller: Caller,
    @Query({ schema: heatMapQuery }) query: z.infer<typeof heatMapQuery>,
  ): Promise<HeatMap> {
    return this.heatMaps.read(caller.scope, query);
  }

  @Endpoint('GET /duration-curve', {
    access: 'site:read',
    summary: 'Sorted load with hours and quantiles, of up to 6 meters',
    answer: durationCurves,
  })
  durationCurve(
    @CalledBy() caller: Caller,
    @Query({ schema: durationCurveQuery }) query: z.infer<typeof durationCurveQuery>,
  ): Promise<DurationCurves> {
    return this.curves.read(caller.scope, query);
  }
}
