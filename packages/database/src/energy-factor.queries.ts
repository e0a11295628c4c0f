import type { CalorificBasis, Carrier, LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

/** A factor of the organisation's own; those that come with the product are code. */
export interface EnergyFactorRow {
  readonly id: string;
  readonly kind: 'fuel' | 'primary' | 'carbon';
  readonly carrier: Carrier;
  readonly basis: CalorificBasis;
  readonly unit: string;
  /** Exact decimal. */
  readonly value: string;
  readonly place: string | null;
  readonly account: 'location' | 'market' | null;
  readonly scope: 'direct' | 'lifeCycle' | null;
  readonly gas: 'CO2' | 'CO2e' | null;
  readonly effectiveFrom: LocalDate | null;
  readonly effectiveTo: LocalDate | null;
  readonly source: string;
  readonly licence: string;
  readonly verification: 'verified' | 'secondary' | 'unverified';
  /** Id of the version that it took the place of. */
  readonly replaces: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export async function listEnergyFactors(client: PoolClient, scope: Scope): Promise<EnergyFactorRow[]> {
  const { rows } = await client.query<EnergyFactorRow>(
    `SELECT id, kind, carrier, basis, unit, trim_scale(value)::text AS value, place, account, scope, gas,
       effective_from::text AS "effectiveFrom", effective_to::text AS "effectiveTo", source, licence, verification, replaces, created_by AS "createdBy",
       created_at AS "createdAt"
     FROM energy_factor WHERE organisation_id = $1 ORDER BY kind, carrier, effective_from NULLS FIRST, id`,
    [scope.organisationId],
  );
  return rows;
}

export async function addEnergyFactor(
  client: PoolClient,
  scope: Scope,
  factor: Omit<EnergyFactorRow, 'id' | 'createdAt'>,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO energy_factor (organisation_id, kind, carrier, basis, unit, value, place, account, scope, gas, effective_from,
       effective_to, source, created_by, licence, verification, replaces)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id`,
    [
      scope.organisationId,
      factor.kind,
      factor.carrier,
      factor.basis,
      factor.unit,
      factor.value,
      factor.place,
      factor.account,
      factor.scope,
      factor.gas,
      factor.effectiveFrom,
      factor.effectiveTo,
      factor.source,
      factor.createdBy,
      factor.licence,
      factor.verification,
      factor.replaces,
    ],
  );
  return rows[0]?.id as string;
}

/** A factor is never edited: it ends, and another one begins. */
export async function endFactor(
  client: PoolClient,
  scope: Scope,
  factorId: string,
  effectiveTo: LocalDate,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE energy_factor SET effective_to = $3 WHERE organisation_id = $1 AND id = $2
       AND (effective_from IS NULL OR effective_from < $3) AND (effective_to IS NULL OR effective_to > $3)`,
    [scope.organisationId, factorId, effectiveTo],
  );
  return rowCount === 1;
}

/** Bills whose energy a factor made, by the factor's id. */
export async function countBillsByFactor(
  client: PoolClient,
  scope: Scope,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ factorId: string; n: number }>(
    `SELECT b.factor_id AS "factorId", count(*)::int AS n FROM bill b JOIN delivery_point p ON p.id = b.delivery_point_id
     WHERE b.organisation_id = $1 AND b.factor_id IS NOT NULL AND ($2::uuid[] IS NULL OR p.site_id = ANY ($2))
     GROUP BY b.factor_id`,
    [scope.organisationId, scope.siteIds],
  );
  return new Map(rows.map(({ factorId, n }) => [factorId, n]));
}

/** Carriers that a site's uses are metered in. */
export async function siteUseCarriers(
  client: PoolClient,
  scope: Scope,
): Promise<
  readonly {
    readonly siteId: string;
    readonly siteName: string;
    readonly country: string;
    readonly timeZone: string;
    readonly carrier: Carrier;
  }[]
> {
  const { rows } = await client.query<{
    siteId: string;
    siteName: string;
    country: string;
    timeZone: string;
    carrier: Carrier;
  }>(
    `SELECT DISTINCT s.id AS "siteId", s.name AS "siteName", s.country, s.time_zone AS "timeZone", m.carrier
     FROM site s JOIN meter m ON m.site_id = s.id AND m.role = 'use' AND m.energy_use IS NOT NULL
     WHERE s.organisation_id = $1 AND ($2::uuid[] IS NULL OR s.id = ANY ($2)) ORDER BY s.name, m.carrier`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}
