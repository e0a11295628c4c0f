import { z } from 'zod';
import { granularity, statedReason } from './performance-enpi.ts';
import { finding, instant, localDate, measurandName, meterId, uuid } from './value.ts';

export const variableKey = z.string().regex(/^[a-z][a-z0-9_]{0,47}$/, 'small letters, digits and _');

/** A relevant variable of a site: of a meter, of a weather station, or a series that people and files fill. */
export const relevantVariable = z.object({
  id: uuid,
  siteId: uuid,
  /** Its name in models. */
  key: variableKey,
  name: z.string(),
  unit: z.string(),
  source: z.enum(['meter', 'station', 'series']),
  /** `temperature` makes degree days and change points; `amount` goes into models as it is. */
  quantity: z.enum(['amount', 'temperature']),
  /** How values of days make a month. */
  combine: z.enum(['sum', 'mean']),
  granularity,
  meterId: meterId.nullable(),
  measurand: measurandName.nullable(),
  stationId: uuid.nullable(),
  /** First and last local date with a value, and how many there are; gaps between them. */
  knownFrom: localDate.nullable(),
  knownTo: localDate.nullable(),
  known: z.int(),
  gaps: z.array(z.object({ from: localDate, to: localDate })).max(50),
});
export type RelevantVariable = z.infer<typeof relevantVariable>;
/** GET /sites/{siteId}/variables */
export const relevantVariables = z.object({ siteId: uuid, variables: z.array(relevantVariable) });
export type RelevantVariables = z.infer<typeof relevantVariables>;

/** POST /sites/{siteId}/variables */
export const createVariable = z.discriminatedUnion('source', [
  z.strictObject({
    source: z.literal('meter'),
    key: variableKey,
    name: z.string().trim().min(1).max(80),
    meterId,
    measurand: measurandName,
  }),
  z.strictObject({
    source: z.literal('station'),
    key: variableKey,
    name: z.string().trim().min(1).max(80),
    stationId: uuid,
  }),
  z.strictObject({
    source: z.literal('series'),
    key: variableKey,
    name: z.string().trim().min(1).max(80),
    unit: z.string().trim().min(1).max(20),
    quantity: z.enum(['amount', 'temperature']).default('amount'),
    combine: z.enum(['sum', 'mean']).default('sum'),
    granularity: granularity.default('day'),
  }),
]);
export type CreateVariable = z.output<typeof createVariable>;

export const variableValue = z.object({
  date: localDate,
  value: z.number(),
  /** File and row, or who typed it. */
  source: z.string(),
  recordedBy: z.string(),
  recordedAt: instant,
});
/** GET /variables/{variableId}/values?from&to */
export const variableValues = z.object({
  variableId: uuid,
  unit: z.string(),
  granularity,
  values: z.array(variableValue),
  findings: z.array(finding),
});
export type VariableValues = z.infer<typeof variableValues>;
/** PUT /variables/{variableId}/values : a value that was there is kept beside the new one. */
export const saveVariableValues = z.strictObject({
  values: z
    .array(z.strictObject({ date: localDate, value: z.number() }))
    .min(1)
    .max(1000),
  source: z.string().trim().min(1).max(200),
});

/** Result of a file: taken as a whole or not at all. Rows are counted as a person sees them, the title is row 1. */
export const fileImport = z.object({
  dryRun: z.boolean(),
  fileName: z.string(),
  rows: z.int(),
  accepted: z.int(),
  /** Values that replace others. */
  replaced: z.int(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  errors: z.array(z.object({ row: z.int(), column: z.string(), message: z.string(), code: z.string() })),
  findings: z.array(finding),
});
/** POST /variables/{variableId}/imports?dryRun&fileName with text/csv: `date;value` or `date,value`. */
export type FileImport = z.infer<typeof fileImport>;

export const staticFactorValue = z.object({
  validFrom: localDate,
  value: z.string(),
  source: z.string(),
  recordedBy: z.string(),
  recordedAt: instant,
});
/** What does not change routinely (floor area, shifts, products); a change asks for another baseline. */
export const staticFactor = z.object({
  id: uuid,
  siteId: uuid,
  name: z.string(),
  unit: z.string(),
  values: z.array(staticFactorValue),
});
export type StaticFactor = z.infer<typeof staticFactor>;
/** GET /sites/{siteId}/static-factors */
export const staticFactors = z.object({ siteId: uuid, staticFactors: z.array(staticFactor) });
export type StaticFactors = z.infer<typeof staticFactors>;
/** POST /sites/{siteId}/static-factors */
export const createStaticFactor = z.strictObject({
  name: z.string().trim().min(1).max(120),
  unit: z.string().trim().max(20).default(''),
  value: z.string().trim().min(1).max(200),
  validFrom: localDate,
  source: z.string().trim().min(1).max(200),
});
/** POST /static-factors/{factorId}/values : raises a proposal for every EnPI that names the factor. */
export const changeStaticFactor = z.strictObject({
  value: z.string().trim().min(1).max(200),
  validFrom: localDate,
  source: z.string().trim().min(1).max(200),
  reason: statedReason,
});
