import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type DeviceCatalogue,
  deviceCatalogue,
  type UploadedProfile,
  uploadedProfile,
  uploadProfileQuery,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { DeviceProfileService } from './device-profile.service.ts';
import { xlsxType } from './sheet-file.ts';

const profileParam = z.string().min(1).max(80);

@ApiTags('Device catalogue')
@Controller()
export class DeviceCatalogueController {
  constructor(private readonly service: DeviceProfileService) {}

  @Endpoint('GET /device-catalogue', {
    access: 'field:read',
    summary: 'Every catalogue number, and every register map with how far it can be trusted',
    answer: deviceCatalogue,
  })
  catalogue(@CalledBy() caller: Caller): Promise<DeviceCatalogue> {
    return this.service.catalogue(caller.scope);
  }

  @Endpoint('POST /device-profiles', {
    access: 'field:write',
    summary: 'Checks the register table of a maker, or makes a profile of it: as a whole or not at all',
    answer: uploadedProfile,
  })
  @ApiConsumes('text/csv', xlsxType)
  @ApiBody({ schema: { type: 'string' }, description: 'Columns: docs/guides/add-a-device.md' })
  upload(
    @CalledBy() caller: Caller,
    @Query({ schema: uploadProfileQuery }) query: z.output<typeof uploadProfileQuery>,
    @Body() content: unknown,
  ): Promise<UploadedProfile> {
    return this.service.upload(caller, query, content);
  }

  @Endpoint('DELETE /device-profiles/:profileId', {
    access: 'field:write',
    summary: 'Removes a profile of the organisation that no meter is read through',
    status: 204,
  })
  remove(
    @CalledBy() caller: Caller,
    @Param('profileId', { schema: profileParam }) profileId: string,
  ): Promise<void> {
    return this.service.remove(caller, profileId);
  }
}
