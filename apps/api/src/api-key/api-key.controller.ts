import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type ApiKeys,
  apiKey,
  apiKeys,
  type CreateApiKey,
  type CreatedApiKey,
  createApiKey,
  createdApiKey,
  uuid,
} from '@wattproof/contracts/api';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { ApiKeyService } from './api-key.service.ts';

@ApiTags('Settings')
@Controller('api-keys')
export class ApiKeyController {
  constructor(private readonly service: ApiKeyService) {}

  @Endpoint('GET /', { access: 'settings:read', summary: 'API keys, without their secrets', answer: apiKeys })
  async list(@CalledBy() caller: Caller): Promise<ApiKeys> {
    return { apiKeys: await this.service.list(caller.scope) };
  }

  @Endpoint('POST /', {
    access: 'settings:write',
    status: 201,
    summary: 'Makes a key; the key is in this answer and nowhere else',
    answer: createdApiKey,
  })
  create(
    @CalledBy() caller: Caller,
    @Body({ schema: createApiKey }) body: CreateApiKey,
  ): Promise<CreatedApiKey> {
    return this.service.create(caller, body);
  }

  @Endpoint('DELETE /:id', {
    access: 'settings:write',
    summary: 'Revokes a key at once and for good; it stays in the list',
    answer: apiKey,
  })
  revoke(
    @CalledBy() caller: Caller,
    @Param('id', { schema: uuid }) id: string,
  ): Promise<ApiKeys['apiKeys'][number]> {
    return this.service.revoke(caller, id);
  }
}
