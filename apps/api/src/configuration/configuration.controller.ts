import { Body, Controller, Header, Param, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type CheckedConfiguration,
  type ConfigurationVersionDetail,
  checkedConfiguration,
  checkPlanBody,
  configurationVersionDetail,
  type GatewayConfigurations,
  gatewayConfigurations,
  meterTableQuery,
  sendConfiguration,
  storeDraft,
  type UploadedMeters,
  uploadedMeters,
} from '@wattproof/contracts/api';
import { gatewayIdPattern } from '@wattproof/contracts/mqtt';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { xlsxType } from '../device-catalogue/sheet-file.ts';
import { Endpoint } from '../http/endpoint.ts';
import { ConfigurationService } from './configuration.service.ts';

const gatewayParam = z.string().regex(gatewayIdPattern);
const versionParam = z.coerce.number<string>().int().min(1);
const versionQuery = z.object({
  /** The version that it is compared with; left out, the one in force before it. */
  against: z.coerce.number<string>().int().min(1).optional(),
});

@ApiTags('Gateway configuration')
@Controller('gateways/:gatewayId/configuration')
export class ConfigurationController {
  constructor(private readonly service: ConfigurationService) {}

  @Endpoint('GET /', {
    access: 'field:read',
    summary: 'What a gateway reads, the draft of its next configuration, and the history of versions',
    answer: gatewayConfigurations,
  })
  overview(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
  ): Promise<GatewayConfigurations> {
    return this.service.overview(caller.scope, gatewayId);
  }

  @Endpoint('GET /versions/:version', {
    access: 'field:read',
    summary: 'One version and what it changed',
    answer: configurationVersionDetail,
  })
  version(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Param('version', { schema: versionParam }) version: number,
    @Query({ schema: versionQuery }) { against }: z.output<typeof versionQuery>,
  ): Promise<ConfigurationVersionDetail> {
    return this.service.version(caller.scope, gatewayId, version, against);
  }

  @Endpoint('POST /check', {
    access: 'field:read',
    summary: 'Dry run: what speaks against a plan, the load of its lines, and what it would change',
    answer: checkedConfiguration,
  })
  check(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: checkPlanBody }) { plan }: z.output<typeof checkPlanBody>,
  ): Promise<CheckedConfiguration> {
    return this.service.check(caller.scope, gatewayId, plan);
  }

  @Endpoint('PUT /draft', {
    access: 'field:write',
    summary: 'Keeps the draft of the next configuration; nothing is sent',
    answer: checkedConfiguration,
  })
  storeDraft(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: storeDraft }) body: z.output<typeof storeDraft>,
  ): Promise<CheckedConfiguration> {
    return this.service.storeDraft(caller, gatewayId, body);
  }

  @Endpoint('DELETE /draft', { access: 'field:write', summary: 'Discards the draft', status: 204 })
  removeDraft(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
  ): Promise<void> {
    return this.service.removeDraft(caller, gatewayId);
  }

  @Endpoint('POST /send', {
    access: 'field:write',
    summary: 'Sends the draft as the next version; the gateway tries it and returns by itself if it fails',
    answer: gatewayConfigurations,
  })
  send(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: sendConfiguration }) { note }: z.output<typeof sendConfiguration>,
  ): Promise<GatewayConfigurations> {
    return this.service.send(caller, gatewayId, note);
  }

  @Endpoint('GET /meters', {
    access: 'field:read',
    summary: 'The planned meters as a table that can be changed and uploaded again',
    produces: 'text/csv',
  })
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="meters.csv"')
  table(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
  ): Promise<string> {
    return this.service.table(caller.scope, gatewayId);
  }

  @Endpoint('POST /meters', {
    access: 'field:write',
    summary: 'Checks a table of meters, or puts it into the draft: as a whole or not at all',
    answer: uploadedMeters,
  })
  @ApiConsumes('text/csv', xlsxType)
  @ApiBody({ schema: { type: 'string' }, description: 'Columns: docs/guides/configure-a-gateway.md' })
  uploadTable(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Query({ schema: meterTableQuery }) query: z.output<typeof meterTableQuery>,
    @Body() content: unknown,
  ): Promise<UploadedMeters> {
    return this.service.uploadTable(caller, gatewayId, query, content);
  }
}
