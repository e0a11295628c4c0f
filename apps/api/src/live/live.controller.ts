import { Controller, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { uuid } from '@wattproof/contracts/api';
import type { Response } from 'express';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { LiveService } from './live.service.ts';

@ApiTags('Live values')
@Controller('sites')
export class LiveController {
  constructor(private readonly service: LiveService) {}

  @Endpoint('GET /:siteId/live', {
    access: 'site:read',
    summary: 'Server-sent events: `latest` with the meters whose values changed, `ping` every 15 s',
    produces: 'text/event-stream',
  })
  live(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.service.stream(caller.scope, siteId, response);
  }
}
