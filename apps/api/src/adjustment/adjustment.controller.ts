import { Body, Controller, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type Adjustment,
  adjustment,
  adjustments,
  decideAdjustment,
  evidenceMediaTypes,
  saveAdjustment,
  uuid,
} from '@wattproof/contracts/api';
import type { Response } from 'express';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { AdjustmentService } from './adjustment.service.ts';

const query = z.object({ siteId: uuid.optional() });
const fileQuery = z.object({ fileName: z.string().trim().min(1).max(200) });

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

  @Endpoint('POST /:adjustmentId/files', {
    access: 'performance:write',
    summary: 'Keeps a file as evidence with the dossier; its SHA-256 stands beside it',
    answer: adjustment,
    status: 201,
  })
  @ApiConsumes(...evidenceMediaTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  addFile(
    @CalledBy() caller: Caller,
    @Param('adjustmentId', { schema: uuid }) adjustmentId: string,
    @Query({ schema: fileQuery }) { fileName }: z.infer<typeof fileQuery>,
    @Headers('content-type') contentType: string | undefined,
    @Body() content: unknown,
  ): Promise<Adjustment> {
    const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    return this.service.addFile(caller, adjustmentId, { fileName, mediaType, content });
  }

  @Endpoint('GET /:adjustmentId/files/:fileId', {
    access: 'performance:read',
    summary: 'A file of a dossier, byte for byte as it was added',
    produces: 'application/octet-stream',
  })
  file(
    @CalledBy() caller: Caller,
    @Param('adjustmentId', { schema: uuid }) adjustmentId: string,
    @Param('fileId', { schema: uuid }) fileId: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.service.file(caller.scope, { adjustmentId, fileId }, response);
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
