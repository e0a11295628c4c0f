import { z } from 'zod';
import { instant, localDate, measurandName, meterId, qualityShares, uuid } from './value.ts';

/** Widths of the base interval: the demand period of the site's contract. */
export const baseIntervals_s = [300, 600, 900, 1800, 3600] as const;
const baseInterval_s = z.union(baseIntervals_s.map((s) => z.literal(s)));
/** Day of the month on which a billing period begins; 29 to 31 mean the last day of a shorter month. */
const billingDay = z.int().min(1).max(31);

/** GET /sites/{siteId}/metering */
export const siteMetering = z.object({
  timeZone: z.string(),
  baseInterval_s,
  /** Widths that fit the zone's clock: Lord Howe Island moves its clocks by half an hour. */
  possibleBaseIntervals_s: z.array(baseInterval_s),
  billingDay,
  /** Delivery points whose bills run otherwise. */
  deliveryPoints: z.array(
    z.object({ id: uuid, code: z.string(), name: z.string(), billingDay: billingDay.nullable() }),
  ),
  /** Meters whose intervals are being computed anew. */
  metersComputing: z.int(),
});
export type SiteMetering = z.infer<typeof siteMetering>;

/** PUT /sites/{siteId}/metering : another base interval computes all intervals of the site anew from their readings. */
export const saveSiteMetering = z.strictObject({
  baseInterval_s,
  billingDay,
  deliveryPoints: z
    .array(z.strictObject({ id: uuid, billingDay: billingDay.nullable() }))
    .max(100)
    .default([]),
});
export type SaveSiteMetering = z.input<typeof saveSiteMetering>;

/**
 * GET /meters/{meterId}/billing-periods?from&to&day&deliveryPointId&measurand : consumption and peak demand by billing
 * period in the site's time zone; `from` and `to` are local dates, at most 37 periods. `day` beats the delivery
 * point's, that beats the site's.
 */
export const billingPeriods = z.object({
  meterId,
  measurand: measurandName,
  unit: z.string(),
  timeZone: z.string(),
  billingDay,
  baseInterval_s,
  periods: z.array(
    z.object({
      /** [from, to), local dates. */
      from: localDate,
      to: localDate,
      start: instant,
      end: instant,
      /** Integer sum of the base intervals; a lower bound where quality.missing > 0. */
      delta: z.number().nullable(),
      quality: qualityShares,
      /** Highest mean power over one base interval, W, and when it began; null where energy is not counted in Wh. */
      peakDemand: z.object({ power_w: z.number(), at: instant }).nullable(),
    }),
  ),
});
export type BillingPeriods = z.infer<typeof billingPeriods>;
