import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  closePeriod,
  explainRestatement,
  knownAtQuery,
  monthParameter,
  type PeriodDetail,
  type Periods,
  periodDetail,
  periods,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { PeriodService } from './period.service.ts';

const seal = z.coerce.number().int().positive();

@ApiTags('Periods')
@Controller()
export class PeriodController {
  constructor(private readonly service: PeriodService) {}

  @Endpoint('GET /sites/:siteId/periods', {
    access: 'audit:read',
    summary: 'Months of a site: what is sealed, signed off and restated',
    answer: periods,
  })
  list(@CalledBy() caller: Caller, @Param('siteId', { schema: uuid }) siteId: string): Promise<Periods> {
    return this.service.list(caller.scope, siteId);
  }

  @Endpoint('GET /sites/:siteId/periods/:month', {
    access: 'audit:read',
    summary:
      'Figures of a month as they were known at an instant and as they are known now, with what changed between',
    answer: periodDetail,
  })
  detail(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Param('month', { schema: monthParameter }) month: string,
    @Query({ schema: knownAtQuery }) query: z.infer<typeof knownAtQuery>,
  ): Promise<PeriodDetail> {
    return this.service.detail(caller.scope, siteId, { month, knownAt: query.knownAt });
  }

  @Endpoint('POST /sites/:siteId/periods/:month/close', {
    access: 'audit:write',
    summary: 'Signs a month off: its figures enter the chain of records; later changes are restatements',
    answer: periods,
  })
  close(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Param('month', { schema: monthParameter }) month: string,
    @Body({ schema: closePeriod }) body: z.infer<typeof closePeriod>,
  ): Promise<Periods> {
    return this.service.close(caller, siteId, { month, note: body.note });
  }

  @Endpoint('PUT /sites/:siteId/restatements/:seal/explanation', {
    access: 'audit:write',
    status: 204,
    summary: 'Says in words why a sealed day was restated; earlier words stay in the chain',
  })
  explain(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Param('seal', { schema: seal }) of: number,
    @Body({ schema: explainRestatement }) body: z.infer<typeof explainRestatement>,
  ): Promise<void> {
    return this.service.explain(caller, siteId, { seal: of, text: body.text });
  }
}
