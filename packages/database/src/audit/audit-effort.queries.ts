import type { Carrier, Decimal, EnergyUse, SiteCluster } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { Scope } from '../scope.ts';
import { type AuditUseRecord, auditClusters } from './audit.queries.ts';

export interface SiteEffort {
  readonly siteId: string;
  readonly auditorDays: Decimal;
  /** In the site's currency. */
  readonly travelCost: Decimal;
  readonly isMandatory: boolean;
  readonly clusterId: string | null;
}

/** A use of a site that can be audited by itself. */
export interface UseEffort {
  readonly siteId: string;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse;
  readonly auditorDays: Decimal;
}

/** What auditing costs, site by site, and which sites are alike. */
export interface AuditEffort {
  /** Of an auditor; 0: days are compared instead of money. */
  readonly ratePerDay: Decimal;
  readonly sites: readonly SiteEffort[];
  readonly uses: readonly UseEffort[];
  readonly clusters: readonly SiteCluster[];
}

export async function auditEffort(client: ClientBase, auditId: string): Promise<AuditEffort> {
  const { rows: audits } = await client.query<{ ratePerDay: Decimal }>(
    'SELECT rate_per_day::text AS "ratePerDay" FROM audit WHERE id = $1',
    [auditId],
  );
  const { rows: sites } = await client.query<SiteEffort>(
    `SELECT site_id AS "siteId", auditor_days::text AS "auditorDays", travel_cost::text AS "travelCost",
            is_mandatory AS "isMandatory", cluster_id AS "clusterId"
     FROM audit_site WHERE audit_id = $1 ORDER BY site_id`,
    [auditId],
  );
  const { rows: uses } = await client.query<UseEffort>(
    `SELECT site_id AS "siteId", carrier, energy_use AS "energyUse", auditor_days::text AS "auditorDays"
     FROM audit_use WHERE audit_id = $1 AND auditor_days IS NOT NULL ORDER BY site_id, carrier, energy_use`,
    [auditId],
  );
  return {
    ratePerDay: audits[0]?.ratePerDay ?? '0',
    sites,
    uses,
    clusters: await auditClusters(client, auditId),
  };
}

export interface NewAuditEffort {
  readonly ratePerDay: Decimal;
  readonly sites: readonly (Omit<SiteEffort, 'clusterId'> & { readonly cluster: string | null })[];
  readonly uses: readonly UseEffort[];
  readonly clusters: readonly {
    readonly name: string;
    readonly justification: string;
    readonly statedSize: number | null;
  }[];
}

/** Replaces what was entered before, as a whole. Sites and clusters were checked to belong to the audit. */
export async function saveAuditEffort(
  client: ClientBase,
  { organisationId }: Scope,
  { auditId, effort }: { readonly auditId: string; readonly effort: NewAuditEffort },
): Promise<void> {
  await client.query('DELETE FROM audit_site WHERE audit_id = $1', [auditId]);
  await client.query('DELETE FROM audit_cluster WHERE audit_id = $1', [auditId]);
  await client.query('UPDATE audit SET rate_per_day = $2 WHERE id = $1', [auditId, effort.ratePerDay]);
  await client.query(
    `INSERT INTO audit_cluster (organisation_id, audit_id, name, justification, stated_size)
     SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::int[])`,
    [
      organisationId,
      auditId,
      effort.clusters.map(({ name }) => name),
      effort.clusters.map(({ justification }) => justification),
      effort.clusters.map(({ statedSize }) => statedSize),
    ],
  );
  await client.query(
    `INSERT INTO audit_site (organisation_id, audit_id, site_id, auditor_days, travel_cost, is_mandatory, cluster_id)
     SELECT $1, $2, w.site_id, w.days, w.travel, w.is_mandatory, c.id
     FROM unnest($3::uuid[], $4::numeric[], $5::numeric[], $6::boolean[], $7::text[])
       AS w (site_id, days, travel, is_mandatory, cluster)
     LEFT JOIN audit_cluster c ON c.audit_id = $2 AND c.name = w.cluster`,
    [
      organisationId,
      auditId,
      effort.sites.map(({ siteId }) => siteId),
      effort.sites.map(({ auditorDays }) => auditorDays),
      effort.sites.map(({ travelCost }) => travelCost),
      effort.sites.map(({ isMandatory }) => isMandatory),
      effort.sites.map(({ cluster }) => cluster),
    ],
  );
  await saveUses(client, organisationId, { auditId, uses: effort.uses });
}

/** What auditing uses costs, replaced as a whole; whether they are audited stays. */
async function saveUses(
  client: ClientBase,
  organisationId: number,
  { auditId, uses }: { readonly auditId: string; readonly uses: readonly UseEffort[] },
): Promise<void> {
  await client.query('UPDATE audit_use SET auditor_days = NULL WHERE audit_id = $1', [auditId]);
  await client.query(
    `INSERT INTO audit_use (organisation_id, audit_id, site_id, carrier, energy_use, auditor_days)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::numeric[])
     ON CONFLICT (audit_id, site_id, carrier, energy_use) DO UPDATE SET auditor_days = excluded.auditor_days`,
    [
      organisationId,
      auditId,
      uses.map(({ siteId }) => siteId),
      uses.map(({ carrier }) => carrier),
      uses.map(({ energyUse }) => energyUse),
      uses.map(({ auditorDays }) => auditorDays),
    ],
  );
  await client.query(
    'DELETE FROM audit_use WHERE audit_id = $1 AND auditor_days IS NULL AND NOT is_included',
    [auditId],
  );
}

/** Audits the delivery points and uses of these places and leaves the others out with the reason. */
export async function applyScope(
  client: ClientBase,
  { organisationId }: Scope,
  {
    auditId,
    included,
    left,
    uses,
    reason,
  }: {
    readonly auditId: string;
    /** Delivery points. */
    readonly included: readonly string[];
    readonly left: readonly string[];
    /** Audited by themselves. */
    readonly uses: readonly AuditUseRecord[];
    readonly reason: string;
  },
): Promise<void> {
  await client.query(
    `INSERT INTO audit_scope (organisation_id, audit_id, delivery_point_id, included, reason)
     SELECT $1::int, $2::uuid, point, true, '' FROM unnest($3::uuid[]) AS point
     UNION ALL SELECT $1::int, $2::uuid, point, false, $5::text FROM unnest($4::uuid[]) AS point
     ON CONFLICT (audit_id, delivery_point_id) DO UPDATE
       SET reason = CASE WHEN excluded.included = audit_scope.included THEN audit_scope.reason ELSE excluded.reason END,
           included = excluded.included`,
    [organisationId, auditId, included, left, reason],
  );
  await client.query('UPDATE audit_use SET is_included = false WHERE audit_id = $1', [auditId]);
  await client.query(
    `INSERT INTO audit_use (organisation_id, audit_id, site_id, carrier, energy_use, is_included, reason)
     SELECT $1, $2, w.site, w.carrier, w.energy_use, true, $6
     FROM unnest($3::uuid[], $4::text[], $5::text[]) AS w (site, carrier, energy_use)
     ON CONFLICT (audit_id, site_id, carrier, energy_use) DO UPDATE SET is_included = true, reason = excluded.reason`,
    [
      organisationId,
      auditId,
      uses.map(({ siteId }) => siteId),
      uses.map(({ carrier }) => carrier),
      uses.map(({ energyUse }) => energyUse),
      reason,
    ],
  );
}
