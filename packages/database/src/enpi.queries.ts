import type { Finding, LocalDate } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type {
  StoredCandidate,
  StoredDay,
  StoredEnb,
  StoredMonth,
  StoredSavings,
} from './performance/index.ts';
import type { Scope } from './scope.ts';

/** An EnPI with its baseline in force and its latest result, as far as they are computed. */
export interface EnpiView {
  readonly id: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly name: string;
  readonly meterId: number;
  readonly measurand: string;
  readonly baselineFrom: LocalDate;
  readonly baselineTo: LocalDate;
  readonly version: number | null;
  readonly enbFindings: readonly Finding[] | null;
  readonly savings: StoredSavings | null;
  readonly months: readonly StoredMonth[] | null;
  readonly resultFindings: readonly Finding[] | null;
  readonly computedAt: Date | null;
}

/** Parts of an EnPI that only its own page shows. */
export interface EnpiDetailView extends EnpiView {
  readonly model: StoredEnb | null;
  readonly candidates: readonly StoredCandidate[] | null;
  readonly days: readonly StoredDay[] | null;
}

const summary = `e.id, e.site_id AS "siteId", s.name AS "siteName", e.name, e.meter_id AS "meterId", e.measurand,
  coalesce(b.model #>> '{definition,baselineFrom}', e.baseline_from::text) AS "baselineFrom",
  coalesce(b.model #>> '{definition,baselineTo}', e.baseline_to::text) AS "baselineTo", b.version, b.findings AS "enbFindings",
  r.savings, r.months, r.findings AS "resultFindings", r.computed_at AS "computedAt"`;
/** The baseline of the result, else the newest one. */
const source = `enpi e JOIN site s ON s.id = e.site_id LEFT JOIN enpi_result r ON r.enpi_id = e.id
  LEFT JOIN LATERAL (SELECT * FROM enb WHERE enpi_id = e.id ORDER BY id = r.enb_id DESC NULLS LAST, version DESC LIMIT 1) b ON true
  WHERE e.organisation_id = $1 AND ($2::uuid[] IS NULL OR e.site_id = ANY ($2))`;

export async function listEnpis(client: PoolClient, scope: Scope): Promise<EnpiView[]> {
  const { rows } = await client.query<EnpiView>(
    `SELECT ${summary} FROM ${source} ORDER BY s.name, e.name, e.id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}

export async function findEnpi(
  client: PoolClient,
  scope: Scope,
  enpiId: string,
): Promise<EnpiDetailView | undefined> {
  const { rows } = await client.query<EnpiDetailView>(
    `SELECT ${summary}, b.model, b.candidates, r.days FROM ${source} AND e.id = $3`,
    [scope.organisationId, scope.siteIds, enpiId],
  );
  return rows[0];
}
