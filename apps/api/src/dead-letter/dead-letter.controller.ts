import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type DeadLetter,
  deadLetter,
  deadLetters,
  resolveDeadLetter,
  takeDeadLetter,
} from '@wattproof/contracts/api';
import { rejectionCodes } from '@wattproof/contracts/mqtt';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { DeadLetterService } from './dead-letter.service.ts';

const rowNumber = z.string().regex(/^\d{1,18}$/, 'the id of a dead letter');
const query = z.object({
  gatewayId: z.string().max(63).optional(),
  code: z.enum(rejectionCodes).optional(),
  before: rowNumber.optional(),
  limit: z.coerce.number<string>().int().min(1).max(200).default(50),
});

@ApiTags('Dead letters')
@Controller('dead-letters')
export class DeadLetterController {
  constructor(private readonly service: DeadLetterService) {}

  @Endpoint('GET /', {
    access: 'field:read',
    summary: 'Messages and readings that were not stored, with the reason; the newest first',
    answer: deadLetters,
  })
  list(
    @CalledBy() caller: Caller,
    @Query({ schema: query }) filter: z.infer<typeof query>,
  ): Promise<z.infer<typeof deadLetters>> {
    return this.service.list(caller.scope, filter);
  }

  @Endpoint('POST /:id/resolve', {
    access: 'field:write',
    summary: 'Says what was done about a dead letter; nothing of it is stored',
    answer: deadLetter,
  })
  resolve(
    @CalledBy() caller: Caller,
    @Param('id', { schema: rowNumber }) id: string,
    @Body({ schema: resolveDeadLetter }) body: z.infer<typeof resolveDeadLetter>,
  ): Promise<DeadLetter> {
    return this.service.resolve(caller, id, body.resolution);
  }

  @Endpoint('POST /:id/take', {
    access: 'field:write',
    summary: 'Has ingestion store what a dead letter holds, by the meters and limits of now',
    answer: deadLetter,
  })
  take(
    @CalledBy() caller: Caller,
    @Param('id', { schema: rowNumber }) id: string,
    @Body({ schema: takeDeadLetter }) body: z.infer<typeof takeDeadLetter>,
  ): Promise<DeadLetter> {
    return this.service.take(caller, id, body);
  }
}
