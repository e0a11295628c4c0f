import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type SiteConsumption, siteConsumption, siteConsumptionQuery, uuid } from '@wattproof/contracts/api';
import type { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { ConsumptionService } from './consumption.service.ts';

@ApiTags('Sites')
@Controller('sites')
export class ConsumptionController {
  constructor(private readonly service: ConsumptionService) {}

  @Endpoint('GET /:siteId/consumption', {
    access: 'site:read',
    summary:
      'Total and partial consumption by zone, panel, circuit, meter or use, with cost, share and quality',
    answer: siteConsumption,
  })
  read(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: siteConsumptionQuery }) query: z.infer<typeof siteConsumptionQuery>,
  ): Promise<SiteConsumption> {
    return this.service.read(caller.scope, siteId, query);
  }
}
