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
  uuid,
} from './value.ts';

/** Most points of one series, and of all series of one answer. */
export const seriesLimits = { points: 5_000, pointsInAll: 100_000, meters: 20, measurands: 12 } as const;

export const resolutions = ['auto', 'raw', 'base', 'hour', 'day', 'month'] as const;
export type SeriesResolution = (typeof resolutions)[number];

/** `12,13`: distinct meter ids, at most `most`. */
const meterIds = (most: number) =>
  z
    .string()
    .regex(/^\d{1,10}(,\d{1,10})*$/, 'meter ids separated by commas')
    .transform((text) => [...new Set(text.split(',').map(Number))])
    .refine((list) => list.length <= most, `at most ${most} meters`)
    .refine((list) => list.every((id) => id > 0 && id <= 2_147_483_647), 'meter ids are positive integers');

/** `active_power_l1_w,active_power_l2_w`: distinct measurands, at most `most`. */
const measurandNames = (most: number) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(measurandName).min(1).max(most, `at most ${most} measurands`));

/** Points wished for: the coarsest tier that gives as many is answered. A chart asks for its width in pixels. */
const points = (most: number, wish: number) =>
  z.coerce.number<string>().int().min(10).max(most).default(wish);

/** GET /series?meters=1,2&measurands=…&from&to&resolution=&points= ; `measurand` is short for one. */
export const seriesQuery = z
  .object({
    meters: meterIds(seriesLimits.meters),
    measurand: measurandName.optional(),
    measurands: measurandNames(seriesLimits.measurands).optional(),
    from: instant,
    to: instant,
    resolution: z.enum(resolutions).default('auto'),
    points: points(seriesLimits.points, 300),
  })
  .refine((query) => (query.measurand === undefined) !== (query.measurands === undefined), {
    path: ['measurand'],
    message: 'name either measurand or measurands',
  });

/** Where the points come from: kept intervals, or readings put into intervals for this answer by the same arithmetic. */
export const seriesSource = z.enum(['intervals', 'readings']).meta({ id: 'SeriesSource' });

export const series = z.object({
  /** Tier of the answer; never `auto`. */
  resolution: z.enum(resolutions),
  /** Of the first series; each has its own. */
  measurand: measurandName,
  unit: z.string(),
  kind: z.enum(['counter', 'gauge']),
  from: instant,
  to: instant,
  /** Zone of hours, days and months, of the first meter's site. */
  timeZone: z.string(),
  /** One for each meter and measurand: meters in the order asked for, within a meter measurands so. */
  series: z.array(
    z.object({
      meterId,
      name: z.string(),
      measurand: measurandName,
      unit: z.string(),
      kind: z.enum(['counter', 'gauge']),
      timeZone: z.string(),
      source: seriesSource,
      /** Width of the base interval of the meter's site. */
      base_s: z.int(),
      /**
       * Columns of equal length, at most 5,000 points. Counters: `delta` over [start, start + duration), also where
       * resolution is raw. Gauges: mean, min, max; raw: a single reading (duration 0) or the readings of a stretch with
       * their lowest and highest, so that no peak is lost. Missing values are null.
       */
      start: z.array(instant),
      duration_s: z.array(z.number()),
      delta: z.array(z.number().nullable()).optional(),
      mean: z.array(z.number().nullable()).optional(),
      min: z.array(z.number().nullable()).optional(),
      max: z.array(z.number().nullable()).optional(),
      /** Worst quality class of each point. */
      quality: z.array(intervalQuality),
      /** Shares of the classes over all points. */
      shares: qualityShares,
    }),
  ),
});
export type Series = z.infer<typeof series>;

/** GET /series/heat-map?meter&measurand&from&to&slot= (local dates, half-open, at most 400 days). */
export const heatMapQuery = z.object({
  meter: z.coerce.number<string>().int().positive().max(2_147_483_647),
  /** Left out: the meter's own counter. */
  measurand: measurandName.optional(),
  from: localDate,
  to: localDate,
  slot: z.enum(['hour', 'base']).default('hour'),
});
export const heatMap = z.object({
  meterId,
  name: z.string(),
  measurand: measurandName,
  kind: z.enum(['counter', 'gauge']),
  /** Of the values: a counter is shown as its mean rate (`W`, `var`, `l/h`, …), so that slots of any length compare. */
  unit: z.string(),
  timeZone: z.string(),
  source: seriesSource,
  from: localDate,
  to: localDate,
  slot_s: z.int(),
  /** Rows: every local date. */
  days: z.array(localDate),
  /** Columns: beginning of each slot on the clock face, `HH:MM`. */
  slots: z.array(z.string()),
  /** By day, then by slot. Null: not known, or a slot that the day does not have. */
  values: z.array(z.array(z.number().nullable())),
  /** Null where nothing is expected: the slot does not exist, is not over, or lies before the series. */
  quality: z.array(z.array(intervalQuality.nullable())),
  /** Where the clock changed: slots that do not exist on that day (0 s), are cut, or exist twice (7,200 s). */
  clockChanges: z.array(z.object({ day: localDate, slot: z.string(), duration_s: z.int() })),
  lowest: z.object({ value: z.number(), day: localDate, slot: z.string() }).nullable(),
  highest: z.object({ value: z.number(), day: localDate, slot: z.string() }).nullable(),
  shares: qualityShares,
});
export type HeatMap = z.infer<typeof heatMap>;

/** GET /series/duration-curve?meters&measurand&from&to&points= (at most 400 days, 6 meters). */
export const durationCurveQuery = z.object({
  meters: meterIds(6),
  /** Left out: each meter's own counter. */
  measurand: measurandName.optional(),
  from: instant,
  to: instant,
  points: points(1_000, 200),
});
export const durationCurves = z.object({
  from: instant,
  to: instant,
  curves: z.array(
    z.object({
      meterId,
      name: z.string(),
      measurand: measurandName,
      /** Of the values; a counter is shown as its mean rate over the base interval. */
      unit: z.string(),
      timeZone: z.string(),
      source: seriesSource,
      base_s: z.int(),
      /** Falling. */
      value: z.array(z.number()),
      /** For so many hours the load was at least the value beside it. */
      hours: z.array(z.number()),
      /** `value` is reached or passed during `share` of the known time. */
      quantiles: z.array(z.object({ share: z.number(), value: z.number() })),
      known_h: z.number(),
      missing_h: z.number(),
      mean: z.number().nullable(),
      lowest: z.object({ value: z.number(), start: instant }).nullable(),
      highest: z.object({ value: z.number(), start: instant }).nullable(),
      /** mean ÷ highest. */
      loadFactor: z.number().nullable(),
      shares: qualityShares,
    }),
  ),
});
export type DurationCurves = z.infer<typeof durationCurves>;

/**
 * GET /meters/{meterId}/statistics?from&to : every measurand of a meter over a stretch of at most 93 days, but for
 * harmonics by order and contacts.
 */
export const statisticsQuery = z.object({ from: instant, to: instant });
const extreme = z.object({ value: z.number(), at: instant });
export const meterStatistics = z.object({
  meterId,
  name: z.string(),
  timeZone: z.string(),
  from: instant,
  to: instant,
  /** Ages are counted to here. */
  now: instant,
  /** Readings in the stretch; 0 for virtual and manual meters without any. */
  readings: z.int(),
  measurands: z.array(
    z.object({
      measurand: measurandName,
      unit: z.string(),
      kind: z.enum(['counter', 'gauge']),
      /** Newest value of all, whether or not it lies in the stretch. */
      last: z
        .object({
          value: z.number(),
          at: instant,
          age_s: z.number(),
          stale: z.boolean(),
          quality: z.string(),
        })
        .nullable(),
      /** Gauges only: lowest and highest usable reading, and the first instant it was seen. */
      min: extreme.nullable(),
      max: extreme.nullable(),
      /** Gauges only: integral ÷ time, over the time that neighbouring readings cover. */
      mean: z.number().nullable(),
      /** Counters only: what was counted between the stretch's ends. */
      delta: z.number().nullable(),
      source: seriesSource,
      /** Shares of the stretch (up to now) by quality class. */
      shares: qualityShares,
    }),
  ),
});
export type MeterStatistics = z.infer<typeof meterStatistics>;

export const consumptionGroups = ['zone', 'panel', 'circuit', 'meter', 'use'] as const;
/** GET /sites/{siteId}/consumption?by&from&to&resolution= (local dates, half-open, at most 400 days; by hour 31). */
export const siteConsumptionQuery = z.object({
  by: z.enum(consumptionGroups),
  from: localDate,
  to: localDate,
  resolution: z.enum(['total', 'hour', 'day', 'month']).default('total'),
});
const consumed = {
  carrier,
  /** Unit of `values`: litres for water and fuels measured by volume, else Wh. */
  unit: z.enum(['Wh', 'l']),
  energy_wh: z.number().nullable(),
  volume_l: z.number().nullable(),
  cost: money.nullable(),
  /** Null while the first interval of the stretch is not over. */
  quality: qualityShares.nullable(),
  /** One for each of the answer's periods; empty where resolution is total. */
  values: z.array(z.number().nullable()),
};
export const siteConsumption = z.object({
  siteId: uuid,
  timeZone: z.string(),
  by: z.enum(consumptionGroups),
  from: localDate,
  to: localDate,
  resolution: z.enum(['total', 'hour', 'day', 'month']),
  /** Periods of every `values`; empty where resolution is total. */
  start: z.array(instant),
  duration_s: z.array(z.number()),
  /** Partial consumptions, the largest of each carrier first. */
  rows: z.array(
    z.object({
      /** Id of the zone, panel, circuit or meter, or the energy use; null: what no row explains. */
      id: z.string().nullable(),
      name: z.string().nullable(),
      /** Of a panel its zone, of a circuit its panel, of a meter the one above it. */
      parentId: z.string().nullable(),
      use: energyUse.nullable(),
      ...consumed,
      /** Of the site's total of the carrier; null where either is not known. */
      share: z.number().nullable(),
      /** Meters that were added up. */
      meterIds: z.array(meterId),
      /** Meters that were taken off, because they lie in another zone. */
      lessMeterIds: z.array(meterId),
    }),
  ),
  totals: z.array(z.object(consumed)),
});
export type SiteConsumption = z.infer<typeof siteConsumption>;
