import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  instant,
  type Meter,
  type MeterDetail,
  type MeterStatistics,
  meterDetail,
  meterStatistics,
  meters,
  type Readings,
  readings,
  statisticsQuery,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { MeterService } from './meter.service.ts';
import { StatisticsService } from './statistics.service.ts';

const meterParam = z.coerce.number<string>().int().positive().max(2_147_483_647);
const metersQuery = z.object({ siteId: uuid.optional() });
const readingsQuery = z.object({
  from: instant,
  to: instant,
  limit: z.coerce.number<string>().int().min(1).max(5_000).default(500),
});

@ApiTags('Meters')
@Controller('meters')
export class MeterController {
  constructor(
    private readonly service: MeterService,
    private readonly statisticsService: StatisticsService,
  ) {}

  @Endpoint('GET /', { access: 'site:read', summary: 'Meters with their newest values', answer: meters })
  async list(
    @CalledBy() caller: Caller,
    @Query({ schema: metersQuery }) query: z.infer<typeof metersQuery>,
  ): Promise<{ meters: Meter[] }> {
    return { meters: await this.service.list(caller.scope, query) };
  }

  @Endpoint('GET /:meterId', {
    access: 'site:read',
    summary: 'One meter with its events, terms and keys',
    answer: meterDetail,
  })
  detail(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
  ): Promise<MeterDetail> {
    return this.service.detail(caller.scope, meterId);
  }

  @Endpoint('GET /:meterId/readings', {
    access: 'site:read',
    summary: 'Raw readings of a stretch of at most 31 days, newest first',
    answer: readings,
  })
  readings(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Query({ schema: readingsQuery }) query: z.infer<typeof readingsQuery>,
  ): Promise<Readings> {
    return this.service.readings(caller.scope, meterId, query);
  }

  @Endpoint('GET /:meterId/statistics', {
    access: 'site:read',
    summary:
      'Every measurand of a meter over a stretch of at most 93 days: last, lowest, highest, mean, quality',
    answer: meterStatistics,
  })
  statistics(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Query({ schema: statisticsQuery }) query: z.infer<typeof statisticsQuery>,
  ): Promise<MeterStatistics> {
    return this.statisticsService.read(caller.scope, meterId, query);
  }
}
