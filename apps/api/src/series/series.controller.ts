import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Series, series, seriesQuery } from '@wattproof/contracts/api';
import type { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { SeriesService } from './series.service.ts';

@ApiTags('Series')
@Controller('series')
export class SeriesController {
  constructor(private readonly service: SeriesService) {}

  @Endpoint('GET /', {
    access: 'site:read',
    summary: 'Measurands of up to 20 meters over time, in the coarsest tier that fills a screen',
    answer: series,
  })
  read(
    @CalledBy() caller: Caller,
    @Query({ schema: seriesQuery }) query: z.infer<typeof seriesQuery>,
  ): Promise<Series> {
    return this.service.read(caller.scope, query);
  }
}
