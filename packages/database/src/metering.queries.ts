import type { MeasurandName } from '@wattproof/energy';
import { measurandOf } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

export interface MeteringRow {
  readonly timeZone: string;
  readonly baseInterval_s: number;
  readonly billingDay: number;
}

export async function readMetering(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<MeteringRow | undefined> {
  const { rows } = await client.query<MeteringRow>(
    `SELECT time_zone AS "timeZone", base_interval_s AS "baseInterval_s", billing_day AS "billingDay"
     FROM site WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2)) AND id = $3`,
    [scope.organisationId, scope.siteIds, siteId],
  );
  return rows[0];
}

export interface BilledPoint {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** null: as its site. */
  readonly billingDay: number | null;
}

/** Delivery points of a site with the day their bills begin on. */
export async function listBilledPoints(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<BilledPoint[]> {
  const { rows } = await client.query<BilledPoint>(
    `SELECT id, code, name, billing_day AS "billingDay" FROM delivery_point
     WHERE organisation_id = $1 AND site_id = $2 ORDER BY code`,
    [scope.organisationId, siteId],
  );
  return rows;
}

export interface MeteringChange {
  readonly baseInterval_s: number;
  /** The base interval is another one than before. */
  readonly isRebased: boolean;
  readonly billingDay: number;
  readonly deliveryPoints: readonly { readonly id: string; readonly billingDay: number | null }[];
}

export async function updateMetering(
  tx: OrganisationTransaction,
  scope: Scope,
  siteId: string,
  { baseInterval_s, isRebased, billingDay, deliveryPoints }: MeteringChange,
): Promise<void> {
  const { organisationId } = scope;
  await tx.site.updateMany({
    where: { organisationId, id: siteId },
    data: { baseInterval_s, billingDay, ...(isRebased ? { baseChangedAt: new Date() } : {}) },
  });
  for (const point of deliveryPoints)
    await tx.deliveryPoint.updateMany({
      where: { organisationId, siteId, id: point.id },
      data: { billingDay: point.billingDay },
    });
}

export interface ReadingExtent {
  readonly meterId: number;
  readonly from: Date;
  readonly to: Date;
}

/** First and last reading of meters that have any. */
export async function readingExtents(
  client: PoolClient,
  scope: Scope,
  meterIds: readonly number[],
): Promise<ReadingExtent[]> {
  const { rows } = await client.query<ReadingExtent>(
    `SELECT w.id AS "meterId", f.at AS "from", l.at AS "to" FROM unnest($2::integer[]) AS w (id)
     CROSS JOIN LATERAL (SELECT at FROM public.reading r WHERE r.organisation_id = $1 AND r.meter_id = w.id
       ORDER BY at LIMIT 1) f
     CROSS JOIN LATERAL (SELECT at FROM public.reading r WHERE r.organisation_id = $1 AND r.meter_id = w.id
       ORDER BY at DESC LIMIT 1) l`,
    [scope.organisationId, meterIds],
  );
  return rows;
}

export interface PeriodBounds {
  readonly start: Date;
  readonly end: Date;
}

/** Sum and peak of one counter over one period; counts are of base intervals by quality class. */
export interface PeriodRow {
  readonly delta: number | null;
  readonly n_measured: number;
  readonly n_interpolated: number;
  readonly n_estimated: number;
  readonly n_manual: number;
  readonly n_missing: number;
  readonly peakDelta: number | null;
  readonly peakDuration_s: number | null;
  readonly peakAt: Date | null;
}

/**
 * Sums of base intervals over periods that begin and end at local midnights: whole days add up to them. The peak is the
 * base interval with the highest energy, the earliest of equals.
 */
export async function readPeriods(
  client: PoolClient,
  scope: Scope,
  { meterId, measurand }: { readonly meterId: number; readonly measurand: MeasurandName },
  periods: readonly PeriodBounds[],
): Promise<PeriodRow[]> {
  const { rows } = await client.query<PeriodRow>(
    `SELECT s.*, p.delta::double precision AS "peakDelta", p.duration_s AS "peakDuration_s", p.start AS "peakAt"
     FROM unnest($4::timestamptz[], $5::timestamptz[]) WITH ORDINALITY AS w (from_at, to_at, n)
     CROSS JOIN LATERAL (
       SELECT sum(delta)::double precision AS delta, coalesce(sum(n_measured), 0)::int AS n_measured,
         coalesce(sum(n_interpolated), 0)::int AS n_interpolated, coalesce(sum(n_estimated), 0)::int AS n_estimated,
         coalesce(sum(n_manual), 0)::int AS n_manual, coalesce(sum(n_missing), 0)::int AS n_missing
       FROM public.interval_day d WHERE d.organisation_id = $1 AND d.meter_id = $2 AND d.measurand = $3
         AND d.start >= w.from_at AND d.start < w.to_at) s
     LEFT JOIN LATERAL (
       SELECT start, delta, duration_s FROM public.interval i WHERE i.organisation_id = $1 AND i.meter_id = $2
         AND i.measurand = $3 AND i.start >= w.from_at AND i.start < w.to_at AND i.delta IS NOT NULL
       ORDER BY i.delta DESC, i.start LIMIT 1) p ON true
     ORDER BY w.n`,
    [
      scope.organisationId,
      meterId,
      measurandOf(measurand).id,
      periods.map((p) => p.start),
      periods.map((p) => p.end),
    ],
  );
  return rows;
}
