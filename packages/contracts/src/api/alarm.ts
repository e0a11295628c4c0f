import { z } from 'zod';
import { instant, measurandName, meterId, money, uuid } from './value.ts';

/** ISA-18.2 state as the portal shows it. */
export const alarmStates = ['unacknowledged', 'acknowledged', 'returnedUnacknowledged', 'normal'] as const;

export const alarm = z.object({
  id: uuid,
  ruleId: uuid,
  name: z.string(),
  kind: z.enum(['threshold', 'noData']),
  severity: z.enum(['warning', 'critical']),
  siteId: uuid,
  siteName: z.string(),
  meterId: meterId.nullable(),
  meterName: z.string().nullable(),
  gatewayId: z.string().nullable(),
  energyUse: z.string().nullable(),
  measurand: measurandName.nullable(),
  threshold: z.number().nullable(),
  comparison: z.enum(['above', 'below']).nullable(),
  raisedAt: instant,
  clearedAt: instant.nullable(),
  value: z.number().nullable(),
  extreme: z.number().nullable(),
  state: z.enum(alarmStates),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  comment: z.string(),
  procedure: z.string(),
  /** What waiting costs a day at the site's price, where the excess is a power; null where it cannot be priced. */
  costPerDay: money.nullable(),
});
export type Alarm = z.infer<typeof alarm>;
/** GET /alarms?state=open|history&siteId= */
export const alarms = z.object({ alarms: z.array(alarm) });
/** POST /alarms/{alarmId}/acknowledge */
export const acknowledgeAlarm = z.strictObject({ comment: z.string().trim().max(2_000).default('') });

/** GET, POST /alarm-rules ; PATCH, DELETE /alarm-rules/{ruleId} */
export const alarmRule = z.object({
  id: uuid,
  siteId: uuid,
  meterId: meterId.nullable(),
  gatewayId: z.string().nullable(),
  name: z.string(),
  kind: z.enum(['threshold', 'noData']),
  severity: z.enum(['warning', 'critical']),
  measurand: measurandName.nullable(),
  comparison: z.enum(['above', 'below']).nullable(),
  threshold: z.number().nullable(),
  hysteresis: z.number(),
  delay_s: z.int(),
  procedure: z.string(),
  enabled: z.boolean(),
});
export type AlarmRule = z.infer<typeof alarmRule>;
export const alarmRules = z.object({ alarmRules: z.array(alarmRule) });
const newRule = {
  siteId: uuid,
  name: z.string().trim().min(1).max(120),
  severity: z.enum(['warning', 'critical']).default('warning'),
  delay_s: z.int().min(0).max(86_400).default(0),
  procedure: z.string().max(4_000).default(''),
};
export const createAlarmRule = z.discriminatedUnion('kind', [
  z.strictObject({
    ...newRule,
    kind: z.literal('threshold'),
    meterId,
    measurand: measurandName,
    comparison: z.enum(['above', 'below']),
    threshold: z.number(),
    hysteresis: z.number().min(0).default(0),
  }),
  z.strictObject({
    ...newRule,
    kind: z.literal('noData'),
    meterId: meterId.optional(),
    gatewayId: z.string().optional(),
  }),
]);
export type CreateAlarmRule = z.infer<typeof createAlarmRule>;
export const updateAlarmRule = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  severity: z.enum(['warning', 'critical']).optional(),
  threshold: z.number().optional(),
  hysteresis: z.number().min(0).optional(),
  delay_s: z.int().min(0).max(86_400).optional(),
  procedure: z.string().max(4_000).optional(),
  enabled: z.boolean().optional(),
});
