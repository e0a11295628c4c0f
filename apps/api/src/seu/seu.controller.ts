import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  createSeuReview,
  localDate,
  type Seu,
  type SiteSeus,
  seu,
  seuBasis,
  siteSeus,
  updateSeu,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { SeuService } from './seu.service.ts';

const query = z.object({
  from: localDate,
  to: localDate,
  basis: seuBasis.default('energy'),
  threshold: z.coerce.number<string>().gt(0).max(1).default(0.8),
});

@ApiTags('Performance')
@Controller()
export class SeuController {
  constructor(private readonly service: SeuService) {}

  @Endpoint('GET /sites/:siteId/seus', {
    access: 'performance:read',
    summary: 'Pareto of a site’s uses by energy, cost, carbon or potential, and its significant energy uses',
    answer: siteSeus,
  })
  read(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Query({ schema: query }) wish: z.infer<typeof query>,
  ): Promise<SiteSeus> {
    return this.service.read(caller.scope, siteId, wish);
  }

  @Endpoint('POST /sites/:siteId/seu-reviews', {
    access: 'performance:write',
    summary: 'Ranks the uses anew and keeps which are significant, by which criteria and why',
    answer: siteSeus,
  })
  review(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Body({ schema: createSeuReview }) body: z.output<typeof createSeuReview>,
  ): Promise<SiteSeus> {
    return this.service.review(caller, siteId, body);
  }

  @Endpoint('PUT /seus/:seuId', {
    access: 'performance:write',
    summary: 'Operators, operating criteria, potential, variables and EnPI of a significant energy use',
    answer: seu,
  })
  update(
    @CalledBy() caller: Caller,
    @Param('seuId', { schema: uuid }) seuId: string,
    @Body({ schema: updateSeu }) body: z.output<typeof updateSeu>,
  ): Promise<Seu> {
    return this.service.update(caller, seuId, body);
  }
}
