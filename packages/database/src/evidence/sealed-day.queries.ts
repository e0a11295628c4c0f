import { findMeasurandById, type LocalDate, measurandOf } from '@wattproof/energy';
import type { MeterDay } from '@wattproof/evidence';
import type { ClientBase } from 'pg';
import { asText } from '../as-text.ts';
import type { DayToSeal } from './day-content.ts';

/** Rows of sealed days. The client's transaction has the organisation in scope. */

export interface SealedDayRow extends MeterDay {
  /** Record of the chain. */
  readonly seal: number;
  readonly sealedAt: Date;
}

interface Row {
  meter_id: number;
  measurand: number;
  date: string;
  version: number;
  start: Date;
  duration_s: number;
  index_start: number | null;
  index_end: number | null;
  delta: number | null;
  mean: number | null;
  n_measured: number;
  n_interpolated: number;
  n_estimated: number;
  n_manual: number;
  n_missing: number;
  content_hash: string;
  seal: number;
  sealed_at: Date;
}

const columns = `d.meter_id, d.measurand, to_char(d.date, 'YYYY-MM-DD') AS date, d.version, d.start, d.duration_s,
  d.index_start::float8 AS index_start, d.index_end::float8 AS index_end, d.delta::float8 AS delta, d.mean,
  d.n_measured, d.n_interpolated, d.n_estimated, d.n_manual, d.n_missing, encode(d.content_hash, 'hex') AS content_hash,
  d.seal, d.sealed_at`;

const view = (row: Row): SealedDayRow => ({
  version: row.version,
  meterId: row.meter_id,
  measurand: findMeasurandById(row.measurand)?.name ?? String(row.measurand),
  date: row.date,
  start: row.start.toISOString(),
  duration_s: row.duration_s,
  indexStart: row.index_start,
  indexEnd: row.index_end,
  delta: row.delta,
  mean: row.mean,
  n_measured: row.n_measured,
  n_interpolated: row.n_interpolated,
  n_estimated: row.n_estimated,
  n_manual: row.n_manual,
  n_missing: row.n_missing,
  contentHash: row.content_hash,
  seal: row.seal,
  sealedAt: row.sealed_at,
});

export interface NewSealedDay extends MeterDay {
  readonly seal: number;
}

export async function storeSealedDays(
  client: ClientBase,
  {
    organisationId,
    siteId,
    now,
  }: { readonly organisationId: number; readonly siteId: string; readonly now: Date },
  days: readonly NewSealedDay[],
): Promise<void> {
  if (days.length === 0) return;
  await client.query(
    `INSERT INTO sealed_day (organisation_id, site_id, sealed_at, meter_id, measurand, date, version, start, duration_s,
       index_start, index_end, delta, mean, n_measured, n_interpolated, n_estimated, n_manual, n_missing, content_hash, seal)
     SELECT $1, $2, $3, * FROM unnest($4::int4[], $5::int2[], $6::date[], $7::int4[], $8::timestamptz[], $9::int4[],
       $10::int8[], $11::int8[], $12::int8[], $13::float8[], $14::int4[], $15::int4[], $16::int4[], $17::int4[],
       $18::int4[], $19::bytea[], $20::int4[])`,
    [
      organisationId,
      siteId,
      now,
      days.map((day) => day.meterId),
      days.map((day) => measurandOf(day.measurand as Parameters<typeof measurandOf>[0]).id),
      days.map((day) => day.date),
      days.map((day) => day.version),
      days.map((day) => day.start),
      days.map((day) => day.duration_s),
      days.map((day) => day.indexStart),
      days.map((day) => day.indexEnd),
      days.map((day) => day.delta),
      days.map((day) => day.mean),
      days.map((day) => day.n_measured),
      days.map((day) => day.n_interpolated),
      days.map((day) => day.n_estimated),
      days.map((day) => day.n_manual),
      days.map((day) => day.n_missing),
      days.map((day) => Buffer.from(day.contentHash, 'hex')),
      days.map((day) => day.seal),
    ],
  );
}

const tierColumns = `i.meter_id AS "meterId", i.measurand AS "measurandId", extract(epoch FROM i.start)::float8 * 1000 AS start_ms,
  i.duration_s, i.delta::float8 AS delta, i.mean, i.n_measured, i.n_interpolated, i.n_estimated, i.n_manual, i.n_missing`;

export interface DueLimits {
  /** Days that ended before are due where nothing of them is missing. */
  readonly settled: Date;
  /** Days that ended before are due with what is missing. */
  readonly overdue: Date;
  readonly from: Date;
  readonly to: Date;
}

/** Days of a site that are over and final and were never sealed: nothing in them is still to be computed. */
export async function daysDue(
  client: ClientBase,
  siteId: string,
  { settled, overdue, from, to }: DueLimits,
): Promise<DayToSeal[]> {
  const { rows } = await client.query<DayToSeal>(
    `SELECT ${tierColumns} FROM meter m JOIN store.interval_day i ON i.meter_id = m.id
     WHERE m.site_id = $1 AND i.start >= $2 AND i.start < $3
       AND i.start + make_interval(secs => i.duration_s) <= CASE WHEN i.n_missing = 0 THEN $4::timestamptz ELSE $5 END
       -- The key holds the local date: of the instant that is the date in UTC or the next one.
       AND NOT EXISTS (SELECT FROM sealed_day d WHERE d.meter_id = i.meter_id AND d.measurand = i.measurand
         AND d.date BETWEEN (i.start AT TIME ZONE 'UTC')::date AND (i.start AT TIME ZONE 'UTC')::date + 1
         AND d.start = i.start)
       AND NOT EXISTS (SELECT FROM store.dirty x WHERE x.meter_id = i.meter_id
         AND x.from_at < i.start + make_interval(secs => i.duration_s) AND x.to_at >= i.start)
     ORDER BY i.start, i.meter_id, i.measurand`,
    [siteId, from, to, settled, overdue],
  );
  return rows;
}

/** First day of a site that is not sealed yet and over; null where there is none. */
export async function firstDayDue(client: ClientBase, siteId: string, settled: Date): Promise<Date | null> {
  const { rows } = await client.query<{ start: Date | null }>(
    // Both sides by their meters: a condition on each day would read the sealed days of all sites for every site.
    `SELECT min(due.start) AS start FROM (
       SELECT i.meter_id, i.measurand, i.start FROM meter m JOIN store.interval_day i ON i.meter_id = m.id
       WHERE m.site_id = $1 AND i.start + make_interval(secs => i.duration_s) <= $2
       EXCEPT
       SELECT d.meter_id, d.measurand, d.start FROM meter m JOIN sealed_day d ON d.meter_id = m.id
       WHERE m.site_id = $1) due`,
    [siteId, settled],
  );
  return rows[0]?.start ?? null;
}

/** The day of the tier as it is now; null where it is gone. */
export async function dayNow(
  client: ClientBase,
  { meterId, measurand, start }: Pick<MeterDay, 'meterId' | 'measurand' | 'start'>,
): Promise<DayToSeal | null> {
  const { rows } = await client.query<DayToSeal>(
    `SELECT ${tierColumns} FROM store.interval_day i WHERE i.meter_id = $1 AND i.measurand = $2 AND i.start = $3`,
    [meterId, measurandOf(measurand as Parameters<typeof measurandOf>[0]).id, start],
  );
  return rows[0] ?? null;
}

/** Whether base intervals of a day are kept: without them nothing can be shown of what it rests on. */
export async function hasBaseIntervals(
  client: ClientBase,
  { meterId, measurand, start, duration_s }: Pick<MeterDay, 'meterId' | 'measurand' | 'start' | 'duration_s'>,
): Promise<boolean> {
  const { rows } = await client.query<{ isKept: boolean }>(
    `SELECT EXISTS (SELECT FROM store.interval WHERE meter_id = $1 AND measurand = $2 AND start >= $3::timestamptz
       AND start < $3::timestamptz + make_interval(secs => $4)) AS "isKept"`,
    [meterId, measurandOf(measurand as Parameters<typeof measurandOf>[0]).id, start, duration_s],
  );
  return rows[0]?.isKept ?? false;
}

/** Versions in force of the sealed days that a stretch of a meter touches. */
export async function sealedDaysIn(
  client: ClientBase,
  { meterId, from, to }: { readonly meterId: number; readonly from: Date; readonly to: Date },
): Promise<SealedDayRow[]> {
  const { rows } = await client.query<Row>(
    `SELECT DISTINCT ON (d.measurand, d.date) ${columns} FROM sealed_day d
     WHERE d.meter_id = $1 AND d.start + make_interval(secs => d.duration_s) > $2 AND d.start <= $3
     ORDER BY d.measurand, d.date, d.version DESC`,
    [meterId, from, to],
  );
  return rows.map(view);
}

type InTree = Pick<MeterDay, 'meterId' | 'measurand'>;
/** As days stand in the tree of their record: by meter, then by the measurand's name. */
const inTree = (a: InTree, b: InTree): number =>
  a.meterId - b.meterId || (a.measurand < b.measurand ? -1 : 1);

/** Rows that are fetched at once: few enough that they are forgotten before they are many. */
const fetchedRows = 1_000;

/** A version of a sealed day as the line that was hashed (`meterDayText`), and the record of the chain that sealed it. */
export interface SealedText {
  readonly seal: number;
  readonly text: string;
}

interface SealedParts extends Omit<SealedText, 'text'> {
  readonly meterId: number;
  readonly measurand: string;
  /** Of the line, in order. */
  readonly parts: readonly (string | null | undefined)[];
}

const asCell = (column: string): string => `coalesce(${column}::text, '')`;
/** What of a line the database writes as the line has it: all but the measurand's name and the mean. */
const lineParts = `concat_ws(',', to_char(d.date, 'YYYY-MM-DD'), to_char(d.start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    d.duration_s, ${['d.index_start', 'd.index_end', 'd.delta'].map(asCell).join(', ')}),
  d.mean, concat_ws(',', d.n_measured, d.n_interpolated, d.n_estimated, d.n_manual, d.n_missing, encode(d.content_hash, 'hex'))`;

function sealedParts(row: readonly (string | null)[]): SealedParts {
  const [seal, version, meterId, measurandId, before, mean, after] = row;
  const measurand = findMeasurandById(Number(measurandId))?.name ?? String(measurandId);
  const ownMean = typeof mean === 'string' ? String(Number(mean)) : '';
  const parts = [version, meterId, measurand, before, ownMean, after];
  return { seal: Number(seal), meterId: Number(meterId), measurand, parts };
}

/** The days of one record, all of one site, as they stand in its tree. */
const textsInTree = (ofRecord: SealedParts[]): SealedText[] =>
  ofRecord.sort(inTree).map(({ seal, parts }) => ({ seal, text: parts.join(',') }));

/**
 * All versions of a site's sealed days of local dates [from, to), in the order in which they were sealed: the days of one
 * record at a time. The client must be in a transaction, and has nothing else to do until the end.
 */
export async function* sealedTextsOfSite(
  client: ClientBase,
  siteId: string,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): AsyncGenerator<readonly SealedText[]> {
  await client.query(
    `DECLARE sealed_days NO SCROLL CURSOR FOR
     SELECT d.seal, d.version, d.meter_id, d.measurand, ${lineParts} FROM sealed_day d WHERE d.site_id = $1 AND d.date >= $2 AND d.date < $3 ORDER BY d.seal`,
    [siteId, from, to],
  );
  const fetchNext = () =>
    client.query<(string | null)[]>({
      text: `FETCH ${fetchedRows} FROM sealed_days`,
      rowMode: 'array',
      types: asText,
    });
  let ofRecord: SealedParts[] = [];
  let following = fetchNext();
  try {
    for (;;) {
      const { rows } = await following;
      if (rows.length === 0) break;
      // While these are hashed the database reads on.
      following = fetchNext();
      for (const day of rows.map(sealedParts)) {
        if (ofRecord[0] && ofRecord[0].seal !== day.seal) {
          yield textsInTree(ofRecord);
          ofRecord = [];
        }
        ofRecord.push(day);
      }
    }
  } finally {
    await following;
  }
  if (ofRecord.length > 0) yield textsInTree(ofRecord);
  await client.query('CLOSE sealed_days');
}

/** What the days of a site's meters were known to be at an instant; days that were not sealed then are not known. */
export async function daysAsKnown(
  client: ClientBase,
  siteId: string,
  { from, to, at }: { readonly from: LocalDate; readonly to: LocalDate; readonly at: Date },
): Promise<SealedDayRow[]> {
  const { rows } = await client.query<Row>(
    `SELECT DISTINCT ON (d.meter_id, d.measurand, d.date) ${columns} FROM sealed_day d
     WHERE d.site_id = $1 AND d.date >= $2 AND d.date < $3 AND d.sealed_at <= $4
     ORDER BY d.meter_id, d.measurand, d.date, d.version DESC`,
    [siteId, from, to, at],
  );
  return rows.map(view);
}

/** Days of a meter's measurand of local dates [from, to) that are sealed, and how many of them were restated. */
export async function countSealed(
  client: ClientBase,
  wish: {
    readonly meterIds: readonly number[];
    readonly measurandId: number;
    readonly from: LocalDate;
    readonly to: LocalDate;
  },
): Promise<{ readonly sealed: number; readonly restated: number }> {
  const { rows } = await client.query<{ sealed: number; restated: number }>(
    `SELECT count(*) FILTER (WHERE version = 1)::int AS sealed, count(*) FILTER (WHERE version = 2)::int AS restated
     FROM sealed_day WHERE meter_id = ANY ($1) AND measurand = $2 AND date >= $3 AND date < $4`,
    [wish.meterIds, wish.measurandId, wish.from, wish.to],
  );
  return rows[0] ?? { sealed: 0, restated: 0 };
}

/** The days that one record sealed, in the order of its tree. */
export async function daysOfSeal(
  client: ClientBase,
  organisationId: number,
  seal: number,
): Promise<SealedDayRow[]> {
  const { rows } = await client.query<Row>(
    `SELECT ${columns} FROM sealed_day d WHERE d.organisation_id = $1 AND d.seal = $2`,
    [organisationId, seal],
  );
  return rows.map(view).sort(inTree);
}

/** The version in force of one sealed day; null where it is not sealed. */
export async function sealedDayInForce(
  client: ClientBase,
  of: { readonly meterId: number; readonly measurandId: number; readonly date: LocalDate },
): Promise<SealedDayRow | null> {
  const { rows } = await client.query<Row>(
    `SELECT ${columns} FROM sealed_day d WHERE d.meter_id = $1 AND d.measurand = $2 AND d.date = $3
     ORDER BY d.version DESC LIMIT 1`,
    [of.meterId, of.measurandId, of.date],
  );
  return rows[0] ? view(rows[0]) : null;
}
