import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  saveVirtualMeter,
  uuid,
  type VirtualMeter,
  type VirtualMeters,
  virtualMeter,
  virtualMeters,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { VirtualMeterService } from './virtual-meter.service.ts';

const meterParam = z.coerce.number<string>().int().positive().max(2_147_483_647);

@ApiTags('Virtual meters')
@Controller('sites/:siteId/virtual-meters')
export class VirtualMeterController {
  constructor(private readonly service: VirtualMeterService) {}

  @Endpoint('GET /', {
    access: 'site:read',
    summary: 'Signed sums of a site, sums that its structure suggests, and what a term may be',
    answer: virtualMeters,
  })
  list(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
  ): Promise<VirtualMeters> {
    return this.service.list(caller.scope, siteId);
  }

  @Endpoint('POST /', {
    access: 'meter:write',
    summary: 'Makes a signed sum of meters; refused where it contains itself or counts a kWh twice',
    answer: virtualMeter,
    status: 201,
  })
  create(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Body({ schema: saveVirtualMeter }) body: z.output<typeof saveVirtualMeter>,
  ): Promise<VirtualMeter> {
    return this.service.create(caller, siteId, body);
  }

  @Endpoint('PUT /:meterId', {
    access: 'meter:write',
    summary: 'Puts another definition in the place of a virtual meter’s; its intervals are computed anew',
    answer: virtualMeter,
  })
  replace(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Body({ schema: saveVirtualMeter }) body: z.output<typeof saveVirtualMeter>,
  ): Promise<VirtualMeter> {
    return this.service.replace(caller, { siteId, meterId, wish: body });
  }
}
