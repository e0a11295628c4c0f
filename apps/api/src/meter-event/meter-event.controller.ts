import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  createMeterEvent,
  type MeterEvent,
  type MeterEventPreview,
  type MeterEvents,
  meterEvent,
  meterEventPreview,
  meterEvents,
  type PartialCounter,
  type PartialCounters,
  partialCounter,
  partialCounters,
  removeMeterEvent,
  type StartPartialCounter,
  startPartialCounter,
  stopPartialCounter,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { MeterEventService } from './meter-event.service.ts';
import { PartialCounterService } from './partial-counter.service.ts';

const meterParam = z.coerce.number<string>().int().positive().max(2_147_483_647);

@ApiTags('Meter events')
@Controller('meters/:meterId')
export class MeterEventController {
  constructor(
    private readonly service: MeterEventService,
    private readonly partials: PartialCounterService,
  ) {}

  @Endpoint('GET /events', {
    access: 'site:read',
    summary:
      'What happened to a meter: replacements, ratio changes, resets; declared and detected, newest first',
    answer: meterEvents,
  })
  list(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
  ): Promise<MeterEvents> {
    return this.service.list(caller.scope, meterId);
  }

  @Endpoint('POST /events/preview', {
    access: 'meter:write',
    summary: 'The days that an event would change, before and after; changes nothing',
    answer: meterEventPreview,
  })
  preview(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Body({ schema: createMeterEvent }) body: z.output<typeof createMeterEvent>,
  ): Promise<MeterEventPreview> {
    return this.service.preview(caller.scope, meterId, body);
  }

  @Endpoint('POST /events', {
    access: 'meter:write',
    summary:
      'Declares a replacement, ratio change or reset, or confirms a detected one; its intervals follow',
    answer: meterEvent,
    status: 201,
  })
  create(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Body({ schema: createMeterEvent }) body: z.output<typeof createMeterEvent>,
  ): Promise<MeterEvent> {
    return this.service.create(caller, meterId, body);
  }

  @Endpoint('GET /events/:eventId/removal', {
    access: 'site:read',
    summary: 'The days that taking an event back would change; changes nothing',
    answer: meterEventPreview,
  })
  removal(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Param('eventId', { schema: uuid }) eventId: string,
  ): Promise<MeterEventPreview> {
    return this.service.previewRemoval(caller.scope, meterId, eventId);
  }

  @Endpoint('DELETE /events/:eventId', {
    access: 'meter:write',
    summary: 'Takes a declared event back, with the reason; the audit trail keeps it',
    status: 204,
  })
  remove(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Param('eventId', { schema: uuid }) eventId: string,
    @Query({ schema: removeMeterEvent }) query: z.infer<typeof removeMeterEvent>,
  ): Promise<void> {
    return this.service.remove(caller, { meterId, eventId, reason: query.reason });
  }

  @Endpoint('GET /partial-counters', {
    access: 'site:read',
    summary: 'Counters that people started on a meter, with what each has counted',
    answer: partialCounters,
  })
  listPartial(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
  ): Promise<PartialCounters> {
    return this.partials.list(caller.scope, meterId);
  }

  @Endpoint('POST /partial-counter', {
    access: 'meter:write',
    summary: 'Starts a partial counter, or resets the running one of that name',
    answer: partialCounter,
    status: 201,
  })
  startPartial(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Body({ schema: startPartialCounter }) body: StartPartialCounter,
  ): Promise<PartialCounter> {
    return this.partials.start(caller, meterId, body);
  }

  @Endpoint('POST /partial-counter/stop', {
    access: 'meter:write',
    summary: 'Stops the running partial counter of that name; its value stays',
    status: 204,
  })
  stopPartial(
    @CalledBy() caller: Caller,
    @Param('meterId', { schema: meterParam }) meterId: number,
    @Body({ schema: stopPartialCounter }) body: z.infer<typeof stopPartialCounter>,
  ): Promise<void> {
    return this.partials.stop(caller, meterId, body);
  }
}
