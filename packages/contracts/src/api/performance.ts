import { z } from 'zod';
import {
  finding,
  instant,
  localDate,
  measurandName,
  meterId,
  money,
  qualityShares,
  uncertain,
  uuid,
} from './value.ts';

export const savingsVerdict = z.enum(['saving', 'excess', 'notDistinguishableFromZero', 'insufficientData']);

export const savings = z.object({
  from: localDate,
  to: localDate,
  actual_wh: z.number(),
  expected_wh: z.number(),
  /** (actual − expected) ÷ expected: negative is a saving. */
  share: uncertain,
  energy_wh: uncertain,
  cost: money.nullable(),
  /** Half-widths of the model and of the metering chain, apart, as shares of expected. */
  modelHalfWidth: z.number(),
  meteringHalfWidth: z.number(),
  /** Standard uncertainty of the metering chain, and whether it is that of the baseline; null where it is not known. */
  metering: z
    .object({ standardUncertainty_percent: z.number(), chain: z.enum(['unchanged', 'replaced']) })
    .nullable(),
  verdict: savingsVerdict,
});

export const modelStatistics = z.object({
  n: z.int(),
  r2: z.number(),
  adjustedR2: z.number(),
  cvRmse: z.number(),
  /** Lag-1 autocorrelation of the residuals and the number of independent days it leaves. */
  autocorrelation: z.number(),
  effectiveN: z.number(),
});

export const candidateModel = z.object({
  rank: z.int(),
  variables: z.array(z.string()),
  statistics: modelStatistics,
  deltaBic: z.number(),
  inUse: z.boolean(),
  refused: z.array(finding),
});

/** GET /enpis */
export const enpiSummary = z.object({
  id: uuid,
  siteId: uuid,
  siteName: z.string(),
  name: z.string(),
  meterId,
  measurand: measurandName,
  baseline: z
    .object({ from: localDate, to: localDate, version: z.int(), findings: z.array(finding) })
    .nullable(),
  reporting: z.object({ from: localDate, to: localDate }).nullable(),
  savings: savings.nullable(),
  /** Months of the report: time by quality of their energy, and actual against expected; negative is a saving. */
  quality: qualityShares.nullable(),
  trend: z.array(
    z.object({ month: z.string(), share: z.number().nullable(), halfWidth: z.number().nullable() }),
  ),
  computedAt: instant.nullable(),
});
export const enpis = z.object({ enpis: z.array(enpiSummary) });
export type EnpiSummary = z.infer<typeof enpiSummary>;

/** GET /enpis/{enpiId} */
export const enpiDetail = enpiSummary.extend({
  model: z
    .object({
      /** energy_wh a day = Σ coefficient × variable. */
      terms: z.array(
        z.object({
          variable: z.string(),
          unit: z.string(),
          coefficient: z.number(),
          standardError: z.number(),
          t: z.number(),
          p: z.number(),
        }),
      ),
      heatingBase_c: z.number().nullable(),
      coolingBase_c: z.number().nullable(),
      statistics: modelStatistics,
    })
    .nullable(),
  candidates: z.array(candidateModel),
  months: z.array(
    z.object({
      month: z.string(),
      actual_wh: z.number().nullable(),
      expected_wh: z.number().nullable(),
      halfWidth_wh: z.number().nullable(),
      quality: qualityShares,
    }),
  ),
  days: z.array(
    z.object({
      date: localDate,
      phase: z.enum(['baseline', 'reporting', 'between']),
      actual_wh: z.number().nullable(),
      expected_wh: z.number().nullable(),
      temperature_c: z.number().nullable(),
      production_g: z.number().nullable(),
      /** Running sum of actual − expected since the start of reporting; null before. */
      cusum_wh: z.number().nullable(),
      /** Half-width of the no-change band of the CUSUM. */
      cusumBand_wh: z.number().nullable(),
    }),
  ),
});
export type EnpiDetail = z.infer<typeof enpiDetail>;
