import { measurandOf } from '@wattproof/energy';
import type pg from 'pg';
import { insertRow } from './insert.ts';

export interface WeatherSite {
  readonly organisation_id: number;
  readonly site_id: string;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** Offset of the station from its site, degrees: some nine kilometres. */
const away = { latitude: 0.06, longitude: 0.07 } as const;
/** An open field is a little colder than the plant's yard. */
const colder_c = 0.4;
const source = 'Simulated: the weather of the demo, not a recording';

/**
 * A weather station near the site, with the hours of the simulated weather, and its temperature as a relevant variable:
 * degree days then state how far their source is.
 */
export async function storeWeatherStation(
  client: pg.ClientBase,
  site: WeatherSite,
  by: string,
): Promise<void> {
  if (site.latitude === null || site.longitude === null) return;
  const stationId = await insertRow<string>(client, 'weather_station', {
    organisation_id: site.organisation_id,
    name: `${site.name}, weather station`,
    code: '',
    provider: 'Simulated weather',
    latitude: site.latitude + away.latitude,
    longitude: site.longitude + away.longitude,
    created_by: by,
  });
  const { rowCount } = await client.query(
    `INSERT INTO weather_hour (station_id, at, organisation_id, temperature_c, source)
     SELECT $1, h.start, $2, round((h.mean - $3)::numeric, 1), $4
     FROM store.interval_hour h JOIN meter m ON m.id = h.meter_id
     WHERE m.site_id = $5 AND m.carrier = 'weather' AND h.measurand = $6 AND h.mean IS NOT NULL`,
    [
      stationId,
      site.organisation_id,
      colder_c,
      source,
      site.site_id,
      measurandOf('outdoor_temperature_c').id,
    ],
  );
  if (!rowCount) return;
  await insertRow(client, 'relevant_variable', {
    organisation_id: site.organisation_id,
    site_id: site.site_id,
    key: 'station_temperature_c',
    name: 'Temperature at the weather station',
    unit: '°C',
    source: 'station',
    quantity: 'temperature',
    combine: 'mean',
    station_id: stationId,
  });
}
