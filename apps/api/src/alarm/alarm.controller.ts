import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type Alarm,
  type AlarmRule,
  acknowledgeAlarm,
  alarm,
  alarmRule,
  alarmRules,
  alarms,
  type CreateAlarmRule,
  createAlarmRule,
  updateAlarmRule,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { AlarmService } from './alarm.service.ts';
import { AlarmRuleService } from './alarm-rule.service.ts';

const alarmsQuery = z.object({ state: z.enum(['open', 'history']).default('open'), siteId: uuid.optional() });
const rulesQuery = z.object({ siteId: uuid.optional() });

@ApiTags('Alarms')
@Controller()
export class AlarmController {
  constructor(
    private readonly service: AlarmService,
    private readonly rules: AlarmRuleService,
  ) {}

  @Endpoint('GET /alarms', {
    access: 'alarm:read',
    summary: 'Alarms that are open (active or not acknowledged), or the latest 500 of the history',
    answer: alarms,
  })
  async list(
    @CalledBy() caller: Caller,
    @Query({ schema: alarmsQuery }) query: z.infer<typeof alarmsQuery>,
  ): Promise<{ alarms: Alarm[] }> {
    return { alarms: await this.service.list(caller.scope, query) };
  }

  @Endpoint('POST /alarms/:alarmId/acknowledge', {
    access: 'alarm:acknowledge',
    summary: 'Acknowledges an alarm, once',
    answer: alarm,
  })
  acknowledge(
    @CalledBy() caller: Caller,
    @Param('alarmId', { schema: uuid }) alarmId: string,
    @Body({ schema: acknowledgeAlarm }) body: z.infer<typeof acknowledgeAlarm>,
  ): Promise<Alarm> {
    return this.service.acknowledge(caller, alarmId, body.comment);
  }

  @Endpoint('GET /alarm-rules', {
    access: 'alarm:read',
    summary: 'Rules that raise alarms',
    answer: alarmRules,
  })
  async listRules(
    @CalledBy() caller: Caller,
    @Query({ schema: rulesQuery }) query: z.infer<typeof rulesQuery>,
  ): Promise<{ alarmRules: AlarmRule[] }> {
    return { alarmRules: await this.rules.list(caller.scope, query.siteId) };
  }

  @Endpoint('POST /alarm-rules', {
    access: 'alarm:write',
    status: 201,
    summary: 'Makes a rule',
    answer: alarmRule,
  })
  createRule(
    @CalledBy() caller: Caller,
    @Body({ schema: createAlarmRule }) body: CreateAlarmRule,
  ): Promise<AlarmRule> {
    return this.rules.create(caller, body);
  }

  @Endpoint('PATCH /alarm-rules/:ruleId', {
    access: 'alarm:write',
    summary: 'Changes a rule',
    answer: alarmRule,
  })
  updateRule(
    @CalledBy() caller: Caller,
    @Param('ruleId', { schema: uuid }) ruleId: string,
    @Body({ schema: updateAlarmRule }) body: z.infer<typeof updateAlarmRule>,
  ): Promise<AlarmRule> {
    return this.rules.update(caller, ruleId, body);
  }

  @Endpoint('DELETE /alarm-rules/:ruleId', {
    access: 'alarm:write',
    status: 204,
    summary: 'Removes a rule that never raised an alarm; another can be switched off',
  })
  deleteRule(@CalledBy() caller: Caller, @Param('ruleId', { schema: uuid }) ruleId: string): Promise<void> {
    return this.rules.remove(caller, ruleId);
  }
}
