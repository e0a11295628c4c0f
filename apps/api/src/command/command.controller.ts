import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type CommandResult,
  commandResult,
  commandResults,
  readRegisters,
  type SunspecFound,
  searchSunspec,
  sunspecFound,
  writeParameter,
} from '@wattproof/contracts/api';
import { gatewayIdPattern } from '@wattproof/contracts/mqtt';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { CommandService } from './command.service.ts';

const gatewayParam = z.string().regex(gatewayIdPattern);

@ApiTags('Gateway commands')
@Controller('gateways/:gatewayId/commands')
export class CommandController {
  constructor(private readonly service: CommandService) {}

  @Endpoint('GET /', {
    access: 'field:read',
    summary: 'What was asked of devices from afar, and what came of it',
    answer: commandResults,
  })
  async list(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
  ): Promise<{ commands: CommandResult[] }> {
    return { commands: await this.service.list(caller.scope, gatewayId) };
  }

  @Endpoint('POST /read', {
    access: 'field:write',
    summary: 'Reads registers of a device now, with the bytes that went over the wire',
    answer: commandResult,
  })
  read(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: readRegisters }) body: z.output<typeof readRegisters>,
  ): Promise<CommandResult> {
    return this.service.read(caller, gatewayId, body);
  }

  @Endpoint('POST /write', {
    access: 'field:write',
    summary: 'Writes a parameter that the profile lets be written; compared before, read back after, audited',
    answer: commandResult,
  })
  write(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: writeParameter }) body: z.output<typeof writeParameter>,
  ): Promise<CommandResult> {
    return this.service.write(caller, gatewayId, body);
  }

  @Endpoint('POST /sunspec', {
    access: 'field:write',
    summary: 'Asks a device what it says of itself by SunSpec; makes a profile of it where it is asked so',
    answer: sunspecFound,
  })
  sunspec(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: searchSunspec }) body: z.output<typeof searchSunspec>,
  ): Promise<SunspecFound> {
    return this.service.sunspec(caller, gatewayId, body);
  }
}
