import { type BaseIntervals, type PeriodUnit, periodBoundaries, tier } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { blocksBySeries, intervalsOfDays } from './day-intervals.ts';
import { markSealedDays } from './dirty-mark.ts';
import type { IntervalBlock, TierBlock } from './interval-block.ts';
import type { IntervalMeter } from './interval-meter.ts';
import { type ChangedRange, writeTier } from './interval-writer.ts';
import { instantText, type TimeRange } from './time-range.ts';

/** Whole local periods around a range. */
function periodsAround(zone: string, unit: PeriodUnit, range: TimeRange): readonly number[] {
  return periodBoundaries(zone, unit, range.from_ms, range.to_ms);
}

/**
 * Hours, days and months of the local periods in which base intervals changed. Hours and days are sums of base
 * intervals; months are sums of the days, in order of time, so that the bytes do not depend on what came first.
 * `written` are the base intervals that this transaction wrote: what lies beside them in their days is read.
 */
export async function rebuildTiers(
  client: ClientBase,
  meters: ReadonlyMap<number, IntervalMeter>,
  {
    changed,
    written,
  }: { readonly changed: readonly ChangedRange[]; readonly written: readonly IntervalBlock[] },
): Promise<void> {
  const hours: TierBlock[] = [];
  const days: TierBlock[] = [];
  const whole = changed.flatMap((change) => {
    const meter = meters.get(change.meterId);
    if (!meter) return [];
    const boundaries = periodsAround(meter.timeZone, 'day', change);
    const from_ms = boundaries[0] ?? change.from_ms;
    const to_ms = boundaries[boundaries.length - 1] ?? change.to_ms;
    return [{ ...change, from_ms, to_ms, meter, boundaries }];
  });
  for (const change of whole) if (change.isDeleted) await deleteTiers(client, change.meter, change);
  const blocks = blocksBySeries(written);
  for (const batch of batches(whole)) {
    const base = await intervalsOfDays(client, batch, blocks);
    for (const [i, { meter, boundaries, ...change }] of batch.entries()) {
      const options = { width_ms: meter.base_ms };
      const key = {
        meterId: change.meterId,
        organisationId: meter.organisationId,
        measurandId: change.measurandId,
      };
      hours.push({
        ...key,
        columns: tier(base[i] as BaseIntervals, periodsAround(meter.timeZone, 'hour', change), options),
      });
      days.push({ ...key, columns: tier(base[i] as BaseIntervals, boundaries, options) });
    }
  }
  await writeTier(client, 'interval_hour', hours);
  const changedDays = await writeTier(client, 'interval_day', days);
  const deleted = changed.filter((change) => change.isDeleted);
  await rebuildMonths(client, meters, [...changedDays, ...deleted]);
  await markSealedDays(client, [...changedDays, ...deleted]);
}

/** Most series time that is read in one query: 2,000 days of quarter hours are 192,000 rows. */
const batchSpan_ms = 2000 * 86_400_000;

/** In pieces of bounded time, at least one series each. */
function* batches<Item extends TimeRange>(items: readonly Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let span_ms = 0;
  for (const item of items) {
    const length_ms = item.to_ms - item.from_ms;
    if (batch.length > 0 && span_ms + length_ms > batchSpan_ms) {
      yield batch;
      batch = [];
      span_ms = 0;
    }
    batch.push(item);
    span_ms += length_ms;
  }
  if (batch.length > 0) yield batch;
}

/** Base intervals are gone: sums of whole days and months go before what is left is summed anew. */
async function deleteTiers(client: ClientBase, meter: IntervalMeter, range: ChangedRange): Promise<void> {
  const months = periodsAround(meter.timeZone, 'month', range);
  const stretches = [
    ['interval_hour', range.from_ms, range.to_ms],
    ['interval_day', range.from_ms, range.to_ms],
    ['interval_month', months[0] ?? range.from_ms, months[months.length - 1] ?? range.to_ms],
  ] as const;
  for (const [table, from_ms, to_ms] of stretches)
    await client.query(
      `DELETE FROM store.${table} WHERE meter_id = $1 AND measurand = $2 AND start >= $3 AND start < $4`,
      [range.meterId, range.measurandId, instantText(from_ms), instantText(to_ms)],
    );
}

interface MonthKey {
  readonly meterId: number;
  readonly organisationId: number;
  readonly measurandId: number;
  readonly from_ms: number;
  readonly to_ms: number;
}

async function rebuildMonths(
  client: ClientBase,
  meters: ReadonlyMap<number, IntervalMeter>,
  changed: readonly ChangedRange[],
): Promise<void> {
  const byKey = new Map<string, MonthKey>();
  for (const change of changed) {
    const meter = meters.get(change.meterId);
    if (!meter) continue;
    const boundaries = periodsAround(meter.timeZone, 'month', change);
    for (let i = 0; i + 1 < boundaries.length; i++)
      byKey.set(`${change.meterId} ${change.measurandId} ${boundaries[i]}`, {
        meterId: change.meterId,
        organisationId: meter.organisationId,
        measurandId: change.measurandId,
        from_ms: boundaries[i] as number,
        to_ms: boundaries[i + 1] as number,
      });
  }
  const months = [...byKey.values()];
  if (months.length === 0) return;
  await client.query(
    `INSERT INTO store.interval_month AS old
       (start, meter_id, organisation_id, measurand, duration_s, delta, mean, min, max,
        n_measured, n_interpolated, n_estimated, n_manual, n_missing)
     SELECT m.start, m.meter_id, m.organisation_id, m.measurand,
            extract(epoch FROM m.until - m.start)::int, s.delta, s.mean, s.min, s.max,
            s.n_measured, s.n_interpolated, s.n_estimated, s.n_manual, s.n_missing
     FROM unnest($1::timestamptz[], $2::timestamptz[], $3::int4[], $4::int4[], $5::int2[])
            AS m (start, until, meter_id, organisation_id, measurand)
     CROSS JOIN LATERAL (
       SELECT sum(d.delta)::bigint AS delta,
              sum(d.mean * n.present ORDER BY d.start)
                / nullif(sum(n.present) FILTER (WHERE d.mean IS NOT NULL), 0) AS mean,
              min(d.min) AS min, max(d.max) AS max,
              sum(d.n_measured)::int AS n_measured, sum(d.n_interpolated)::int AS n_interpolated,
              sum(d.n_estimated)::int AS n_estimated, sum(d.n_manual)::int AS n_manual,
              sum(d.n_missing)::int AS n_missing
       FROM store.interval_day d
       CROSS JOIN LATERAL (SELECT d.n_measured + d.n_interpolated + d.n_estimated + d.n_manual AS present) n
       WHERE d.meter_id = m.meter_id AND d.measurand = m.measurand AND d.start >= m.start AND d.start < m.until
     ) s
     WHERE s.n_measured IS NOT NULL
     ON CONFLICT (meter_id, measurand, start) DO UPDATE SET
       duration_s = excluded.duration_s, delta = excluded.delta, mean = excluded.mean, min = excluded.min,
       max = excluded.max, n_measured = excluded.n_measured, n_interpolated = excluded.n_interpolated,
       n_estimated = excluded.n_estimated, n_manual = excluded.n_manual, n_missing = excluded.n_missing`,
    [
      months.map((m) => instantText(m.from_ms)),
      months.map((m) => instantText(m.to_ms)),
      months.map((m) => m.meterId),
      months.map((m) => m.organisationId),
      months.map((m) => m.measurandId),
    ],
  );
}
