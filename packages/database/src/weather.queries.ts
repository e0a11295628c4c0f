import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface WeatherStationRow {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly provider: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly elevation_m: number | null;
  readonly hours: number;
  readonly knownFrom: Date | null;
  readonly knownTo: Date | null;
}

/** Weather stations are the organisation's: every site may be near one. */
export async function listWeatherStations(
  client: PoolClient,
  scope: Scope,
  stationId?: string,
): Promise<WeatherStationRow[]> {
  const { rows } = await client.query<WeatherStationRow>(
    `SELECT s.id, s.name, s.code, s.provider, s.latitude, s.longitude, s.elevation_m, h.hours, h.first_at AS "knownFrom",
       h.last_at AS "knownTo"
     FROM weather_station s LEFT JOIN LATERAL (SELECT count(*)::int AS hours, min(at) AS first_at, max(at) AS last_at
       FROM weather_hour h WHERE h.station_id = s.id) h ON true
     WHERE s.organisation_id = $1 AND ($2::uuid IS NULL OR s.id = $2) ORDER BY s.name, s.id`,
    [scope.organisationId, stationId ?? null],
  );
  return rows;
}

export const findWeatherStation = async (
  client: PoolClient,
  scope: Scope,
  stationId: string,
): Promise<WeatherStationRow | undefined> => (await listWeatherStations(client, scope, stationId))[0];

export async function addWeatherStation(
  client: PoolClient,
  scope: Scope,
  station: Pick<WeatherStationRow, 'name' | 'code' | 'provider' | 'latitude' | 'longitude' | 'elevation_m'>,
  by: string,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO weather_station (organisation_id, name, code, provider, latitude, longitude, elevation_m, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [
      scope.organisationId,
      station.name,
      station.code,
      station.provider,
      station.latitude,
      station.longitude,
      station.elevation_m,
      by,
    ],
  );
  return rows[0]?.id as string;
}

/** Hours that have another value already. */
export async function countOtherHours(
  client: PoolClient,
  scope: Scope,
  stationId: string,
  hours: readonly { readonly at_ms: number; readonly temperature_c: number }[],
): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM unnest($3::timestamptz[], $4::float8[]) AS w (at, temperature_c)
     JOIN weather_hour h ON h.organisation_id = $1 AND h.station_id = $2 AND h.at = w.at
       AND h.temperature_c <> w.temperature_c`,
    [
      scope.organisationId,
      stationId,
      hours.map(({ at_ms }) => new Date(at_ms)),
      hours.map(({ temperature_c }) => temperature_c),
    ],
  );
  return rows[0]?.n ?? 0;
}

export async function storeWeatherHours(
  client: PoolClient,
  scope: Scope,
  stationId: string,
  {
    hours,
    source,
  }: {
    readonly hours: readonly { readonly at_ms: number; readonly temperature_c: number }[];
    readonly source: string;
  },
): Promise<void> {
  await client.query(
    `INSERT INTO weather_hour (station_id, at, organisation_id, temperature_c, source)
     SELECT $2, w.at, $1, w.temperature_c, $5 FROM unnest($3::timestamptz[], $4::float8[]) AS w (at, temperature_c)
     ON CONFLICT (station_id, at) DO UPDATE SET temperature_c = excluded.temperature_c, source = excluded.source`,
    [
      scope.organisationId,
      stationId,
      hours.map(({ at_ms }) => new Date(at_ms)),
      hours.map(({ temperature_c }) => temperature_c),
      source,
    ],
  );
}

/** Positions of sites that have one. */
export async function sitePositions(
  client: PoolClient,
  scope: Scope,
): Promise<
  {
    readonly siteId: string;
    readonly siteName: string;
    readonly latitude: number;
    readonly longitude: number;
  }[]
> {
  const { rows } = await client.query<{
    siteId: string;
    siteName: string;
    latitude: number;
    longitude: number;
  }>(
    `SELECT id AS "siteId", name AS "siteName", latitude, longitude FROM site WHERE organisation_id = $1
       AND ($2::uuid[] IS NULL OR id = ANY ($2)) AND latitude IS NOT NULL AND longitude IS NOT NULL ORDER BY name`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}
