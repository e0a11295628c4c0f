import { type MeasurandName, measurandOf } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { intervalMeasurands } from '../interval/interval-measurand.ts';
import { loadIntervalMeters } from '../interval/interval-meter.ts';
import { type DataClass, dataClasses, type KeepDays } from './policy.ts';

export type RetentionHold = 'dirtyMarks' | 'intervalsMissing' | 'open';

export interface Held {
  readonly reason: RetentionHold;
  readonly meters: number;
  readonly rows: number;
  readonly oldest: Date | null;
}

/** What a policy would end, or did. */
export interface ClassPlan {
  readonly class: DataClass;
  readonly keepDays: number | null;
  readonly before: Date | null;
  readonly rows: number;
  readonly bytes: number;
  /** Meters whose rows go; empty for classes without meters. */
  readonly meterIds: readonly number[];
  readonly held: readonly Held[];
}

const day_ms = 86_400_000;
/** Bytes of a row where none were measured yet. */
const usualBytes: Readonly<Record<DataClass, number>> = {
  readings: 180,
  intervals: 130,
  deadLetters: 700,
  conflicts: 150,
};

export interface PlanInput {
  readonly organisationId: number;
  readonly keep: KeepDays;
  readonly now_ms: number;
}

/**
 * What the policies would end for the organisation in scope: only what is finalised. Of readings those whose intervals are
 * all there, on meters without dirty marks of that time; of intervals those of meters without such marks; of dead letters
 * and conflicts those that a person has dealt with. The client is in the organisation's scope.
 */
export async function planRetention(client: ClientBase, input: PlanInput): Promise<ClassPlan[]> {
  const plans: ClassPlan[] = [];
  for (const name of dataClasses) {
    const keepDays = input.keep[name];
    if (keepDays === null) {
      plans.push({ class: name, keepDays, before: null, rows: 0, bytes: 0, meterIds: [], held: [] });
      continue;
    }
    const before = new Date(Math.floor(input.now_ms / day_ms) * day_ms - keepDays * day_ms);
    const found = await planOf[name](client, input.organisationId, before);
    const bytes = Math.round(found.rows * (await bytesOfRow(client, input.organisationId, name)));
    plans.push({ class: name, keepDays, before, bytes, ...found });
  }
  return plans;
}

type Found = Pick<ClassPlan, 'rows' | 'meterIds' | 'held'>;
type Planner = (client: ClientBase, organisationId: number, before: Date) => Promise<Found>;

const planOf: Readonly<Record<DataClass, Planner>> = {
  readings: planReadings,
  intervals: planIntervals,
  deadLetters: (client, organisationId, before) =>
    planPlain(client, {
      sql: `SELECT count(*) FILTER (WHERE resolved_at IS NOT NULL)::float8 AS rows,
              count(*) FILTER (WHERE resolved_at IS NULL)::float8 AS open,
              min(received_at) FILTER (WHERE resolved_at IS NULL) AS oldest
            FROM dead_letter WHERE organisation_id = $1 AND received_at < $2`,
      values: [organisationId, before],
    }),
  conflicts: (client, organisationId, before) =>
    planPlain(client, {
      sql: `SELECT count(*) FILTER (WHERE ${settledConflict})::float8 AS rows,
              count(*) FILTER (WHERE NOT (${settledConflict}))::float8 AS open,
              min(received_at) FILTER (WHERE NOT (${settledConflict})) AS oldest
            FROM public.reading_conflict WHERE organisation_id = $1 AND received_at < $2`,
      values: [organisationId, before],
    }),
};

/** A decision was made and, where it asked for something, carried out. */
export const settledConflict = "decision IS NOT NULL AND (decision = 'keep' OR applied_at IS NOT NULL)";

async function planPlain(
  client: ClientBase,
  { sql, values }: { readonly sql: string; readonly values: unknown[] },
): Promise<Found> {
  const { rows } = await client.query<{ rows: number; open: number; oldest: Date | null }>(sql, values);
  const { rows: going = 0, open = 0, oldest = null } = rows[0] ?? {};
  const held: Held[] = open > 0 ? [{ reason: 'open', meters: 0, rows: open, oldest }] : [];
  return { rows: going, meterIds: [], held };
}

interface MeterRows {
  readonly meter_id: number;
  readonly rows: number;
  readonly oldest: Date;
}

async function planReadings(client: ClientBase, organisationId: number, before: Date): Promise<Found> {
  const { rows: found } = await client.query<MeterRows>(
    `SELECT meter_id, count(*)::float8 AS rows, min(at) AS oldest FROM public.reading
     WHERE organisation_id = $1 AND at < $2 GROUP BY meter_id ORDER BY meter_id`,
    [organisationId, before],
  );
  const marked = await markedMeters(client, before);
  const unmarked = found.filter((m) => !marked.has(m.meter_id));
  const incomplete = await withoutIntervals(client, organisationId, before, unmarked);
  return divide(found, [
    ['dirtyMarks', marked],
    ['intervalsMissing', incomplete],
  ]);
}

async function planIntervals(client: ClientBase, organisationId: number, before: Date): Promise<Found> {
  const { rows: found } = await client.query<MeterRows>(
    `SELECT meter_id, count(*)::float8 AS rows, min(start) AS oldest FROM public.interval
     WHERE organisation_id = $1 AND start < $2 GROUP BY meter_id ORDER BY meter_id`,
    [organisationId, before],
  );
  return divide(found, [['dirtyMarks', await markedMeters(client, before)]]);
}

function divide(
  found: readonly MeterRows[],
  reasons: readonly (readonly [RetentionHold, ReadonlySet<number>])[],
): Found {
  const held: Held[] = [];
  let going = found;
  for (const [reason, ids] of reasons) {
    const staying = going.filter((m) => ids.has(m.meter_id));
    going = going.filter((m) => !ids.has(m.meter_id));
    if (staying.length === 0) continue;
    held.push({
      reason,
      meters: staying.length,
      rows: sum(staying),
      oldest: new Date(Math.min(...staying.map((m) => m.oldest.getTime()))),
    });
  }
  return { rows: sum(going), meterIds: going.map((m) => m.meter_id), held };
}
const sum = (list: readonly MeterRows[]): number => list.reduce((all, m) => all + m.rows, 0);

/** Meters with marks of the time that would go, or of the day after it, from which it is still read. */
async function markedMeters(client: ClientBase, before: Date): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ meter_id: number }>(
    `SELECT DISTINCT meter_id FROM public.dirty_mark WHERE from_at < $1`,
    [new Date(before.getTime() + day_ms)],
  );
  return new Set(rows.map((row) => row.meter_id));
}

/** Meters with an hour of readings in which the counter that they are kept for has no interval at all. */
async function withoutIntervals(
  client: ClientBase,
  organisationId: number,
  before: Date,
  found: readonly MeterRows[],
): Promise<ReadonlySet<number>> {
  const meters = await loadIntervalMeters(
    client,
    found.map((m) => m.meter_id),
  );
  const incomplete = new Set<number>();
  for (const { meter_id, oldest } of found) {
    const meter = meters.get(meter_id);
    const names = meter ? intervalMeasurands(meter).map((m) => m.name) : [];
    for (const name of names)
      if (await hasUncounted(client, { organisationId, meterId: meter_id, name, oldest, before }))
        incomplete.add(meter_id);
  }
  return incomplete;
}

interface Uncounted {
  readonly organisationId: number;
  readonly meterId: number;
  readonly name: MeasurandName;
  readonly oldest: Date;
  readonly before: Date;
}

/** The first and the last hour of readings have no whole interval of their own, and count as having one. */
async function hasUncounted(
  client: ClientBase,
  { organisationId, meterId, name, oldest, before }: Uncounted,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM (
       SELECT DISTINCT date_bin('1 hour', at, 'epoch') AS hour FROM public.reading
       WHERE organisation_id = $1 AND meter_id = $2 AND at >= $4 AND at < $5 AND ${measurandOf(name).name} IS NOT NULL) read
     WHERE hour > $4 AND NOT EXISTS (
       SELECT FROM public.interval i WHERE i.organisation_id = $1 AND i.meter_id = $2 AND i.measurand = $3
         AND i.start >= read.hour - interval '1 hour' AND i.start < read.hour + interval '1 hour'
         AND i.start >= $4::timestamptz - interval '1 day' AND i.start < $5::timestamptz + interval '1 day')
     LIMIT 1`,
    [organisationId, meterId, measurandOf(name).id, oldest, before],
  );
  return (rowCount ?? 0) > 0;
}

async function bytesOfRow(client: ClientBase, organisationId: number, name: DataClass): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `SELECT bytes::float8 / rows AS bytes FROM storage_sample
     WHERE organisation_id = $1 AND class = $2 AND rows > 0 ORDER BY at DESC LIMIT 1`,
    [organisationId, name],
  );
  return rows[0]?.bytes ?? usualBytes[name];
}
