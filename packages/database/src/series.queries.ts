import { qualityCounts, type TierColumns } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import { readIntervalColumns, seriesKey } from './interval-columns.queries.ts';
import type { Scope } from './scope.ts';
import type { Tier } from './tier.ts';

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

/** A meter with the measurand that its consumption is counted in. */
export interface CountedMeter {
  readonly meterId: number;
  readonly measurandId: number;
}

/** Most intervals of one meter in an answer: a year of five-minute ones. */
const mostOfMeter = 110_000;

/** Intervals of each meter's own counter in [from, to), by meter and time. */
export async function readConsumption(
  client: PoolClient,
  scope: Scope,
  tier: Tier,
  { meters, from, to }: { readonly meters: readonly CountedMeter[]; readonly from: Date; readonly to: Date },
): Promise<IntervalRow[]> {
  const columns = await readIntervalColumns(client, scope, tier, {
    meterIds: meters.map((m) => m.meterId),
    measurandIds: [...new Set(meters.map((m) => m.measurandId))],
    from,
    to,
    limit: meters.length * mostOfMeter,
  });
  return [...meters]
    .sort((a, b) => a.meterId - b.meterId)
    .flatMap(({ meterId, measurandId }) => rowsOf(meterId, columns.get(seriesKey(meterId, measurandId))));
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

const rowsOf = (meterId: number, columns: TierColumns | undefined): IntervalRow[] =>
  columns === undefined
    ? []
    : Array.from({ length: columns.count }, (_, i) => ({
        meterId,
        start_ms: columns.start_ms[i] ?? Number.NaN,
        duration_s: columns.duration_s[i] ?? Number.NaN,
        delta: orNull(columns.delta[i]),
        mean: orNull(columns.mean[i]),
        min: orNull(columns.min[i]),
        max: orNull(columns.max[i]),
        ...qualityCounts(columns, i),
      }));

export interface ReadingRow {
  readonly at: Date;
  readonly received_at: Date;
  readonly quality: number;
  readonly skew_ms: number;
  /** Values of rare measurands by number. */
  readonly rare: Readonly<Record<string, number>> | null;
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
