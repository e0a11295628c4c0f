import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type Adjustment,
  adjustment,
  adjustments,
  decideAdjustment,
  saveAdjustment,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { AdjustmentService } from './adjustment.service.ts';

const query = z.object({ siteId: uuid.optional() });

@ApiTags('Performance')
@Controller('adjustments')
export class AdjustmentController {
  constructor(private readonly service: AdjustmentService) {}

  @Endpoint('GET /', {
    access: 'performance:read',
    summary: 'Dossiers of non-routine adjustments with their effect on every EnPI',
    answer: adjustments,
  })
  async list(
    @CalledBy() caller: Caller,
    @Query({ schema: query }) { siteId }: z.infer<typeof query>,
  ): Promise<{ adjustments: Adjustment[] }> {
    return { adjustments: await this.service.list(caller.scope, siteId) };
  }

  @Endpoint('POST /preview', {
    access: 'performance:read',
    summary: 'What an adjustment would do to every EnPI; nothing is stored',
    answer: adjustment,
  })
  preview(
    @CalledBy() caller: Caller,
    @Body({ schema: saveAdjustment }) body: z.output<typeof saveAdjustment>,
  ): Promise<Adjustment> {
    return this.service.preview(caller, body);
  }

  @Endpoint('POST /', {
    access: 'performance:write',
    summary: 'Proposes a non-routine adjustment: event, evidence, method, effects',
    answer: adjustment,
    status: 201,
  })
  propose(
    @CalledBy() caller: Caller,
    @Body({ schema: saveAdjustment }) body: z.output<typeof saveAdjustment>,
  ): Promise<Adjustment> {
    return this.service.propose(caller, body);
  }

  @Endpoint('POST /:adjustmentId/decision', {
    access: 'performance:write',
    summary: 'Approves, refuses or withdraws an adjustment; an approved one is in the figures',
    answer: adjustment,
  })
  decide(
    @CalledBy() caller: Caller,
    @Param('adjustmentId', { schema: uuid }) adjustmentId: string,
    @Body({ schema: decideAdjustment }) body: z.output<typeof decideAdjustment>,
  ): Promise<Adjustment> {
    return this.service.decide(caller, adjustmentId, body);
  }
}
