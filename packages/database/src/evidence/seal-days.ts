import {
  LeafHashes,
  type MeterDay,
  merkleRoot,
  meterDayLeaf,
  meterDayText,
  toHex,
} from '@wattproof/evidence';
import type { ClientBase, Pool } from 'pg';
import { loadIntervalMeters } from '../interval/interval-meter.ts';
import { everyOrganisation, withScope } from '../scope.ts';
import { appendRecords, chainActs, chainInstant } from './chain.queries.ts';
import { type DayToSeal, daysWithContent } from './day-content.ts';
import {
  dayNow,
  daysDue,
  firstDayDue,
  type SealedDayRow,
  sealedDaysIn,
  storeSealedDays,
} from './sealed-day.queries.ts';

export interface SealOptions {
  readonly now: Date;
  /** Seals only days of this organisation; default: of all. Marks of restatements are of all in either case. */
  readonly organisationId?: number;
  /** A meter or site that cannot be sealed does not hold up the others. */
  readonly onError: (error: Error, siteId: string) => void;
}

export interface SealResult {
  readonly sealed: number;
  readonly restated: number;
  readonly acts: number;
}

const hour_ms = 3_600_000;
const day_ms = 86_400_000;
/** A whole day waits this long for late readings, one with gaps longer. */
const settle_ms = 3 * hour_ms;
const overdue_ms = 48 * hour_ms;
/** Days of one site in one transaction. */
const window_ms = 31 * day_ms;
/** Marks in one transaction. */
const mostMarks = 200;

/** First halves of two-part advisory keys: one process at a time seals a site, one restates. */
const sealLock = 0x7365;
const restateLock = 0x7265;

interface SiteRef {
  readonly id: string;
  readonly organisation_id: number;
}

/**
 * Seals every local day that is over and final, and restates those that changed after they were sealed: never silently,
 * always with what was there before and why. Running it twice changes nothing.
 */
export async function sealDays(pool: Pool, options: SealOptions): Promise<SealResult> {
  const { now, organisationId } = options;
  const total = { sealed: 0, restated: 0, acts: 0 };
  const scope = organisationId ?? everyOrganisation;
  const { rows: sites } = await withScope(pool, scope, (client) =>
    client.query<SiteRef>('SELECT id, organisation_id FROM site ORDER BY organisation_id, id'),
  );
  for (const id of new Set(sites.map((site) => site.organisation_id)))
    total.acts += await withScope(pool, id, (client) => chainActs(client, id, now));
  for (const site of sites) {
    try {
      total.sealed += await sealSite(pool, site, now);
    } catch (error) {
      options.onError(error instanceof Error ? error : new Error(String(error)), site.id);
    }
  }
  for (;;) {
    const step = await withScope(pool, everyOrganisation, (client) => restateSome(client, now));
    total.restated += step.restated;
    if (step.marks < mostMarks) return total;
  }
}

async function sealSite(pool: Pool, site: SiteRef, now: Date): Promise<number> {
  const settled = new Date(now.getTime() - settle_ms);
  const first = await withScope(pool, site.organisation_id, (client) =>
    firstDayDue(client, site.id, settled),
  );
  if (!first) return 0;
  let sealed = 0;
  for (let from_ms = first.getTime(); from_ms < settled.getTime(); from_ms += window_ms)
    sealed += await withScope(pool, site.organisation_id, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [sealLock, site.id]);
      const rows = await daysDue(client, site.id, {
        settled,
        overdue: new Date(now.getTime() - overdue_ms),
        from: new Date(from_ms),
        to: new Date(from_ms + window_ms),
      });
      return sealRows(client, site, { rows, now });
    });
  return sealed;
}

/** Days with their contents, in the order of date, meter and measurand. */
async function contentsOf(
  client: ClientBase,
  rows: readonly DayToSeal[],
): Promise<readonly Omit<MeterDay, 'version'>[]> {
  const meters = await loadIntervalMeters(client, [...new Set(rows.map((row) => row.meterId))]);
  const days: Omit<MeterDay, 'version'>[] = [];
  for (const own of Map.groupBy(rows, (row) => `${row.meterId} ${row.measurandId}`).values()) {
    const meter = own[0] && meters.get(own[0].meterId);
    if (!meter) continue;
    for (const { day } of await daysWithContent(client, meter, own)) days.push(day);
  }
  return days;
}

const inOrder = (a: Omit<MeterDay, 'version'>, b: Omit<MeterDay, 'version'>): number =>
  a.date === b.date
    ? a.meterId - b.meterId || (a.measurand < b.measurand ? -1 : 1)
    : a.date < b.date
      ? -1
      : 1;

async function sealRows(
  client: ClientBase,
  site: SiteRef,
  { rows, now }: { readonly rows: readonly DayToSeal[]; readonly now: Date },
): Promise<number> {
  if (rows.length === 0) return 0;
  const days = (await contentsOf(client, rows))
    .toSorted(inOrder)
    .map((day): MeterDay => ({ version: 1, ...day }));
  const byDate = [...Map.groupBy(days, (day) => day.date)];
  const records = await appendRecords(
    client,
    site.organisation_id,
    byDate.map(([date, own]) => ({
      at: chainInstant(now),
      kind: 'daySealed',
      body: { siteId: site.id, date, leaves: own.length, root: rootOf(own) },
    })),
  );
  const seals = new Map(byDate.map(([date], i) => [date, records[i]?.seq ?? 0]));
  await storeSealedDays(
    client,
    { organisationId: site.organisation_id, siteId: site.id, now },
    days.map((day) => ({ ...day, seal: seals.get(day.date) ?? 0 })),
  );
  return days.length;
}

function rootOf(days: readonly MeterDay[]): string {
  const leaves = new LeafHashes();
  for (const day of days) leaves.add(meterDayLeaf(meterDayText(day)));
  return toHex(merkleRoot(leaves));
}

const leafOf = (day: MeterDay): string => toHex(meterDayLeaf(meterDayText(day)));

/** The line of a sealed day alone, without what the table knows beside it. */
const lineOf = ({ seal: _seal, sealedAt: _sealedAt, ...day }: SealedDayRow): MeterDay => day;

export const restatementReasons = ['meterEvent', 'decision', 'lateReadings', 'recomputed'] as const;
export type RestatementReason = (typeof restatementReasons)[number];

/** Compares sealed days that a rebuild touched with what they are now. */
async function restateSome(
  client: ClientBase,
  now: Date,
): Promise<{ readonly marks: number; readonly restated: number }> {
  await client.query('SELECT pg_advisory_xact_lock($1, 0)', [restateLock]);
  const { rows: marks } = await client.query<{ meter_id: number; from_at: Date; to_at: Date }>(
    `DELETE FROM store.seal_mark WHERE id IN (SELECT id FROM store.seal_mark ORDER BY id LIMIT ${mostMarks}
       FOR UPDATE SKIP LOCKED) RETURNING meter_id, from_at, to_at`,
  );
  let restated = 0;
  for (const [meterId, own] of Map.groupBy(marks, (mark) => mark.meter_id)) {
    const meter = (await loadIntervalMeters(client, [meterId])).get(meterId);
    if (!meter) continue;
    const touched = new Map<string, SealedDayRow>();
    for (const { from_at, to_at } of own)
      for (const day of await sealedDaysIn(client, { meterId, from: from_at, to: to_at }))
        touched.set(`${day.measurand} ${day.date}`, day);
    for (const before of touched.values()) {
      const row = await dayNow(client, before);
      const [after] = row ? await daysWithContent(client, meter, [row]) : [];
      if (!after) continue;
      const day: MeterDay = { ...after.day, version: before.version };
      if (meterDayText(day) === meterDayText(lineOf(before))) continue;
      await restate(client, { before, after: { ...day, version: before.version + 1 }, now });
      restated++;
    }
  }
  return { marks: marks.length, restated };
}

async function restate(
  client: ClientBase,
  { before, after, now }: { readonly before: SealedDayRow; readonly after: MeterDay; readonly now: Date },
): Promise<void> {
  const { rows } = await client.query<{ organisation_id: number; site_id: string }>(
    'SELECT organisation_id, site_id FROM meter WHERE id = $1',
    [before.meterId],
  );
  const [meter] = rows;
  if (!meter) return;
  const [record] = await appendRecords(client, meter.organisation_id, [
    {
      at: chainInstant(now),
      kind: 'restated',
      body: {
        siteId: meter.site_id,
        meterId: before.meterId,
        measurand: before.measurand,
        date: before.date,
        version: after.version,
        reason: await reasonOf(client, before),
        before: { leaf: leafOf(lineOf(before)), delta: before.delta, mean: before.mean },
        after: { leaf: leafOf(after), delta: after.delta, mean: after.mean },
      },
    },
  ]);
  await storeSealedDays(client, { organisationId: meter.organisation_id, siteId: meter.site_id, now }, [
    { ...after, seal: record?.seq ?? 0 },
  ]);
}

/** Why a sealed day differs: a declared event, a decision about readings, readings that came later, else the computation. */
async function reasonOf(client: ClientBase, before: SealedDayRow): Promise<RestatementReason> {
  const end = new Date(Date.parse(before.start) + before.duration_s * 1000);
  const { rows } = await client.query<{ event: boolean; decided: boolean; late: boolean }>(
    `SELECT EXISTS (SELECT FROM audit_event a JOIN meter m ON m.organisation_id = a.organisation_id
         WHERE m.id = $1 AND a.at > $2 AND a.action LIKE 'meterEvent.%' AND a.object LIKE $1::text || '%') AS event,
       EXISTS (SELECT FROM audit_event a JOIN meter m ON m.organisation_id = a.organisation_id
         WHERE m.id = $1 AND a.at > $2 AND a.action LIKE 'reading%') AS decided,
       EXISTS (SELECT FROM store.reading r WHERE r.meter_id = $1 AND r.at >= $3 AND r.at < $4
         AND r.received_at > $2) AS late`,
    [before.meterId, before.sealedAt, before.start, end],
  );
  const [row] = rows;
  if (row?.event) return 'meterEvent';
  if (row?.late) return 'lateReadings';
  return row?.decided ? 'decision' : 'recomputed';
}
