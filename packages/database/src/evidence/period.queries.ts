import { findMeasurandById, type LocalDate, localMidnight_ms } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { RestatementReason } from './seal-days.ts';
import { daysAsKnown } from './sealed-day.queries.ts';

/** Months of a site: what is sealed, signed off and restated. The client's transaction has the organisation in scope. */

export interface MonthState {
  readonly month: string;
  readonly sealedDays: number;
  readonly openDays: number;
  readonly restatements: number;
  readonly restatedSinceClose: number;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly note: string | null;
  readonly record: number | null;
}

/** Months in which a site has days, the newest first. */
export async function monthStates(
  client: ClientBase,
  { siteId, timeZone }: { readonly siteId: string; readonly timeZone: string },
): Promise<MonthState[]> {
  const { rows } = await client.query<MonthState>(
    `WITH sealed AS (
       SELECT to_char(d.date, 'YYYY-MM') AS month, count(*) FILTER (WHERE d.version = 1)::int AS n,
         count(*) FILTER (WHERE d.version > 1)::int AS restated, array_agg(d.sealed_at) FILTER (WHERE d.version > 1) AS restated_at
       FROM sealed_day d WHERE d.site_id = $1 GROUP BY 1),
     known AS (
       SELECT to_char(i.start AT TIME ZONE $2, 'YYYY-MM') AS month, count(*)::int AS n
       FROM public.interval_day i JOIN meter m ON m.id = i.meter_id
       WHERE m.site_id = $1 AND i.start + make_interval(secs => i.duration_s) <= now() GROUP BY 1)
     SELECT k.month, coalesce(s.n, 0) AS "sealedDays", greatest(0, k.n - coalesce(s.n, 0)) AS "openDays",
       coalesce(s.restated, 0) AS restatements,
       coalesce((SELECT count(*)::int FROM unnest(s.restated_at) r WHERE r > c.closed_at), 0) AS "restatedSinceClose",
       c.closed_at AS "closedAt", c.closed_by AS "closedBy", c.note, c.record
     FROM known k LEFT JOIN sealed s USING (month)
     LEFT JOIN period_close c ON c.site_id = $1 AND to_char(c.month, 'YYYY-MM') = k.month
     ORDER BY k.month DESC`,
    [siteId, timeZone],
  );
  return rows;
}

export interface MonthFigure {
  readonly meterId: number;
  readonly measurand: string;
  readonly delta: number | null;
  readonly days: number;
}

/** First day of the month after. */
export function monthAfter(month: string): LocalDate {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

/** What the meters of a site counted in a month, as it was known at an instant. */
export async function monthFigures(
  client: ClientBase,
  { siteId, month, at }: { readonly siteId: string; readonly month: string; readonly at: Date },
): Promise<MonthFigure[]> {
  const days = await daysAsKnown(client, siteId, { from: `${month}-01`, to: monthAfter(month), at });
  return [...Map.groupBy(days, (day) => `${day.meterId} ${day.measurand}`).values()].flatMap((own) => {
    const [first] = own;
    const known = own.filter(({ delta }) => delta !== null);
    if (!first || known.length === 0) return [];
    const delta = known.reduce((sum, day) => sum + (day.delta ?? 0), 0);
    return [{ meterId: first.meterId, measurand: first.measurand, delta, days: known.length }];
  });
}

export interface RestatementRow {
  readonly seal: number;
  readonly at: Date;
  readonly meterId: number;
  readonly measurand: string;
  readonly date: LocalDate;
  readonly version: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly reason: RestatementReason;
  readonly explanation: { readonly text: string; readonly by: string; readonly at: string } | null;
}

/** Restatements of a site's days of local dates [from, to), the newest first. */
export async function listRestatements(
  client: ClientBase,
  siteId: string,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<RestatementRow[]> {
  const { rows } = await client.query<Omit<RestatementRow, 'measurand'> & { measurand: number }>(
    `SELECT d.seal, d.sealed_at AS at, d.meter_id AS "meterId", d.measurand, to_char(d.date, 'YYYY-MM-DD') AS date, d.version,
       coalesce(p.delta::float8, p.mean) AS before, coalesce(d.delta::float8, d.mean) AS after,
       r.body->>'reason' AS reason, x.body->'explanation' AS explanation
     FROM sealed_day d
     JOIN sealed_day p ON p.meter_id = d.meter_id AND p.measurand = d.measurand AND p.date = d.date AND p.version = d.version - 1
     JOIN evidence_record r ON r.organisation_id = d.organisation_id AND r.seq = d.seal
     LEFT JOIN LATERAL (SELECT e.body FROM evidence_record e WHERE e.organisation_id = d.organisation_id
       AND e.kind = 'restatementExplained' AND (e.body->>'seal')::int = d.seal ORDER BY e.seq DESC LIMIT 1) x ON true
     WHERE d.site_id = $1 AND d.date >= $2 AND d.date < $3 AND d.version > 1 ORDER BY d.seal DESC LIMIT 1000`,
    [siteId, from, to],
  );
  return rows.map(({ measurand, ...row }) => ({
    ...row,
    measurand: findMeasurandById(measurand)?.name ?? String(measurand),
  }));
}

/** Whether a record restated a day of the site. */
export async function isRestatement(client: ClientBase, siteId: string, seal: number): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT 1 FROM sealed_day WHERE site_id = $1 AND seal = $2 AND version > 1',
    [siteId, seal],
  );
  return rows.length > 0;
}

export interface NewPeriodClose {
  readonly organisationId: number;
  readonly siteId: string;
  readonly month: string;
  readonly closedAt: Date;
  readonly closedBy: string;
  readonly note: string;
  readonly record: number;
  readonly figures: readonly MonthFigure[];
}

export async function storePeriodClose(client: ClientBase, close: NewPeriodClose): Promise<void> {
  await client.query(
    `INSERT INTO period_close (organisation_id, site_id, month, closed_at, closed_by, note, record, figures)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      close.organisationId,
      close.siteId,
      `${close.month}-01`,
      close.closedAt,
      close.closedBy,
      close.note,
      close.record,
      JSON.stringify(close.figures),
    ],
  );
}

/** The signed-off months of a site that begin at or before and end after an instant; null where there is none. */
export async function closedMonthAt(
  client: ClientBase,
  { siteId, timeZone }: { readonly siteId: string; readonly timeZone: string },
  from: Date,
): Promise<string | null> {
  const { rows } = await client.query<{ month: string }>(
    `SELECT to_char(month, 'YYYY-MM') AS month FROM period_close WHERE site_id = $1 ORDER BY month DESC LIMIT 120`,
    [siteId],
  );
  // A correction reaches all that is after it: the newest closed month that ends later is touched.
  const touched = rows.find(({ month }) => localMidnight_ms(timeZone, monthAfter(month)) > from.getTime());
  return touched?.month ?? null;
}
