import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  createGroup,
  type ObligationRulesView,
  type Obligations,
  type ObligedUnit,
  obligationRulesView,
  obligations,
  obligationsQuery,
  obligedUnit,
  ruleReview,
  type StatedUnitProfile,
  unitProfile,
  uuid,
} from '@wattproof/contracts/api';
import type { Response } from 'express';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { ObligationService } from './obligation.service.ts';

const ruleParam = z.string().min(1).max(80);

@ApiTags('Obligations')
@Controller()
export class ObligationController {
  constructor(private readonly service: ObligationService) {}

  @Endpoint('GET /obligations', {
    access: 'audit:read',
    summary: 'Every legal entity and group: what the rules in force ask of it by when, and why',
    answer: obligations,
  })
  list(
    @CalledBy() caller: Caller,
    @Query({ schema: obligationsQuery }) query: z.infer<typeof obligationsQuery>,
  ): Promise<Obligations> {
    return this.service.list(caller.scope, query.on);
  }

  @Endpoint('GET /obligations/calendar.ics', {
    access: 'audit:read',
    summary: 'Due dates with their reminders, for a calendar program',
    produces: 'text/calendar',
  })
  async calendar(@CalledBy() caller: Caller, @Res() response: Response): Promise<void> {
    const file = await this.service.calendar(caller.scope);
    response
      .type('text/calendar; charset=utf-8')
      .set('content-disposition', 'attachment; filename="obligations.ics"')
      .end(file);
  }

  @Endpoint('GET /obligations/:unitId', {
    access: 'audit:read',
    summary: 'One legal entity or group with its obligations',
    answer: obligedUnit,
  })
  one(
    @CalledBy() caller: Caller,
    @Param('unitId', { schema: uuid }) unitId: string,
    @Query({ schema: obligationsQuery }) query: z.infer<typeof obligationsQuery>,
  ): Promise<ObligedUnit> {
    return this.service.one(caller.scope, unitId, query.on);
  }

  @Endpoint('PUT /obligations/:unitId/profile', {
    access: 'audit:write',
    summary: 'States size, energy, certificates and audits of a legal entity or group, as a whole',
    answer: obligedUnit,
  })
  saveProfile(
    @CalledBy() caller: Caller,
    @Param('unitId', { schema: uuid }) unitId: string,
    @Body({ schema: unitProfile }) body: StatedUnitProfile,
  ): Promise<ObligedUnit> {
    return this.service.saveProfile(caller, unitId, body);
  }

  @Endpoint('POST /obligations/groups', {
    access: 'audit:write',
    status: 201,
    summary: 'Makes a group of legal entities, for rules that address groups',
    answer: obligedUnit,
  })
  createGroup(
    @CalledBy() caller: Caller,
    @Body({ schema: createGroup }) body: z.infer<typeof createGroup>,
  ): Promise<ObligedUnit> {
    return this.service.createGroup(caller, body);
  }

  @Endpoint('DELETE /obligations/:unitId', {
    access: 'audit:write',
    status: 204,
    summary: 'Removes a group; its legal entities stay',
  })
  removeGroup(@CalledBy() caller: Caller, @Param('unitId', { schema: uuid }) unitId: string): Promise<void> {
    return this.service.removeGroup(caller, unitId);
  }

  @Endpoint('GET /obligation-rules', {
    access: 'audit:read',
    summary: 'Every recorded rule of obligation with the source and the check of each clause',
    answer: obligationRulesView,
  })
  rules(@CalledBy() caller: Caller): Promise<ObligationRulesView> {
    return this.service.rules(caller.scope);
  }

  @Endpoint('PUT /rule-reviews/:ruleId', {
    access: 'audit:write',
    summary: 'Names who checked a rule and answers for applying it',
    answer: obligationRulesView,
  })
  review(
    @CalledBy() caller: Caller,
    @Param('ruleId', { schema: ruleParam }) ruleId: string,
    @Body({ schema: ruleReview }) body: z.infer<typeof ruleReview>,
  ): Promise<ObligationRulesView> {
    return this.service.review(caller, { ruleId, ...body });
  }

  @Endpoint('DELETE /rule-reviews/:ruleId', {
    access: 'audit:write',
    status: 204,
    summary: 'Withdraws the review of a rule',
  })
  withdrawReview(
    @CalledBy() caller: Caller,
    @Param('ruleId', { schema: ruleParam }) ruleId: string,
  ): Promise<void> {
    return this.service.withdrawReview(caller, ruleId);
  }
}
