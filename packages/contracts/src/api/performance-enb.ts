import { enbForms } from '@wattproof/energy';
import { z } from 'zod';
import { granularity, statedReason } from './performance-enpi.ts';
import { finding, instant, localDate, measurandName, meterId, uuid } from './value.ts';

/**
 * Forms of a baseline. `linear`: variables and degree days over a grid of base temperatures; `2P` to `5P`: change points
 * in the outdoor temperature; `caltrack`: usage per day of CalTRACK 2.0; `mean`: measured value; `ratio`: energy per
 * output; `modifiedIntensity`: energy per output beside a stated base load; `timeOfWeek`: hours of the week and the hour's
 * temperature by month (CalTRACK 2.0 hourly).
 */
export const enbForm = z.enum(enbForms).meta({ id: 'EnbForm' });

/** What a person chooses among the candidates: the fit of it is the same every time it is made. */
export const modelChoice = z.strictObject({
  form: enbForm,
  /** Keys of the variables; outdoor temperature and degree days are `hdd` and `cdd`. */
  variables: z.array(z.string().max(64)).max(8).default([]),
  /** modifiedIntensity: share of the energy that does not follow the output, 0 to 1. */
  baseLoadShare: z.number().min(0).max(1).optional(),
});
export type ModelChoice = z.output<typeof modelChoice>;

export const enbTerm = z.object({
  /** Key of the variable; `intercept`, `hdd`, `cdd`, `temperature`. */
  variable: z.string(),
  unit: z.string(),
  coefficient: z.number(),
  standardError: z.number().nullable(),
  t: z.number().nullable(),
  p: z.number().nullable(),
  /** Base temperature or change point of the variable, with its standard error where it was estimated. */
  base_c: z.number().nullable(),
  baseStandardError_c: z.number().nullable(),
  /** Range of the variable in the baseline: the model says nothing beyond it. */
  range: z.object({ min: z.number(), max: z.number(), mean: z.number() }).nullable(),
});

/** One month of an hourly model, Wh an hour; hours of the week from Monday 0 h. */
export const hourlySegment = z.object({
  month: z.int().min(1).max(12),
  /** null: the hour never occurred. */
  hourEffects: z.array(z.number().nullable()),
  occupied: z.array(z.boolean()),
  /** Bends of the broken line of temperature, °C, and its slopes between them, Wh/K. */
  occupiedEndPoints: z.array(z.number()),
  occupiedSlopes: z.array(z.number()),
  unoccupiedEndPoints: z.array(z.number()),
  unoccupiedSlopes: z.array(z.number()),
});
export type HourlySegment = z.infer<typeof hourlySegment>;

/** Fit statistics; the name says what was deducted. */
export const enbStatistics = z.object({
  /** Rows: days or months. */
  n: z.int(),
  /** Coefficients and change points. */
  parameters: z.int(),
  dfResidual: z.int(),
  r2: z.number(),
  /** 1 − (1 − R²)(n − 1)/(n − parameters). */
  adjustedR2: z.number(),
  /** √(SSE/(n − parameters))/ȳ, ASHRAE Guideline 14. */
  cvRmse: z.number(),
  /** √(SSE/(n − slopes))/ȳ, CalTRACK 2.0. */
  cvRmseSlopesOnly: z.number(),
  /** Σ(actual − model)/((n − parameters)·ȳ). */
  nmbe: z.number(),
  f: z.number().nullable(),
  fP: z.number().nullable(),
  autocorrelation: z.number(),
  /** n(1 − ρ)/(1 + ρ). */
  effectiveN: z.number(),
  sigma_wh: z.number(),
});

/** Verdict of a protocol on a model; `findings` are what it does not pass. */
export const protocolVerdict = z.object({
  protocol: z.enum(['sep', 'guideline14', 'caltrack']),
  passed: z.boolean(),
  findings: z.array(finding),
});

/** One ranked model for a choice of meters, variables and period. */
export const enbCandidate = z.object({
  /** The choice as text; the same for the same choice. */
  id: z.string(),
  rank: z.int(),
  choice: modelChoice,
  /** Empty where the model is one of hours. */
  terms: z.array(enbTerm),
  /** null: not a model of hours. */
  hourly: z.array(hourlySegment).nullable(),
  statistics: enbStatistics,
  /** Criterion of Schwarz minus that of the first. */
  deltaBic: z.number(),
  verdicts: z.array(protocolVerdict),
  /** Not empty: the model may not become a baseline. */
  refused: z.array(finding),
  warnings: z.array(finding),
  /** Half-width of the savings over the reporting period that this model would allow, in percent; null: no such period. */
  savingsHalfWidth_percent: z.number().nullable(),
  savings_percent: z.number().nullable(),
  /** One value for each row of `rows`; null where it is not known. */
  fitted_wh: z.array(z.number().nullable()),
  /** Energy by outdoor temperature, or by the first variable, other variables at their mean; null for a constant. */
  signature: z
    .object({ variable: z.string(), unit: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })
    .nullable(),
});
export type EnbCandidate = z.infer<typeof enbCandidate>;

/** POST /enb-candidates : answers at once and stores nothing. */
export const findCandidates = z.strictObject({
  siteId: uuid,
  meterIds: z.array(meterId).min(1).max(20),
  measurand: measurandName,
  variableIds: z.array(uuid).max(8).default([]),
  granularity: granularity.default('day'),
  baseline: z.strictObject({ from: localDate, to: localDate }),
  /** Savings that each candidate would state, and its range test. */
  reporting: z.strictObject({ from: localDate, to: localDate }).optional(),
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  /** Whether the hourly model is tried too; every model is then fitted to the days of which all hours are known. */
  hourly: z.boolean().default(false),
  /** Forms that are tried; all that the data allows where left out. */
  forms: z.array(enbForm).min(1).optional(),
  baseLoadShare: z.number().min(0).max(1).optional(),
});
export type FindCandidates = z.output<typeof findCandidates>;
export const candidates = z.object({
  timeZone: z.string(),
  unit: z.string(),
  granularity,
  /** Rows of baseline and reporting period. */
  rows: z.array(
    z.object({
      /** First local date. */
      date: localDate,
      days: z.int(),
      phase: z.enum(['baseline', 'reporting', 'between']),
      energy_wh: z.number().nullable(),
      /** By key; outdoor temperature is `temperature`. */
      variables: z.record(z.string(), z.number().nullable()),
      /** Every day of it was known and it is in the fit. */
      isFitted: z.boolean(),
    }),
  ),
  variables: z.array(z.object({ key: z.string(), name: z.string(), unit: z.string(), known: z.int() })),
  /** Share of the baseline's time by quality of its energy. */
  measuredShare: z.number(),
  /** About the data: missing, zero, negative, constant, collinear, overlapping … */
  findings: z.array(finding),
  candidates: z.array(enbCandidate),
  duration_ms: z.number(),
});
export type Candidates = z.infer<typeof candidates>;

export const enbState = z.enum(['proposed', 'approved', 'retired', 'refused']).meta({ id: 'EnbState' });

/** One version of an EnPI's baseline. Its fit is never edited; another one is another version. */
export const enbVersion = z.object({
  id: uuid,
  version: z.int(),
  state: enbState,
  isInForce: z.boolean(),
  choice: modelChoice.nullable(),
  baseline: z.object({ from: localDate, to: localDate }),
  meterIds: z.array(meterId),
  terms: z.array(enbTerm),
  hourly: z.array(hourlySegment).nullable(),
  statistics: enbStatistics,
  findings: z.array(finding),
  /** Fingerprint of the data that it was fitted to. */
  inputSha256: z.string(),
  computedAt: instant,
  reason: z.string(),
  proposedBy: z.string().nullable(),
  proposedAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  decisionReason: z.string().nullable(),
  /** Result of the reporting period against this version: both baselines are shown before one is approved. */
  result: z
    .object({
      actual_wh: z.number(),
      expected_wh: z.number(),
      savings_wh: z.number(),
      savings_percent: z.number(),
      halfWidth_wh: z.number(),
      halfWidth_percent: z.number(),
      verdict: z.enum(['saving', 'excess', 'notDistinguishableFromZero', 'insufficientData']),
      findings: z.array(finding),
    })
    .nullable(),
});
export type EnbVersion = z.infer<typeof enbVersion>;
/** GET /enpis/{enpiId}/enbs, newest first */
export const enbRegister = z.object({ enpiId: uuid, enbs: z.array(enbVersion) });
export type EnbRegister = z.infer<typeof enbRegister>;

/** POST /enpis/{enpiId}/enbs : fits the choice and registers it as proposed. */
export const proposeEnb = z.strictObject({
  choice: modelChoice,
  baseline: z.strictObject({ from: localDate, to: localDate }).optional(),
  reason: statedReason,
  /** The proposal to re-baseline that it answers. */
  proposalId: uuid.optional(),
});
/** POST /enpis/{enpiId}/enbs/{enbId}/decision : approving retires the version in force. */
export const decideEnb = z.strictObject({ decision: z.enum(['approve', 'refuse']), reason: statedReason });

/** A reason to look at the baseline again, found by the computation or stated by a person. */
export const rebaselineProposal = z.object({
  id: uuid,
  enpiId: uuid,
  enpiName: z.string(),
  siteId: uuid,
  siteName: z.string(),
  trigger: z.enum([
    'staticFactorChanged',
    'variableOutOfRange',
    'drift',
    'baselineDataChanged',
    'definitionChanged',
    'manual',
  ]),
  /** Since when it holds. */
  since: localDate,
  findings: z.array(finding),
  state: z.enum(['open', 'accepted', 'dismissed']),
  raisedAt: instant,
  raisedBy: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  decisionReason: z.string().nullable(),
  /** The version that answered it. */
  enbId: uuid.nullable(),
});
export type RebaselineProposal = z.infer<typeof rebaselineProposal>;
/** GET /rebaseline-proposals?state=open&siteId */
export const rebaselineProposals = z.object({ proposals: z.array(rebaselineProposal) });
/** POST /enpis/{enpiId}/rebaseline-proposals */
export const raiseProposal = z.strictObject({ since: localDate, reason: statedReason });
/** POST /rebaseline-proposals/{proposalId}/dismissal */
export const dismissProposal = z.strictObject({ reason: statedReason });
