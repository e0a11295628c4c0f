import { Injectable } from '@nestjs/common';
import type { AlarmRule, CreateAlarmRule, updateAlarmRule as updateContract } from '@wattproof/contracts/api';
import {
  createAlarmRule,
  deleteAlarmRule,
  findAlarmRule,
  findSite,
  listAlarmRules,
  listGateways,
  listMeters,
  recordEvent,
  type Scope,
  updateAlarmRule,
} from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class AlarmRuleService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, siteId?: string): Promise<AlarmRule[]> {
    return this.resources.database.withOrganisation(
      scope.organisationId,
      async (tx) => (await listAlarmRules(tx, scope, siteId)) as AlarmRule[],
    );
  }

  async create(caller: Caller, wish: CreateAlarmRule): Promise<AlarmRule> {
    const { scope } = caller;
    const meterId = wish.meterId ?? null;
    const gatewayId = wish.kind === 'noData' ? (wish.gatewayId ?? null) : null;
    await this.requireTarget(scope, wish.siteId, meterId, gatewayId);
    return this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const rule = await createAlarmRule(tx, scope, {
        siteId: wish.siteId,
        meterId,
        gatewayId,
        name: wish.name,
        kind: wish.kind,
        severity: wish.severity,
        measurand: wish.kind === 'threshold' ? wish.measurand : null,
        comparison: wish.kind === 'threshold' ? wish.comparison : null,
        threshold: wish.kind === 'threshold' ? wish.threshold : null,
        hysteresis: wish.kind === 'threshold' ? wish.hysteresis : 0,
        delay_s: wish.delay_s,
        procedure: wish.procedure,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'alarmRule.create',
        object: rule.id,
        after: { ...rule },
      });
      return rule as AlarmRule;
    });
  }

  update(caller: Caller, ruleId: string, wish: z.infer<typeof updateContract>): Promise<AlarmRule> {
    const { scope } = caller;
    return this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const before = await findAlarmRule(tx, scope, ruleId);
      if (!before) throw new AppError('notFound', `There is no alarm rule ${ruleId}`);
      if (before.kind === 'noData' && (wish.threshold !== undefined || wish.hysteresis !== undefined))
        throw new AppError('invalid', 'A no-data rule has no threshold');
      const change = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
      const after = await updateAlarmRule(tx, ruleId, change);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'alarmRule.update',
        object: ruleId,
        before: { ...before },
        after: { ...after },
      });
      return after as AlarmRule;
    });
  }

  remove(caller: Caller, ruleId: string): Promise<void> {
    const { scope } = caller;
    return this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const before = await findAlarmRule(tx, scope, ruleId);
      if (!before) throw new AppError('notFound', `There is no alarm rule ${ruleId}`);
      if (!(await deleteAlarmRule(tx, ruleId)))
        throw new AppError('conflict', 'The rule has alarms in the history; switch it off instead');
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'alarmRule.delete',
        object: ruleId,
        before: { ...before },
      });
    });
  }

  /** @throws AppError where site, meter or gateway are not there or do not belong together. */
  private async requireTarget(
    scope: Scope,
    siteId: string,
    meterId: number | null,
    gatewayId: string | null,
  ): Promise<void> {
    if ((meterId === null) === (gatewayId === null))
      throw new AppError('invalid', 'A rule watches either a meter or a gateway');
    await this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      if (!(await findSite(client, scope, siteId)))
        throw new AppError('notFound', `There is no site ${siteId}`);
      if (meterId !== null) {
        const [meter] = await listMeters(client, scope, { siteId, meterIds: [meterId] });
        if (!meter) throw new AppError('notFound', `The site has no meter ${meterId}`);
      }
      if (gatewayId !== null) {
        const [gateway] = await listGateways(client, scope, gatewayId);
        if (gateway?.siteId !== siteId)
          throw new AppError('notFound', `The site has no gateway ${gatewayId}`);
      }
    });
  }
}
