import { carriers, energyUses, intervalQualities, locales, measurands, roles } from '@wattproof/energy';
import { z } from 'zod';

/** Values that many answers share. Instants are ISO 8601 in UTC, dates are local to the site, energy is in Wh. */
export const instant = z.iso.datetime({ offset: true }).meta({ id: 'Instant' });
export const localDate = z.iso.date().meta({ id: 'LocalDate' });
export const uuid = z.uuid();
export const meterId = z.int().positive();
export const carrier = z.enum(carriers).meta({ id: 'Carrier' });
export const energyUse = z.enum(energyUses).meta({ id: 'EnergyUse' });
export const locale = z.enum(locales);
export const role = z.enum(roles);
export const intervalQuality = z.enum(intervalQualities).meta({ id: 'IntervalQuality' });
export const measurandName = z
  .enum(measurands.map((m) => m.name) as [string, ...string[]])
  .meta({ id: 'MeasurandName' });
/** Decimal number as text, exact. */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
export const money = z.object({ amount: decimal, currency: z.string().length(3) }).meta({ id: 'Money' });
export type Money = z.infer<typeof money>;

/** Shares of a figure's time by quality class, each 0 to 1, adding up to 1. */
export const qualityShares = z
  .object({
    measured: z.number(),
    interpolated: z.number(),
    estimated: z.number(),
    manual: z.number(),
    missing: z.number(),
  })
  .meta({ id: 'QualityShares' });
export type QualityShares = z.infer<typeof qualityShares>;

/** Something found that a person should know: why a result is limited or refused. */
export const finding = z
  .object({
    code: z.string(),
    message: z.string(),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof finding>;

/** Value with the half-width of its uncertainty at a stated confidence. */
export const uncertain = z
  .object({
    value: z.number(),
    halfWidth: z.number().nullable(),
    confidence: z.number().nullable(),
  })
  .meta({ id: 'Uncertain' });

/** RFC 9457 problem details. `code` is one of the closed set of error codes. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string().optional(),
    /** What, where and why, by field. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
