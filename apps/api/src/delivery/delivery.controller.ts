import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type DecideQuarantine,
  type DecideReadingConflicts,
  type Delivery,
  decidedQuarantine,
  decidedReadingConflicts,
  decideQuarantine,
  decideReadingConflicts,
  delivery,
  type GatewayGaps,
  gatewayGaps,
  quarantine,
  readingConflictStates,
  readingConflicts,
} from '@wattproof/contracts/api';
import { gatewayIdPattern } from '@wattproof/contracts/mqtt';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { DeliveryService } from './delivery.service.ts';

const gatewayParam = z.string().regex(gatewayIdPattern);
const conflictQuery = z.object({
  siteId: z.uuid().optional(),
  meterId: z.coerce.number<string>().int().positive().optional(),
  state: z.enum(readingConflictStates).optional(),
  before: z
    .string()
    .regex(/^\d{1,18}$/, 'the id of a conflict')
    .optional(),
  limit: z.coerce.number<string>().int().min(1).max(200).default(50),
});

@ApiTags('Delivery')
@Controller()
export class DeliveryController {
  constructor(private readonly service: DeliveryService) {}

  @Endpoint('GET /delivery', {
    access: 'field:read',
    summary: 'What of the delivered readings waits for a person or for a gateway',
    answer: delivery,
  })
  summary(@CalledBy() caller: Caller): Promise<Delivery> {
    return this.service.summary(caller.scope);
  }

  @Endpoint('GET /quarantine', {
    access: 'field:read',
    summary: 'Readings with impossible clocks that nobody has decided about, by gateway',
    answer: quarantine,
  })
  quarantine(@CalledBy() caller: Caller): Promise<z.infer<typeof quarantine>> {
    return this.service.quarantine(caller.scope);
  }

  @Endpoint('POST /gateways/:gatewayId/quarantine', {
    access: 'field:write',
    summary: 'Takes a gateway’s readings with impossible clocks with a correction, or discards them',
    answer: decidedQuarantine,
  })
  decideQuarantine(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
    @Body({ schema: decideQuarantine }) body: DecideQuarantine,
  ): Promise<z.infer<typeof decidedQuarantine>> {
    return this.service.decideQuarantine(caller, gatewayId, body);
  }

  @Endpoint('GET /gateways/:gatewayId/gaps', {
    access: 'field:read',
    summary: 'Batches of a gateway that are missing, asked for or given up',
    answer: gatewayGaps,
  })
  gaps(
    @CalledBy() caller: Caller,
    @Param('gatewayId', { schema: gatewayParam }) gatewayId: string,
  ): Promise<GatewayGaps> {
    return this.service.gaps(caller.scope, gatewayId);
  }

  @Endpoint('GET /reading-conflicts', {
    access: 'field:read',
    summary: 'Values that contradict a stored one, the newest first',
    answer: readingConflicts,
  })
  conflicts(
    @CalledBy() caller: Caller,
    @Query({ schema: conflictQuery }) filter: z.infer<typeof conflictQuery>,
  ): Promise<z.infer<typeof readingConflicts>> {
    return this.service.conflicts(caller.scope, filter);
  }

  @Endpoint('POST /reading-conflicts/decide', {
    access: 'field:write',
    summary: 'Keeps the stored values or has ingestion replace them',
    answer: decidedReadingConflicts,
  })
  decideConflicts(
    @CalledBy() caller: Caller,
    @Body({ schema: decideReadingConflicts }) body: DecideReadingConflicts,
  ): Promise<z.infer<typeof decidedReadingConflicts>> {
    return this.service.decideConflicts(caller, body);
  }
}
