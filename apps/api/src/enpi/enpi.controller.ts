import { Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type EnpiDetail, type EnpiSummary, enpiDetail, enpis, uuid } from '@wattproof/contracts/api';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { EnpiService } from './enpi.service.ts';

@ApiTags('Performance')
@Controller('enpis')
export class EnpiController {
  constructor(private readonly service: EnpiService) {}

  @Endpoint('GET /', { access: 'performance:read', summary: 'EnPIs with their savings', answer: enpis })
  async list(@CalledBy() caller: Caller): Promise<{ enpis: EnpiSummary[] }> {
    return { enpis: await this.service.list(caller.scope) };
  }

  @Endpoint('GET /:enpiId', {
    access: 'performance:read',
    summary: 'One EnPI: baseline model, candidates, months, days with CUSUM',
    answer: enpiDetail,
  })
  detail(@CalledBy() caller: Caller, @Param('enpiId', { schema: uuid }) enpiId: string): Promise<EnpiDetail> {
    return this.service.detail(caller.scope, enpiId);
  }
}
