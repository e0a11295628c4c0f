import { Controller, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Endpoint } from '../http/endpoint.ts';
import { HealthService } from './health.service.ts';

const part = z.enum(['up', 'down']);
/** GET /health */
export const health = z.object({
  status: z.enum(['ready', 'degraded', 'notReady']),
  database: part,
  redis: part,
  broker: part,
});
export type Health = z.infer<typeof health>;

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly service: HealthService) {}

  @Endpoint('GET /', {
    access: 'public',
    summary: 'Readiness: 200 while the database answers, 503 otherwise; Redis or broker away is degraded',
    answer: health,
  })
  async read(@Res({ passthrough: true }) response: Response): Promise<Health> {
    const found = await this.service.check();
    response.status(found.status === 'notReady' ? 503 : 200);
    return found;
  }
}
