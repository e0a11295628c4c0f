import { carriers } from '@wattproof/energy';
import { z } from 'zod';
import { commandOutcomes, resultMessage } from '../mqtt/command.ts';
import { returnReasons } from '../mqtt/messages.ts';
import { messageLimits } from '../mqtt/reading.ts';
import { energyUse, instant, measurandName, uuid } from './value.ts';

const key = z
  .string()
  .trim()
  .min(1)
  .max(messageLimits.meterKeyLength)
  .regex(/^[^\s/+#]+(?: [^\s/+#]+)*$/, 'no blanks at its ends, and none of / + #');
const name = z.string().trim().min(1).max(80);
const word = z.int().min(0).max(65_535);

const wire = z.strictObject({
  mode: z.enum(['rtu', 'ascii']),
  baud: z.int().min(300).max(921_600),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
  length_m: z.number().min(0).max(20_000).nullable().default(null),
  repeaters: z.int().min(0).max(7).default(0),
});
const host = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252})$/, 'a host name or an address');
const port = z.int().min(1).max(65_535).default(502);

/** A meter as an installer plans it. */
export const meterPlan = z
  .strictObject({
    key,
    name,
    unit: z.int().min(0).max(255),
    product: z.string().trim().min(1).max(40).nullable().default(null),
    profileId: z.string().min(1).max(80),
    settings: z.record(z.string().max(64), z.number()).default({}),
    modules: z
      .array(z.strictObject({ slot: z.enum(['A', 'B', 'C', 'D']), catalogueNumber: z.string().max(20) }))
      .max(8)
      .default([]),
    supply: z
      .strictObject({ name: z.string().trim().min(1).max(40), unit: z.enum(['mp4', 'mp6']) })
      .nullable()
      .default(null),
    period_s: z.int().min(1).max(3600).nullable().default(null),
    /** A relevant variable carries no energy. */
    carrier: z.enum([...carriers, 'production', 'weather']).default('electricity'),
    energyUse: energyUse.nullable().default(null),
    measurand: measurandName.nullable().default(null),
    zoneId: uuid.nullable().default(null),
    circuitId: uuid.nullable().default(null),
  })
  .meta({ id: 'MeterPlan' });
export const linePlan = z
  .strictObject({
    key,
    name,
    place: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('serial'),
        path: z
          .string()
          .trim()
          .regex(/^\/[^\p{Cc}]+$|^COM\d+$/u, 'a path such as /dev/ttyUSB0')
          .max(200),
      }),
      z.strictObject({ kind: z.literal('tcp'), host, port }),
      z.strictObject({ kind: z.literal('rtuOverTcp'), host, port }),
    ]),
    wire: wire.nullable().default(null),
    timeout_ms: z.int().min(50).max(10_000).default(300),
    meters: z.array(meterPlan).max(2000),
  })
  .meta({ id: 'LinePlan' });
/** What a gateway shall read and how; what is sent to it follows from it. */
export const configurationPlan = z
  .strictObject({
    pollPeriod_s: z.int().min(1).max(3600),
    /** Active power, and counters with harmonics, where they are read at other rates. */
    fastPeriod_s: z.int().min(1).max(3600).nullable().default(null),
    slowPeriod_s: z.int().min(1).max(86_400).nullable().default(null),
    lines: z.array(linePlan).max(64),
  })
  .meta({ id: 'ConfigurationPlan' });
export type ConfigurationPlanBody = z.infer<typeof configurationPlan>;

export const configurationStates = [
  'draft',
  'checked',
  'sent',
  'probation',
  'confirmed',
  'returned',
  'superseded',
] as const;
export type ConfigurationState = (typeof configurationStates)[number];

const finding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  line: z.string().nullable(),
  meters: z.array(z.string()),
  field: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.union([z.number(), z.string()])),
});
const forecast = z.object({
  line: z.string(),
  cycle_ms: z.number(),
  worstCycle_ms: z.number(),
  loadShare: z.number(),
  shortestPeriod_s: z.number(),
  devices: z.array(
    z.object({
      unitAddress: z.int(),
      names: z.array(z.string()),
      requests: z.int(),
      words: z.int(),
      reading_ms: z.number(),
      period_s: z.number(),
      loadShare: z.number(),
    }),
  ),
});
export type LineForecastView = z.infer<typeof forecast>;
const fieldChange = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
const change = {
  kind: z.enum(['added', 'removed', 'changed']),
  key: z.string(),
  name: z.string(),
  fields: z.array(fieldChange),
};
export const configurationDiff = z.object({
  gateway: z.array(fieldChange),
  lines: z.array(z.object(change)),
  meters: z.array(
    z.object({
      ...change,
      line: z.string(),
      effect: z.enum(['begins', 'ends', 'scaled', 'otherDevice', 'none']),
    }),
  ),
});
export type ConfigurationDiff = z.infer<typeof configurationDiff>;

/** POST /gateways/{gatewayId}/configuration/check : nothing is stored or sent. */
export const checkedConfiguration = z.object({
  isSendable: z.boolean(),
  findings: z.array(finding),
  forecasts: z.array(forecast),
  /** Against the version in force. */
  diff: configurationDiff,
});
export type CheckedConfiguration = z.infer<typeof checkedConfiguration>;
export type ConfigurationFinding = z.infer<typeof finding>;

export const configurationVersion = z.object({
  version: z.int(),
  state: z.enum(configurationStates),
  note: z.string(),
  createdBy: z.string(),
  sentBy: z.string().nullable(),
  sentAt: instant.nullable(),
  settledAt: instant.nullable(),
  reason: z.enum(returnReasons).nullable(),
  message: z.string().nullable(),
  lines: z.int(),
  meters: z.int(),
});
export type ConfigurationVersion = z.infer<typeof configurationVersion>;

/** GET /gateways/{gatewayId}/configuration */
export const gatewayConfigurations = z.object({
  gatewayId: z.string(),
  /** The last version that the gateway kept. */
  inForce: z.int().nullable(),
  plan: configurationPlan.nullable(),
  /** What the version in force costs its lines. */
  forecasts: z.array(forecast),
  draft: z
    .object({
      plan: configurationPlan,
      note: z.string(),
      by: z.string(),
      at: instant,
      state: z.enum(['draft', 'checked']),
    })
    .nullable(),
  /** Newest first, at most 100. */
  versions: z.array(configurationVersion),
});
export type GatewayConfigurations = z.infer<typeof gatewayConfigurations>;

/** GET /gateways/{gatewayId}/configuration/versions/{version} */
export const configurationVersionDetail = z.object({
  version: configurationVersion,
  plan: configurationPlan,
  /** The version that it is compared with: the one in force before it, or the one asked for. */
  against: z.int().nullable(),
  diff: configurationDiff,
});
export type ConfigurationVersionDetail = z.infer<typeof configurationVersionDetail>;

/** PUT /gateways/{gatewayId}/configuration/draft */
export const storeDraft = z.strictObject({
  plan: configurationPlan,
  note: z.string().trim().max(200).default(''),
});
export const checkPlanBody = z.strictObject({ plan: configurationPlan });
/** POST /gateways/{gatewayId}/configuration/send */
export const sendConfiguration = z.strictObject({ note: z.string().trim().min(1).max(200) });

/** POST /gateways/{gatewayId}/configuration/meters : a table of meters, as a whole or not at all. */
export const meterTableQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('true'),
  /** `add` keeps the meters that the table does not name; `replace` takes them out of the lines that it names. */
  mode: z.enum(['add', 'replace']).default('add'),
});
export const uploadedMeters = z.object({
  dryRun: z.boolean(),
  stored: z.boolean(),
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  errors: z.array(z.object({ row: z.int(), field: z.string(), value: z.string(), reason: z.string() })),
  /** The draft with the table in it; null where the table has errors. */
  plan: configurationPlan.nullable(),
});
export type UploadedMeters = z.infer<typeof uploadedMeters>;

const unit = z.int().min(0).max(255);
/** POST /gateways/{gatewayId}/commands/read */
export const readRegisters = z.strictObject({
  line: key,
  unit,
  functionCode: z.union([z.literal(3), z.literal(4)]).default(3),
  address: word,
  words: z.int().min(1).max(125),
});
/** POST /gateways/{gatewayId}/commands/write : only parameters that the profile of the device lets be written. */
export const writeParameter = z.strictObject({
  meterKey: key,
  /** Key of the profile's point. */
  point: z.string().min(1).max(64),
  /** What the registers held when it was decided; anything else is refused. */
  before: z.array(word).min(1).max(4),
  words: z.array(word).min(1).max(4),
  reason: z.string().trim().min(1).max(200),
});
/** POST /gateways/{gatewayId}/commands/sunspec */
export const searchSunspec = z.strictObject({
  line: key,
  unit,
  /** Stores what is found under this name; left out, it is only shown. */
  storeAs: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'small letters, digits and hyphens, at most 60')
    .optional(),
});
export const commandResult = z.object({
  id: uuid,
  kind: z.enum(['read', 'write', 'sunspec']),
  by: z.string(),
  at: instant,
  answeredAt: instant.nullable(),
  /** Null: the gateway has not answered. */
  outcome: z.enum(commandOutcomes).nullable(),
  message: z.string(),
  exceptionCode: z.int().nullable(),
  request: z.record(z.string(), z.unknown()),
  exchanges: resultMessage.shape.exchanges,
  registers: resultMessage.shape.registers,
});
export type CommandResult = z.infer<typeof commandResult>;
/** GET /gateways/{gatewayId}/commands : newest first, at most 50. */
export const commandResults = z.object({ commands: z.array(commandResult) });
export const sunspecFound = z.object({
  command: commandResult,
  state: z.enum(['found', 'none', 'unanswered']),
  reason: z.string().nullable(),
  models: z.array(z.int()),
  profileId: z.string().nullable(),
  title: z.string().nullable(),
  measurands: z.array(z.string()),
  stored: z.boolean(),
});
export type SunspecFound = z.infer<typeof sunspecFound>;
