import type { MeterRole } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

/** What reading a meter's series needs to know of it and its site. */
export interface SeriesMeterRow {
  readonly id: number;
  readonly siteId: string;
  readonly name: string;
  readonly kind: 'physical' | 'virtual' | 'manual';
  readonly role: MeterRole | 'total';
  readonly carrier: string;
  readonly measurand: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly readingPeriod_s: number;
  readonly timeZone: string;
  readonly base_s: number;
}

/** Those of the meters that the scope lets see, in no order. */
export async function listSeriesMeters(
  client: PoolClient,
  scope: Scope,
  ids: readonly number[],
): Promise<SeriesMeterRow[]> {
  const { rows } = await client.query<SeriesMeterRow>({
    name: 'series-meters',
    text: `SELECT m.id, m.site_id AS "siteId", m.name, m.kind, m.role, m.carrier, m.measurand, m.settings,
       m.reading_period_s AS "readingPeriod_s", s.time_zone AS "timeZone", s.base_interval_s AS base_s
     FROM meter m JOIN site s ON s.id = m.site_id
     WHERE m.organisation_id = $1 AND ($2::uuid[] IS NULL OR m.site_id = ANY ($2)) AND m.id = ANY ($3)`,
    values: [scope.organisationId, scope.siteIds, ids],
  });
  return rows;
}
