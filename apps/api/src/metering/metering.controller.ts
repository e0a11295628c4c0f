import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type BillingPeriods,
  billingPeriods,
  localDate,
  measurandName,
  type SiteMetering,
  saveSiteMetering,
  siteMetering,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { BillingPeriodService } from './billing-period.service.ts';
import { MeteringService } from './metering.service.ts';

const meterParam = z.coerce.number<string>().int().positive().max(2_147_483_647);
const periodsQuery = z.object({
  from: localDate,
  to: localDate,
  day: z.coerce.number<string>().int().min(1).max(31).optional(),
  deliveryPointId: uuid.optional(),
  measurand: measurandName.optional(),
});

@ApiTags('Metering')
@Controller()
export class MeteringController {
  constructor(
    private readonly service: MeteringService,
    private readonly periods: BillingPeriodService,
  ) {}

  @Endpoint('GET /sites/:siteId/metering', {
    access: 'site:read',
    summary: 'Base interval and billing day of a site and its delivery points',
    answer: siteMetering,
  })
  read(@CalledBy() caller: Caller, @Param('siteId', { schema: uuid }) siteId: string): Promise<SiteMetering> {
    return this.service.read(caller.scope, siteId);
  }

  @Endpoint('PUT /sites/:siteId/metering', {
    access: 'meter:write',
    summary: 'Sets base interval and billing days; another base interval computes all intervals anew',
    answer: siteMetering,
  })
  save(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Body({ schema: saveSiteMetering }) body: z.output<typeof saveSiteMetering>,
  ): Promise<SiteMetering> {
    return this.service.save(caller, siteId, body);
  }

  @Endpoint('GET /meters/:meterId/billing-periods', {
    access: 'site:read',
    summary: 'Consumption and peak demand by billing period in the site’s time zone, at most 37 periods',
    answer: billingPeriods,
  })
  readPeriods(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Query({ schema: periodsQuery }) query: z.infer<typeof periodsQuery>,
  ): Promise<BillingPeriods> {
    return this.periods.read(caller.scope, meterId, query);
  }
}
