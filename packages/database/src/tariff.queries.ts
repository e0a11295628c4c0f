import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface TariffRow {
  readonly siteId: string;
  readonly carrier: string;
  /** Local date from which the price is in force. */
  readonly validFrom: string;
  /** Exact decimal. */
  readonly pricePerUnit: string;
  readonly unit: 'kWh' | 'm³';
  readonly currency: string;
}

/** Prices of some sites, each carrier's oldest first. */
export async function listTariffs(
  client: PoolClient,
  scope: Scope,
  siteIds: readonly string[],
): Promise<TariffRow[]> {
  const { rows } = await client.query<TariffRow>(
    `SELECT site_id AS "siteId", carrier, valid_from::text AS "validFrom", price_per_unit::text AS "pricePerUnit", unit, currency
     FROM tariff WHERE organisation_id = $1 AND site_id = ANY ($2) ORDER BY site_id, carrier, valid_from`,
    [scope.organisationId, siteIds],
  );
  return rows;
}
