import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

const shown = {
  id: true,
  siteId: true,
  meterId: true,
  gatewayId: true,
  name: true,
  kind: true,
  severity: true,
  measurand: true,
  comparison: true,
  threshold: true,
  hysteresis: true,
  delay_s: true,
  procedure: true,
  enabled: true,
} as const;

const visible = ({ organisationId, siteIds }: Scope) => ({
  organisationId,
  ...(siteIds ? { siteId: { in: [...siteIds] } } : {}),
});

export const listAlarmRules = (tx: OrganisationTransaction, scope: Scope, siteId?: string) =>
  tx.alarmRule.findMany({
    where: { AND: [visible(scope), siteId ? { siteId } : {}] },
    select: shown,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });

export const findAlarmRule = (tx: OrganisationTransaction, scope: Scope, id: string) =>
  tx.alarmRule.findFirst({ where: { AND: [visible(scope), { id }] }, select: shown });

export interface NewAlarmRule {
  readonly siteId: string;
  readonly meterId: number | null;
  readonly gatewayId: string | null;
  readonly name: string;
  readonly kind: 'threshold' | 'noData';
  readonly severity: 'warning' | 'critical';
  readonly measurand: string | null;
  readonly comparison: 'above' | 'below' | null;
  readonly threshold: number | null;
  readonly hysteresis: number;
  readonly delay_s: number;
  readonly procedure: string;
}

export const createAlarmRule = (tx: OrganisationTransaction, { organisationId }: Scope, rule: NewAlarmRule) =>
  tx.alarmRule.create({ data: { organisationId, ...rule }, select: shown });

export interface AlarmRuleChange {
  readonly name?: string;
  readonly severity?: 'warning' | 'critical';
  readonly procedure?: string;
  readonly threshold?: number;
  readonly hysteresis?: number;
  readonly delay_s?: number;
  readonly enabled?: boolean;
}

/** The state of the evaluation stays: a changed rule is evaluated from here on. */
export const updateAlarmRule = (tx: OrganisationTransaction, id: string, change: AlarmRuleChange) =>
  tx.alarmRule.update({ where: { id }, data: change, select: shown });

/** False where alarms of the rule are in the history, which must stay readable. */
export async function deleteAlarmRule(tx: OrganisationTransaction, id: string): Promise<boolean> {
  if ((await tx.alarm.count({ where: { alarmRuleId: id } })) > 0) return false;
  await tx.alarmRule.delete({ where: { id } });
  return true;
}

/** False where the alarm is not there, outside the scope or acknowledged before. */
export async function acknowledgeAlarm(
  tx: OrganisationTransaction,
  scope: Scope,
  { id, by, comment }: { readonly id: string; readonly by: string; readonly comment: string },
): Promise<boolean> {
  const { count } = await tx.alarm.updateMany({
    where: { AND: [visible(scope), { id, acknowledgedAt: null }] },
    data: { acknowledgedAt: new Date(), acknowledgedBy: by, comment },
  });
  return count > 0;
}
