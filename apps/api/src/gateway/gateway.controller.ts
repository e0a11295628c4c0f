import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type EnrolGateway,
  type EnrolledGateway,
  enrolGateway,
  enrolledGateway,
  type Gateway,
  gateway,
  gateways,
} from '@wattproof/contracts/api';
import { gatewayIdPattern } from '@wattproof/contracts/mqtt';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { GatewayService } from './gateway.service.ts';

const gatewayParam = z.string().regex(gatewayIdPattern);

@ApiTags('Gateways')
@Controller('gateways')
export class GatewayController {
  constructor(private readonly service: GatewayService) {}

  @Endpoint('GET /', {
    access: 'field:read',
    summary: 'Gateways with their lines and meters',
    answer: gateways,
  })
  async list(@CalledBy() caller: Caller): Promise<{ gateways: Gateway[] }> {
    return { gateways: await this.service.list(caller.scope) };
  }

  @Endpoint('POST /', {
    access: 'field:write',
    status: 201,
    summary: 'Enrols a gateway; its password is in this answer and nowhere else',
    answer: enrolledGateway,
  })
  enrol(
    @CalledBy() caller: Caller,
    @Body({ schema: enrolGateway }) body: EnrolGateway,
  ): Promise<EnrolledGateway> {
    return this.service.enrol(caller, body);
  }

  @Endpoint('POST /:gatewayId/revoke', {
    access: 'field:write',
    summary: 'Revokes a gateway: the broker ends its session and refuses it from now on',
    answer: gateway,
  })
  revoke(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
  ): Promise<Gateway> {
    return this.service.revoke(caller, gatewayId);
  }
}
