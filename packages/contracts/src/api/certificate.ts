import { z } from 'zod';
import { instant } from './value.ts';

/** How near an obtained value must come to the published one. */
export const certificateTolerance = z.discriminatedUnion('kind', [
  /** Shared significant digits. */
  z.object({ kind: z.literal('digits'), least: z.number() }),
  /** Largest difference. */
  z.object({ kind: z.literal('absolute'), greatest: z.number() }),
  z.object({ kind: z.literal('exact') }),
]);

export const certificateCheck = z.object({
  name: z.string(),
  expected: z.number(),
  /** null where the calculation gave no number. */
  obtained: z.number().nullable(),
  /** obtained − expected. */
  difference: z.number().nullable(),
  /** Shared significant digits, at most 16; null where the published value is zero. */
  digits: z.number().nullable(),
  tolerance: certificateTolerance,
  passed: z.boolean(),
});

export const certificateCase = z.object({
  id: z.string(),
  title: z.string(),
  method: z.string(),
  source: z.string(),
  licence: z.string(),
  checks: z.array(certificateCheck),
  passed: z.boolean(),
  /** Why the case could not be run; null where it was. */
  failure: z.string().nullable(),
});

/** GET /certificate */
export const certificate = z
  .object({
    version: z.string(),
    /** Commit of the running source, null where it runs outside of a checkout. */
    commit: z.string().nullable(),
    /** SHA-256 over the source files of the calculation, by path: two installations with the same one calculate alike. */
    sourceSha256: z.string().length(64),
    runtime: z.string(),
    ranAt: instant,
    duration_ms: z.number(),
    passed: z.boolean(),
    checks: z.number().int(),
    checksPassed: z.number().int(),
    cases: z.array(certificateCase),
  })
  .meta({ id: 'CalculationCertificate' });
export type Certificate = z.infer<typeof certificate>;
export type CertificateCase = z.infer<typeof certificateCase>;
export type CertificateCheck = z.infer<typeof certificateCheck>;
