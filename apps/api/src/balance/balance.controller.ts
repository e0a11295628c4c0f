import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type SiteBalance,
  type SiteCompleteness,
  siteBalance,
  siteCompleteness,
  uuid,
} from '@wattproof/contracts/api';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { BalanceService } from './balance.service.ts';
import { CompletenessService } from './completeness.service.ts';
import { type DateRange, dateRange } from './date-range.ts';

@ApiTags('Balance')
@Controller('sites/:siteId')
export class BalanceController {
  constructor(
    private readonly balance: BalanceService,
    private readonly completeness: CompletenessService,
  ) {}

  @Endpoint('GET /balance', {
    access: 'site:read',
    summary:
      'Mains and what is below them: residual, tolerance from accuracy classes, verdict and its reason',
    answer: siteBalance,
  })
  readBalance(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: dateRange }) query: DateRange,
  ): Promise<SiteBalance> {
    return this.balance.read(caller.scope, siteId, query);
  }

  @Endpoint('GET /completeness', {
    access: 'site:read',
    summary: 'What is measured by zone, feeder above 80 A and use, by which meter, and what is not',
    answer: siteCompleteness,
  })
  readCompleteness(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: dateRange }) query: DateRange,
  ): Promise<SiteCompleteness> {
    return this.completeness.read(caller.scope, siteId, query);
  }
}
