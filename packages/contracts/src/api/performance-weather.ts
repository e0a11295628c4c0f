import { z } from 'zod';
import { fileImport } from './performance-variable.ts';
import { finding, instant, localDate, uuid } from './value.ts';

/** `csv`: time and temperature columns; `isdLite`: hourly files of NOAA's Integrated Surface Database; `meteostat`: hourly bulk files. */
export const weatherFormat = z.enum(['csv', 'isdLite', 'meteostat']).meta({ id: 'WeatherFormat' });

export const weatherStation = z.object({
  id: uuid,
  name: z.string(),
  /** Number of the station with its provider. */
  code: z.string(),
  provider: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  elevation_m: z.number().nullable(),
  hours: z.int(),
  knownFrom: instant.nullable(),
  knownTo: instant.nullable(),
  /** Distance to each site that has a position, km; more than 200 km is a finding (CalTRACK 2.4.2). */
  sites: z.array(
    z.object({ siteId: uuid, siteName: z.string(), distance_km: z.number(), findings: z.array(finding) }),
  ),
});
export type WeatherStation = z.infer<typeof weatherStation>;
/** GET /weather-stations */
export const weatherStations = z.object({ stations: z.array(weatherStation) });
/** POST /weather-stations */
export const createWeatherStation = z.strictObject({
  name: z.string().trim().min(1).max(120),
  code: z.string().trim().max(40).default(''),
  provider: z.string().trim().min(1).max(80),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  elevation_m: z.number().min(-500).max(9000).nullable().default(null),
});
/** POST /weather-stations/{stationId}/imports?format&dryRun&fileName with text/csv, whatever its layout */
export const weatherImport = fileImport.extend({
  format: weatherFormat,
  /** Hours that the gap rule fills by interpolation when days are made (at most 6 in a row). */
  fillable: z.int(),
  missing: z.int(),
});
export type WeatherImport = z.infer<typeof weatherImport>;

export const degreeDayConvention = z.object({
  id: z.string(),
  kind: z.enum(['heating', 'cooling']),
  base_c: z.number(),
  limit_c: z.number().nullable(),
  dayTemperature: z.enum(['mean', 'minMax']),
  source: z.string(),
  verification: z.enum(['verified', 'secondary', 'unverified']),
});

/** GET /sites/{siteId}/degree-days?convention&from&to&variableId : days of the site's temperature, by a named convention. */
export const siteDegreeDays = z.object({
  siteId: uuid,
  timeZone: z.string(),
  convention: degreeDayConvention,
  conventions: z.array(degreeDayConvention),
  /** Where the temperature comes from: a meter, or a station with its distance; null: the site has none. */
  source: z.object({ variableId: uuid, name: z.string(), distance_km: z.number().nullable() }).nullable(),
  days: z.array(
    z.object({ date: localDate, mean_c: z.number().nullable(), degreeDays: z.number().nullable() }),
  ),
  months: z.array(
    z.object({
      month: z.string(),
      degreeDays: z.number().nullable(),
      knownDays: z.int(),
      days: z.int(),
    }),
  ),
  findings: z.array(finding),
});
export type SiteDegreeDays = z.infer<typeof siteDegreeDays>;
