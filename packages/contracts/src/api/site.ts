import { meterKinds, meterRoles, trustRungs } from '@wattproof/energy';
import { z } from 'zod';
import {
  carrier,
  energyUse,
  instant,
  intervalQuality,
  localDate,
  measurandName,
  meterId,
  money,
  qualityShares,
  uncertain,
  uuid,
} from './value.ts';

export const site = z.object({
  id: uuid,
  name: z.string(),
  legalEntityId: uuid,
  legalEntityName: z.string(),
  activity: z.string(),
  country: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  floorArea_m2: z.number().nullable(),
  subscribedPower_w: z.number().nullable(),
});
export const sites = z.object({ sites: z.array(site) });
export type Site = z.infer<typeof site>;

/** One row of the "So far" ledger. Quality null: its first interval is not over. */
const soFarRow = z.object({
  period: z.enum(['today', 'month', 'year']),
  from: instant,
  to: instant,
  /** Final energy by carrier, Wh (gas as gross calorific value); water in litres. */
  carriers: z.array(
    z.object({
      carrier,
      energy_wh: z.number().nullable(),
      volume_l: z.number().nullable(),
      cost: money.nullable(),
    }),
  ),
  cost: money.nullable(),
  /** Electricity against the baseline's expectation, share. */
  againstBaseline: uncertain.nullable(),
  quality: qualityShares.nullable(),
});

/** GET /sites/{siteId}/overview : what is happening now, is it normal. */
export const siteOverview = z.object({
  site,
  now: instant,
  /** Power of the site's electricity total; null where nothing is known. `stale` after three missed periods. */
  power: z
    .object({
      value_w: z.number(),
      at: instant,
      stale: z.boolean(),
      expected: z.object({ value_w: z.number(), low_w: z.number(), high_w: z.number() }).nullable(),
    })
    .nullable(),
  /** Power that the scale ends at, W. */
  scaleMax_w: z.number(),
  outdoorTemperature_c: z.number().nullable(),
  /** Above or below the band, since when; null where inside or not known. */
  deviation: z.object({ value_w: z.number(), since: instant }).nullable(),
  soFar: z.array(soFarRow),
  uses: z.array(
    z.object({
      /** null: not explained by any sub-meter. */
      use: energyUse.nullable(),
      power_w: z.number().nullable(),
      at: instant.nullable(),
      stale: z.boolean(),
      expected: z.object({ value_w: z.number(), low_w: z.number(), high_w: z.number() }).nullable(),
    }),
  ),
  openAlarms: z.int(),
});
export type SiteOverview = z.infer<typeof siteOverview>;

/** GET /sites/{siteId}/load?date=YYYY-MM-DD : the day's load curve of the site's electricity with its expected band. */
export const siteLoad = z.object({
  date: localDate,
  timeZone: z.string(),
  from: instant,
  to: instant,
  duration_s: z.int(),
  /** Mean power of each base interval, W, with its quality; null power where missing or not over. */
  points: z.array(
    z.object({ start: instant, mean_w: z.number().nullable(), quality: intervalQuality.nullable() }),
  ),
  band: z.array(z.object({ start: instant, expected_w: z.number(), low_w: z.number(), high_w: z.number() })),
  bandMethod: z.string(),
  /** Quality of the readings of each line over the same time, run-length. */
  lines: z.array(
    z.object({
      name: z.string(),
      runs: z.array(z.object({ from: instant, to: instant, quality: intervalQuality })),
    }),
  ),
});
export type SiteLoad = z.infer<typeof siteLoad>;

/** GET /sites/{siteId}/uses?from&to (local dates, half-open): consumption and cost by use and carrier. Quality null: its first interval is not over. */
export const siteUses = z.object({
  from: localDate,
  to: localDate,
  rows: z.array(
    z.object({
      use: energyUse.nullable(),
      carrier,
      energy_wh: z.number().nullable(),
      volume_l: z.number().nullable(),
      cost: money.nullable(),
      /** Share of the site's total of that carrier. */
      share: z.number().nullable(),
      quality: qualityShares.nullable(),
      meterIds: z.array(meterId),
    }),
  ),
  totals: z.array(
    z.object({
      carrier,
      energy_wh: z.number().nullable(),
      volume_l: z.number().nullable(),
      cost: money.nullable(),
      quality: qualityShares.nullable(),
    }),
  ),
});
export type SiteUses = z.infer<typeof siteUses>;

export const latestValue = z.object({
  measurand: measurandName,
  value: z.number(),
  at: instant,
  quality: z.string(),
});

export const meter = z.object({
  id: meterId,
  siteId: uuid,
  name: z.string(),
  kind: z.enum(meterKinds),
  role: z.enum([...meterRoles, 'total']),
  carrier: z.string(),
  energyUse: energyUse.nullable(),
  measurand: measurandName.nullable(),
  parentId: meterId.nullable(),
  circuitId: uuid.nullable(),
  zoneId: uuid.nullable(),
  serialNumber: z.string(),
  profile: z
    .object({ id: z.string(), name: z.string(), trust: z.enum(trustRungs), note: z.string() })
    .nullable(),
  line: z
    .object({ id: uuid, name: z.string(), transport: z.string(), unitAddress: z.int().nullable() })
    .nullable(),
  accuracy: z.array(z.object({ part: z.string(), class: z.number() })),
  latest: z
    .object({
      at: instant,
      receivedAt: instant,
      quality: z.string(),
      stale: z.boolean(),
      values: z.array(latestValue),
    })
    .nullable(),
});
export const meters = z.object({ meters: z.array(meter) });
export type Meter = z.infer<typeof meter>;
/** GET /meters/{meterId} */
export const meterDetail = meter.extend({
  events: z.array(
    z.object({
      kind: z.string(),
      at: instant,
      measurand: z.string(),
      closingIndex: z.number().nullable(),
      openingIndex: z.number(),
      note: z.string(),
      origin: z.string(),
    }),
  ),
  terms: z.array(
    z.object({
      sourceMeterId: meterId,
      sourceName: z.string(),
      sign: z.union([z.literal(1), z.literal(-1)]),
    }),
  ),
  keys: z.array(
    z.object({
      gatewayId: z.string(),
      meterKey: z.string(),
      validFrom: instant.nullable(),
      validTo: instant.nullable(),
    }),
  ),
});
export type MeterDetail = z.infer<typeof meterDetail>;

/** GET /sites/{siteId}/structure : zone → panel → circuit → meter. */
export const siteStructure = z.object({
  zones: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      panels: z.array(
        z.object({
          id: uuid,
          name: z.string(),
          circuits: z.array(
            z.object({
              id: uuid,
              name: z.string(),
              ratedCurrent_a: z.number().nullable(),
              energyUse: energyUse.nullable(),
              meterIds: z.array(meterId),
            }),
          ),
        }),
      ),
      /** Meters of the zone that are in no circuit: gas, water, weather. */
      meterIds: z.array(meterId),
    }),
  ),
  /** Virtual totals and meters without a zone. */
  meterIds: z.array(meterId),
  meters: z.array(meter),
});
export type SiteStructure = z.infer<typeof siteStructure>;

/** GET /meters/{meterId}/readings?from&to&limit : raw readings, newest first. */
export const readings = z.object({
  meterId,
  readings: z.array(
    z.object({
      at: instant,
      receivedAt: instant,
      quality: z.string(),
      skew_ms: z.int(),
      values: z.record(z.string(), z.number()),
    }),
  ),
});
export type Readings = z.infer<typeof readings>;

/** Server-sent events of GET /sites/{siteId}/live : event `latest` on each change, `ping` every 15 s. */
export const liveEvent = z.object({
  siteId: uuid,
  meters: z.array(
    z.object({
      meterId,
      at: instant,
      receivedAt: instant,
      quality: z.string(),
      values: z.record(z.string(), z.number()),
    }),
  ),
});
export type LiveEvent = z.infer<typeof liveEvent>;
