import { z } from 'zod';
import { finding, instant, localDate, measurandName, meterId, uncertain, uuid } from './value.ts';

/** How an EnPI states performance (ISO 50006): energy itself, energy per output, or energy against a fitted model. */
export const enpiKind = z.enum(['measured', 'ratio', 'model']).meta({ id: 'EnpiKind' });
export const granularity = z.enum(['day', 'month']).meta({ id: 'Granularity' });
export const confidenceLevel = z.number().min(0.5).max(0.999);
export const statedReason = z.string().trim().min(3).max(1000);

/** What is measured and with what it is compared. Several meters are added; they share one measurand and unit. */
export const enpiDefinition = z.strictObject({
  siteId: uuid,
  name: z.string().trim().min(1).max(120),
  kind: enpiKind.default('model'),
  meterIds: z
    .array(meterId)
    .min(1)
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'each meter once'),
  measurand: measurandName,
  /** Relevant variables that a model may use; a ratio has exactly one. */
  variableIds: z.array(uuid).max(8).default([]),
  /** Static factors whose change asks for another baseline; empty: all of the site. */
  staticFactorIds: z.array(uuid).max(40).default([]),
  granularity: granularity.default('day'),
  /** Local dates, [from, to). */
  baseline: z.strictObject({ from: localDate, to: localDate }),
  reportingFrom: localDate,
  confidence: confidenceLevel.default(0.95),
});
export type EnpiDefinition = z.output<typeof enpiDefinition>;

/** POST /enpis, PUT /enpis/{enpiId} : a changed definition proposes another version of the baseline. */
export const saveEnpi = enpiDefinition;

/** Target of an EnPI: a saving in percent of the expected energy over a period. */
export const energyTarget = z.object({
  id: uuid,
  from: localDate,
  to: localDate,
  saving_percent: z.number(),
  reason: z.string(),
  setBy: z.string(),
  setAt: instant,
});
export type EnergyTarget = z.infer<typeof energyTarget>;
/** POST /enpis/{enpiId}/targets */
export const saveEnergyTarget = z.strictObject({
  from: localDate,
  to: localDate,
  saving_percent: z.number().min(-100).max(100),
  reason: statedReason,
});

export const performanceVerdict = z.enum(['saving', 'excess', 'notDistinguishableFromZero']);

/** Performance by one way of normalising, with its band at the EnPI's confidence. Positive savings are less energy. */
export const methodPerformance = z.object({
  method: z.enum(['forecast', 'backcast', 'chaining', 'standard']),
  /** null where it cannot be stated; `findings` say why. */
  performance: z
    .object({
      adjusted_wh: z.number(),
      actual_wh: z.number(),
      savings_wh: z.number(),
      savings_percent: z.number(),
      /** actual ÷ adjusted. */
      senpi: z.number(),
      confidence: z.number(),
      /** Half-widths of the model, of the metering chain, and of both together. */
      modelHalfWidth_wh: z.number(),
      meteringHalfWidth_wh: z.number(),
      halfWidth_wh: z.number(),
      halfWidth_percent: z.number(),
      verdict: performanceVerdict,
      baseDays: z.int(),
      reportDays: z.int(),
    })
    .nullable(),
  findings: z.array(finding),
});
export type MethodPerformance = z.infer<typeof methodPerformance>;

/** Sum of calendar months up to and including `month`; null unless every month of it is known. */
export const runningMonth = z.object({
  month: z.string(),
  months: z.int(),
  known: z.int(),
  actual_wh: z.number().nullable(),
  expected_wh: z.number().nullable(),
  savings_wh: z.number().nullable(),
  savings_percent: z.number().nullable(),
});

export const performanceChange = z.object({
  direction: z.enum(['more', 'less']),
  /** The change is likely to have begun here, and was seen there. */
  since: localDate,
  detectedOn: localDate,
  meanDifference_wh: z.number(),
});

export const targetState = z.object({
  target: energyTarget,
  /** Known part of the target's period up to now. */
  days: z.int(),
  actual_wh: z.number().nullable(),
  expected_wh: z.number().nullable(),
  halfWidth_wh: z.number().nullable(),
  allowed_wh: z.number().nullable(),
  margin_wh: z.number().nullable(),
  reached_percent: z.number().nullable(),
  state: z.enum(['met', 'missed', 'notDistinguishable', 'unknown']),
});

/** GET /enpis/{enpiId}/performance */
export const enpiPerformance = z.object({
  enpiId: uuid,
  definition: enpiDefinition,
  timeZone: z.string(),
  /** Version of the baseline that it is stated against; null: none can be fitted, `findings` say why. */
  enb: z
    .object({ id: uuid, version: z.int(), state: z.enum(['proposed', 'approved', 'retired', 'refused']) })
    .nullable(),
  /** Unit of the energy before it is shown as kWh: `Wh` or, of a volume, `l`. */
  unit: z.string(),
  methods: z.array(methodPerformance),
  rollingYear: z.array(runningMonth),
  yearToDate: z.array(runningMonth),
  changes: z.array(performanceChange),
  targets: z.array(targetState),
  /** Approved non-routine adjustments that are in the figures, each with its share of the expected energy. */
  adjustments: z.array(z.object({ id: uuid, event: z.string(), energy_wh: z.number() })),
  findings: z.array(finding),
  computedAt: instant.nullable(),
});
export type EnpiPerformance = z.infer<typeof enpiPerformance>;

/** GET /performance?energy=final|primary&siteIds&carrier : sums of EnPIs in one unit; percentages are never averaged. */
export const performanceSum = z.object({
  energy: z.enum(['final', 'primary']),
  unit: z.literal('kWh'),
  confidence: z.number().nullable(),
  total: z
    .object({
      adjusted_kwh: z.number(),
      actual_kwh: z.number(),
      savings_kwh: uncertain,
      savings_percent: z.number(),
      senpi: z.number(),
      modelHalfWidth_kwh: z.number(),
      meteringHalfWidth_kwh: z.number(),
      verdict: performanceVerdict,
    })
    .nullable(),
  /** Why nothing can be added, or what was left out. */
  findings: z.array(finding),
  parts: z.array(
    z.object({
      enpiId: uuid,
      name: z.string(),
      siteId: uuid,
      siteName: z.string(),
      carrier: z.string(),
      /** Energy of the carrier to the energy of the sum: 1, a calorific value, a primary factor. */
      factor: z.string().nullable(),
      factorSource: z.string().nullable(),
      adjusted_kwh: z.number().nullable(),
      actual_kwh: z.number().nullable(),
      halfWidth_kwh: z.number().nullable(),
      isIncluded: z.boolean(),
    }),
  ),
});
export type PerformanceSum = z.infer<typeof performanceSum>;
