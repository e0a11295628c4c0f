import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export const tiers = ['base', 'hour', 'day', 'month'] as const;
export type Tier = (typeof tiers)[number];

export interface SeriesRange {
  readonly meterIds: readonly number[];
  readonly measurandId: number;
  readonly from: Date;
  readonly to: Date;
}

/** One interval of one meter. Counts are of base intervals by quality class. */
export interface IntervalRow {
  readonly meterId: number;
  readonly start_ms: number;
  readonly duration_s: number;
  readonly delta: number | null;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly n_measured: number;
  readonly n_interpolated: number;
  readonly n_estimated: number;
  readonly n_manual: number;
  readonly n_missing: number;
}

const counts = ['n_measured', 'n_interpolated', 'n_estimated', 'n_manual', 'n_missing'] as const;

const tierSource: Readonly<Record<Tier, { readonly view: string; readonly counts: string }>> = {
  base: {
    view: 'interval',
    counts: counts.map((n, code) => `(quality = ${code})::integer AS ${n}`).join(', '),
  },
  hour: { view: 'interval_hour', counts: counts.join(', ') },
  day: { view: 'interval_day', counts: counts.join(', ') },
  month: { view: 'interval_month', counts: counts.join(', ') },
};

/** A meter with the measurand that its consumption is counted in. */
export interface CountedMeter {
  readonly meterId: number;
  readonly measurandId: number;
}

/** Intervals of each meter's own counter in [from, to), by meter and time. Bounded: a tier holds few rows of few meters. */
export async function readConsumption(
  client: PoolClient,
  scope: Scope,
  tier: Tier,
  { meters, from, to }: { readonly meters: readonly CountedMeter[]; readonly from: Date; readonly to: Date },
): Promise<IntervalRow[]> {
  const source = tierSource[tier];
  const { rows } = await client.query<IntervalRow>(
    `SELECT i.meter_id AS "meterId", extract(epoch FROM i.start)::double precision * 1000 AS start_ms, i.duration_s,
       i.delta::double precision AS delta, i.mean, i.min, i.max, ${source.counts}
     FROM unnest($2::integer[], $3::smallint[]) AS wanted (meter_id, measurand)
     JOIN public.${source.view} AS i ON i.meter_id = wanted.meter_id AND i.measurand = wanted.measurand
     WHERE i.organisation_id = $1 AND i.start >= $4 AND i.start < $5
     ORDER BY i.meter_id, i.start`,
    [scope.organisationId, meters.map((m) => m.meterId), meters.map((m) => m.measurandId), from, to],
  );
  return rows;
}

export interface ReadingRow {
  readonly at: Date;
  readonly received_at: Date;
  readonly quality: number;
  readonly skew_ms: number;
  readonly [measurand: string]: unknown;
}

/** Readings of one meter in [from, to), newest first. */
export async function listReadings(
  client: PoolClient,
  scope: Scope,
  { meterIds, from, to }: Omit<SeriesRange, 'measurandId'>,
  limit: number,
): Promise<ReadingRow[]> {
  const { rows } = await client.query<ReadingRow>(
    `SELECT * FROM public.reading
     WHERE organisation_id = $1 AND meter_id = ANY ($2) AND at >= $3 AND at < $4 ORDER BY at DESC LIMIT $5`,
    [scope.organisationId, meterIds, from, to, limit],
  );
  return rows;
}
